package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The key and the indexes of contacts. An import into an empty store does without them and builds
 * them at its end, part by part: that takes a third of the time that keeping them up would. Until
 * then that import fills the store, and no other may bring contacts. Everything here may be
 * repeated.
 */
final class ContactIndexes {
  private static final String ALL = "SELECT name, definition FROM contact_indexes ORDER BY name";

  private static final String HAS_KEY =
      "SELECT 1 FROM pg_constraint WHERE conrelid = ?::regclass AND contype = 'p'";

  private record Index(String name, String definition) {
    String on(String table) {
      return "CREATE INDEX IF NOT EXISTS %s_%s ON %s %s".formatted(table, name, table, definition);
    }
  }

  private final Db db;

  ContactIndexes(Db db) {
    this.db = db;
  }

  /** Drops them, unless there is a contact: from here on this import fills the store. */
  CompletionStage<Boolean> dropIfEmpty(int importId) {
    return db.transaction(
        "drop the indexes of contacts",
        connection -> {
          ImportLock.take(connection);
          if (isFilledBy(connection, importId)) {
            return true;
          }
          if (isFilled(connection)) {
            return false;
          }
          for (var index : all(connection)) {
            execute(connection, "DROP INDEX IF EXISTS contacts_" + index.name());
          }
          execute(connection, "ALTER TABLE contacts DROP CONSTRAINT contacts_pkey");
          Db.update(
              connection,
              "INSERT INTO contact_filling (import_id) VALUES (?)",
              st -> st.setInt(1, importId));
          return true;
        });
  }

  /** Whether there is any contact. */
  static boolean isFilled(Connection connection) throws SQLException {
    return !Db.query(connection, "SELECT 1 FROM contacts LIMIT 1", _ -> {}, _ -> true).isEmpty();
  }

  /**
   * Whether this import is filling the store, and there is no key. To be asked under {@link
   * ImportLock}.
   *
   * @throws ImportFileException where another one is: it passes
   */
  static boolean isFilledBy(Connection connection, int importId) throws SQLException {
    var filling =
        Db.query(
            connection, "SELECT import_id FROM contact_filling", _ -> {}, row -> row.getInt(1));
    if (filling.isEmpty()) {
      return false;
    }
    if (filling.getFirst() != importId) {
      throw ImportFileException.passing(
          "import %d fills the store: this one goes on when that is completed or cancelled"
              .formatted(filling.getFirst()));
    }
    return true;
  }

  /** Builds those that one part of the table lacks, and has PostgreSQL look at what it holds. */
  CompletionStage<Void> build(int part) {
    var table = Parts.table(part);
    return db.transaction(
            "build the indexes of a part of contacts",
            connection -> {
              // Sorted in memory, of which a build gets this much.
              execute(connection, "SET LOCAL maintenance_work_mem = '256MB'");
              // Several parts are built at once: workers of each would only wait for processors.
              execute(connection, "SET LOCAL max_parallel_maintenance_workers = 0");
              key(connection, table);
              for (var index : all(connection)) {
                execute(connection, index.on(table));
              }
              return true;
            })
        .thenCompose(_ -> db.update("ANALYZE " + table, _ -> {}))
        .thenAccept(_ -> {});
  }

  /** Joins what was built of the parts; with that the store is filled, and any import may go on. */
  CompletionStage<Void> join(int importId) {
    return db.transaction(
            "join the indexes of contacts",
            connection -> {
              key(connection, "contacts");
              for (var index : all(connection)) {
                execute(connection, index.on("contacts"));
              }
              Db.update(
                  connection,
                  "DELETE FROM contact_filling WHERE import_id = ?",
                  st -> st.setInt(1, importId));
              return true;
            })
        .thenAccept(_ -> {});
  }

  /** Builds whatever is missing where an import that was filling the store goes no further. */
  CompletionStage<Void> finish(int importId) {
    return db.queryOne(
            "SELECT 1 FROM contact_filling WHERE import_id = ?",
            st -> st.setInt(1, importId),
            _ -> true)
        .thenCompose(
            filling ->
                filling.isPresent()
                    ? finish(importId, 0)
                    : CompletableFuture.completedFuture(null));
  }

  private CompletionStage<Void> finish(int importId, int part) {
    return part == Parts.COUNT
        ? join(importId)
        : build(part).thenCompose(_ -> finish(importId, part + 1));
  }

  private static void key(Connection connection, String table) throws SQLException {
    if (Db.query(connection, HAS_KEY, st -> st.setString(1, table), _ -> true).isEmpty()) {
      execute(connection, "ALTER TABLE %s ADD PRIMARY KEY (draw, phone)".formatted(table));
    }
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
