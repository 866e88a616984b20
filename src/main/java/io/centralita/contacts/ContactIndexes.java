package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The indexes of contacts besides its key. An import into an empty store does without them and
 * builds them at its end, part by part: that takes a third of the time that keeping them up would.
 * Everything here may be repeated.
 */
final class ContactIndexes {
  private static final String ALL = "SELECT name, definition FROM contact_indexes ORDER BY name";

  private record Index(String name, String definition) {
    String on(String table) {
      return "CREATE INDEX IF NOT EXISTS %s_%s ON %s %s".formatted(table, name, table, definition);
    }
  }

  private final Db db;

  ContactIndexes(Db db) {
    this.db = db;
  }

  /** Drops them, unless there is a contact. */
  CompletionStage<Boolean> dropIfEmpty() {
    return db.transaction(
        "drop the indexes of contacts",
        connection -> {
          ImportLock.take(connection);
          if (isFilled(connection)) {
            return false;
          }
          for (var index : all(connection)) {
            execute(connection, "DROP INDEX IF EXISTS contacts_" + index.name());
          }
          return true;
        });
  }

  /** Whether there is any contact. */
  static boolean isFilled(Connection connection) throws SQLException {
    return !Db.query(connection, "SELECT 1 FROM contacts LIMIT 1", _ -> {}, _ -> true).isEmpty();
  }

  /** Builds those that one part of the table lacks, and has PostgreSQL look at what it holds. */
  CompletionStage<Void> build(int part) {
    return db.transaction(
            "build the indexes of a part of contacts",
            connection -> {
              // Sorted in memory, of which a build gets this much.
              execute(connection, "SET LOCAL maintenance_work_mem = '256MB'");
              // Several parts are built at once: workers of each would only wait for processors.
              execute(connection, "SET LOCAL max_parallel_maintenance_workers = 0");
              for (var index : all(connection)) {
                execute(connection, index.on(Parts.table(part)));
              }
              return true;
            })
        .thenCompose(_ -> db.update("ANALYZE " + Parts.table(part), _ -> {}))
        .thenAccept(_ -> {});
  }

  /** Joins the parts' indexes; builds those that are missing still. */
  CompletionStage<Void> join() {
    return db.transaction(
            "join the indexes of contacts",
            connection -> {
              for (var index : all(connection)) {
                execute(connection, index.on("contacts"));
              }
              return true;
            })
        .thenAccept(_ -> {});
  }

  private static List<Index> all(Connection connection) throws SQLException {
    return Db.query(connection, ALL, _ -> {}, row -> new Index(row.getString(1), row.getString(2)));
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
