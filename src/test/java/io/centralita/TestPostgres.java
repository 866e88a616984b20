package io.centralita;

import io.centralita.db.Database;
import io.centralita.embedded.DataDir;
import io.centralita.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one PostgreSQL of a test run, and as many databases on it as there are tests that want one.
 * Stopped when the JVM ends; one that a killed run left behind is adopted by the next.
 */
public final class TestPostgres {
  private static final String TEMPLATE = "migrated";
  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final EmbeddedPostgres SERVER = start();

  private TestPostgres() {}

  /** A database of the caller's own, with the schema and nothing in it. */
  public static Database.Settings fresh() {
    var name = "test_" + COUNT.incrementAndGet();
    execute("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
    return settings(name);
  }

  private static EmbeddedPostgres start() {
    var target = Path.of("target").toAbsolutePath();
    var dataDir = DataDir.open(target.resolve("test-data").resolve("node"));
    var server = EmbeddedPostgres.start(dataDir, target.resolve("postgres"));
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  dataDir.close();
                }));
    dropDatabases(server);
    execute(server, "CREATE DATABASE " + TEMPLATE);
    Database.open(settings(server, TEMPLATE)).close();
    return server;
  }

  // The migrations may have changed since the run that left them.
  private static void dropDatabases(EmbeddedPostgres server) {
    var left = new ArrayList<String>();
    try (var connection = connect(server);
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'")) {
      while (rows.next()) {
        left.add(rows.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot list the test databases", e);
    }
    left.forEach(name -> execute(server, "DROP DATABASE " + name + " WITH (FORCE)"));
  }

  private static void execute(String sql) {
    execute(SERVER, sql);
  }

  private static void execute(EmbeddedPostgres server, String sql) {
    try (var connection = connect(server);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("failed: " + sql, e);
    }
  }

  private static Connection connect(EmbeddedPostgres server) throws SQLException {
    return DriverManager.getConnection(server.url(), server.user(), server.password());
  }

  private static Database.Settings settings(String database) {
    return settings(SERVER, database);
  }

  private static Database.Settings settings(EmbeddedPostgres server, String database) {
    return new Database.Settings(server.url(database), server.user(), server.password(), 4);
  }
}
