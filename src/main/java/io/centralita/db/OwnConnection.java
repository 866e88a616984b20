package io.centralita.db;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection and one thread for what must not wait behind all other statements. For as long as
 * the connection lives it holds an advisory lock, by which others can tell that it does. It is
 * opened when it is first needed, and again when it broke.
 *
 * <p>A server that falls silent is given up after two seconds. A step is tried twice, and is over
 * within some six seconds, one way or the other.
 */
public final class OwnConnection implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OwnConnection.class);
  private static final int SILENCE_SECONDS = 2;
  private static final SecureRandom RANDOM = new SecureRandom();

  // A transaction of a node that freezes in its middle must not hold the others up.
  private static final String OPENED =
      "SELECT pg_advisory_lock(?), set_config('idle_in_transaction_session_timeout', '5s', false)";

  /**
   * The connection as it is now.
   *
   * @param lockKey of the advisory lock that it holds; no connection has had it before, for that of
   *     a lost one may be held for as long as the server does not notice
   */
  public record Session(Connection connection, long lockKey) {}

  /** Work on the connection: safe to repeat, for it is when the connection breaks. */
  public interface Step<T> {
    T run(Session session) throws SQLException;
  }

  private final String url;
  private final Properties properties = new Properties();
  private final ScheduledExecutorService thread;
  private @Nullable Session session; // of the thread's alone, until it has ended

  OwnConnection(String url, Properties login, String thread) {
    this.url = url;
    properties.putAll(login);
    properties.setProperty("connectTimeout", Integer.toString(SILENCE_SECONDS));
    properties.setProperty("socketTimeout", Integer.toString(SILENCE_SECONDS));
    properties.setProperty("loginTimeout", Integer.toString(2 * SILENCE_SECONDS));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("ApplicationName", "centralita-" + thread);
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(thread).factory());
  }

  /** Does the step after those that wait already. The stage fails with {@link DbException}. */
  public <T> CompletionStage<T> run(String name, Step<T> step) {
    try {
      return CompletableFuture.supplyAsync(() -> now(name, step), thread);
    } catch (RejectedExecutionException closed) {
      return CompletableFuture.failedFuture(closed);
    }
  }

  /** Does the step now, and then again and again; a failure is logged, and ends nothing. */
  public void repeat(String name, Duration pause, Step<?> step) {
    var _ =
        thread.scheduleWithFixedDelay(
            () -> {
              try {
                now(name, step);
              } catch (RuntimeException e) {
                log.warn("it will be tried again: {}: {}", name, e.toString());
              }
            },
            0,
            pause.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private <T> T now(String name, Step<T> step) {
    try {
      var before = session;
      if (before != null) {
        try {
          return step.run(before);
        } catch (SQLException e) {
          log.info("a connection is opened again: {}", new DbException(name, e).getMessage());
          drop(before);
        }
      }
      var opened = open();
      session = opened;
      try {
        return step.run(opened);
      } catch (SQLException e) {
        drop(opened);
        throw e;
      }
    } catch (SQLException e) {
      throw new DbException(name, e);
    }
  }

  private Session open() throws SQLException {
    var connection = DriverManager.getConnection(url, properties);
    try {
      var key = RANDOM.nextLong();
      Db.query(connection, OPENED, st -> st.setLong(1, key), _ -> true);
      return new Session(connection, key);
    } catch (SQLException e) {
      close(connection);
      throw e;
    }
  }

  private void drop(Session lost) {
    session = null;
    close(lost.connection());
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("a connection did not close cleanly", e);
    }
  }

  /** Lets the lock and the connection go, after the step under way. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (thread.awaitTermination(5, TimeUnit.SECONDS) && session != null) {
        drop(session);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
