package io.centralita.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;

/** The pool of connections, the threads that use them, and the schema brought up to date. */
public final class Database implements AutoCloseable {

  /**
   * Where the database is.
   *
   * @param connections at most this many connections, and threads, for our own statements
   */
  public record Settings(String url, String user, String password, int connections) {
    @Override
    public String toString() {
      return "Settings[url=" + url + ", user=" + user + "]";
    }
  }

  /** The driver's messages would else quote rows, and statements with their parameters. */
  private static final Map<String, String> PRIVATE = Map.of("logServerErrorDetail", "false");

  private final Settings settings;
  private final HikariDataSource pool;
  private final ExecutorService threads;

  private Database(Settings settings, HikariDataSource pool, ExecutorService threads) {
    this.settings = settings;
    this.pool = pool;
    this.threads = threads;
  }

  /**
   * Connects and migrates. Two nodes may do so at once: Flyway holds a lock in the database.
   *
   * @throws RuntimeException where the database cannot be reached or a migration fails
   */
  public static Database open(Settings settings) {
    Reachability.await(settings.url(), properties(settings));
    var config = new HikariConfig();
    config.setPoolName("db");
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(settings.connections());
    config.setMinimumIdle(Math.min(2, settings.connections()));
    // A statement that cannot have a connection within 5 s is told so; callers wait and try again.
    config.setConnectionTimeout(Duration.ofSeconds(5).toMillis());
    config.setInitializationFailTimeout(1); // it has just answered
    PRIVATE.forEach(config::addDataSourceProperty);
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    config.addDataSourceProperty("prepareThreshold", "1");
    config.addDataSourceProperty("ApplicationName", "centralita");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("socketTimeout", "120");
    var pool = new HikariDataSource(config);
    try {
      migrate(pool);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
    var threads =
        Executors.newFixedThreadPool(
            settings.connections(), Thread.ofPlatform().daemon().name("jdbc-", 0).factory());
    return new Database(settings, pool, threads);
  }

  private static Properties properties(Settings settings) {
    var properties = new Properties();
    properties.putAll(PRIVATE);
    properties.setProperty("user", settings.user());
    properties.setProperty("password", settings.password());
    return properties;
  }

  private static void migrate(HikariDataSource pool) {
    Flyway.configure()
        .dataSource(pool)
        .locations("classpath:persistence")
        .validateMigrationNaming(true)
        .load()
        .migrate();
  }

  /**
   * The pool at one moment.
   *
   * @param waiting threads that wait for a connection
   */
  public record Pool(int active, int idle, int waiting, int most) {}

  public Pool pool() {
    var now = pool.getHikariPoolMXBean();
    return new Pool(
        now.getActiveConnections(),
        now.getIdleConnections(),
        now.getThreadsAwaitingConnection(),
        pool.getMaximumPoolSize());
  }

  public Db db() {
    return new Db(pool, threads);
  }

  /** A connection outside the pool, with a thread of its own of that name. */
  public OwnConnection ownConnection(String thread) {
    return new OwnConnection(settings.url(), properties(settings), thread);
  }

  /** Waits for the statements under way, then lets the connections go. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
    pool.close();
  }
}
