package io.centralita.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.TestPostgres;
import io.centralita.cache.Cache;
import io.centralita.db.Database;
import io.centralita.db.Db;
import io.centralita.lookup.LookupResults.Fresh;
import io.centralita.outside.Backoff;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Answers made durable, on a real PostgreSQL that the test can take away. */
final class AnswerWriterTest {
  private static final Operator MOVISTAR = new Operator("Telefonica", "Movistar", "12");
  private static final Instant NOON = Instant.parse("2026-01-06T12:00:00Z");

  /** A database that is away for as many connections as it is told. */
  private static final class Unsteady extends PGSimpleDataSource {
    private static final long serialVersionUID = 1L;
    private final AtomicInteger away = new AtomicInteger();

    Unsteady(Database.Settings at) {
      setUrl(at.url());
      setUser(at.user());
      setPassword(at.password());
    }

    @Override
    public Connection getConnection() throws SQLException {
      if (away.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new SQLException("the database is away", "08006");
      }
      return super.getConnection();
    }
  }

  private final Unsteady source = new Unsteady(TestPostgres.fresh());
  private final ArrayDeque<Runnable> statements = new ArrayDeque<>();
  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  private final Cache noCache =
      Cache.open("redis://127.0.0.1:1", Duration.ofMillis(100), scheduler);

  @AfterEach
  void close() {
    scheduler.shutdownNow();
    noCache.close();
  }

  private AnswerWriter writer(Db db) {
    return new AnswerWriter(
        new LookupResults(db, new OperatorCatalogue()),
        noCache,
        new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), 2),
        scheduler);
  }

  private static Fresh answer(int number) {
    return new Fresh(number, MOVISTAR, NOON);
  }

  private long stored() throws SQLException {
    try (var connection = source.getConnection()) {
      return Db.query(
              connection, "SELECT count(*) FROM lookup_results", _ -> {}, row -> row.getLong(1))
          .getFirst();
    }
  }

  @Test
  void write_whileABatchIsWritten_goesWithTheNext_allAtOnce() throws SQLException {
    var writer = writer(new Db(source, statements::add));

    var first = writer.write(answer(600_000_001)).toCompletableFuture();
    var others =
        IntStream.range(2, 50)
            .mapToObj(i -> writer.write(answer(600_000_000 + i)).toCompletableFuture())
            .toList();

    assertEquals(1, statements.size());
    assertFalse(first.isDone());
    statements.remove().run();
    assertFalse(first.isDone(), "only the operator is written");
    statements.remove().run();
    assertTrue(first.isDone());
    assertTrue(others.stream().noneMatch(CompletableFuture::isDone));
    assertEquals(1, statements.size(), "48 answers are one statement");
    statements.remove().run();
    assertTrue(others.stream().allMatch(CompletableFuture::isDone));
    assertEquals(49, stored());
    assertEquals(0, statements.size());
  }

  @Test
  void write_databaseAway_isTriedAgainUntilItIsBack() throws Exception {
    var writer = writer(new Db(source, Runnable::run));
    source.away.set(4);

    var written = writer.write(answer(600_000_001)).toCompletableFuture();
    writer.write(answer(600_000_002)).toCompletableFuture().get(20, TimeUnit.SECONDS);

    written.get(20, TimeUnit.SECONDS); // whoever waits for either may be told first
    assertEquals(2, stored());
  }

  @Test
  void save_olderAnswer_doesNotReplaceANewerOne() throws Exception {
    var db = new Db(source, Runnable::run);
    var results = new LookupResults(db, new OperatorCatalogue());
    var vodafone = new Operator("Vodafone", "", "7");

    results.save(List.of(answer(600_000_001))).toCompletableFuture().join();
    results
        .save(List.of(new Fresh(600_000_001, vodafone, NOON.minusSeconds(1))))
        .toCompletableFuture()
        .join();
    assertEquals(Optional.of(MOVISTAR), kept(results));
    results
        .save(
            List.of(
                new Fresh(600_000_001, MOVISTAR, NOON.plusSeconds(1)),
                new Fresh(600_000_001, vodafone, NOON.plusSeconds(2))))
        .toCompletableFuture()
        .join();

    assertEquals(Optional.of(vodafone), kept(results));
  }

  private static Optional<Operator> kept(LookupResults results) {
    var found = results.recent(new int[] {600_000_001}, Instant.EPOCH).toCompletableFuture().join();
    return Optional.ofNullable(found.get(600_000_001)).map(Finding::operator);
  }
}
