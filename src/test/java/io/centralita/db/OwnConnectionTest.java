package io.centralita.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A connection that waits for nobody, and not for ever. */
final class OwnConnectionTest {
  private static final String HELD =
      """
      SELECT count(*) FROM pg_locks
      WHERE locktype = 'advisory' AND granted AND ((classid::bigint << 32) | objid::bigint) = ?
      """;

  private static final Database.Settings SETTINGS = TestPostgres.fresh();
  private static final Database database = Database.open(SETTINGS);

  @AfterAll
  static void close() {
    database.close();
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static long holders(long lockKey) throws Exception {
    return get(database.db().query(HELD, st -> st.setLong(1, lockKey), row -> row.getLong(1)))
        .getFirst();
  }

  private static int backend(OwnConnection.Session session) throws SQLException {
    return Db.query(session.connection(), "SELECT pg_backend_pid()", _ -> {}, row -> row.getInt(1))
        .getFirst();
  }

  @Test
  void lock_isHeldAsLongAsTheConnectionLives() throws Exception {
    long key;
    try (var own = database.ownConnection("own")) {
      key = get(own.run("key", OwnConnection.Session::lockKey));
      assertEquals(1, holders(key));
    }
    while (holders(key) > 0) { // the server notices in its own time
      Thread.onSpinWait();
    }
  }

  @Test
  void connectionThatBroke_isOpenedAgain_withAnotherLock_andTheStepDone() throws Exception {
    try (var own = database.ownConnection("own")) {
      var before = get(own.run("key", OwnConnection.Session::lockKey));
      var backend = get(own.run("backend", OwnConnectionTest::backend));
      get(
          database
              .db()
              .query("SELECT pg_terminate_backend(?)", st -> st.setInt(1, backend), _ -> true));

      var after =
          get(
              own.run(
                  "key",
                  session -> {
                    assertTrue(backend(session) > 0);
                    return session.lockKey();
                  }));

      assertNotEquals(before, after);
      assertEquals(1, holders(after));
    }
  }

  @Test
  void step_whileAllOtherStatementsWait_isDoneAtOnce() throws Exception {
    try (var own = database.ownConnection("own")) {
      var key = get(own.run("key", OwnConnection.Session::lockKey));
      var waiting =
          IntStream.range(0, 2 * SETTINGS.connections())
              .mapToObj(
                  _ ->
                      database
                          .db()
                          .query(
                              "SELECT pg_advisory_lock_shared(?)",
                              st -> st.setLong(1, key),
                              _ -> true))
              .toList();

      assertTrue(get(own.run("backend", OwnConnectionTest::backend)) > 0);

      assertTrue(waiting.stream().noneMatch(stage -> stage.toCompletableFuture().isDone()));
      get(
          own.run(
              "let them go",
              session ->
                  Db.query(
                      session.connection(),
                      "SELECT pg_advisory_unlock(?)",
                      st -> st.setLong(1, key),
                      _ -> true)));
      for (var stage : waiting) {
        get(stage);
      }
    }
  }

  @Test
  void serverThatSaysNothing_isGivenUp() throws IOException {
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        var own =
            new OwnConnection(
                "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/none",
                new Properties(),
                "own")) {
      var step = own.run("backend", OwnConnectionTest::backend).toCompletableFuture();

      var failure = assertThrows(ExecutionException.class, () -> step.get(8, TimeUnit.SECONDS));

      var cause = assertInstanceOf(DbException.class, failure.getCause());
      assertTrue(cause.unavailable(), cause::toString);
    }
  }

  @Test
  void repeat_afterAFailure_goesOn() throws Exception {
    try (var own = database.ownConnection("own")) {
      var twice = new CountDownLatch(2);
      own.repeat(
          "count",
          Duration.ofMillis(1),
          _ -> {
            twice.countDown();
            throw new IllegalStateException("every time");
          });

      assertTrue(twice.await(5, TimeUnit.SECONDS));
    }
  }
}
