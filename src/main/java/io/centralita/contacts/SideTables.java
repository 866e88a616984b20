package io.centralita.contacts;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * What a file says besides its numbers, by import: statistics of its making, LADAs that were not
 * known, LADAs by household income. Taken once, before the first contact is stored.
 */
final class SideTables {

  /** How many rows of each were taken. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Taken(int migrationStatistics, int missingLadas, int bestLadas, int rejected) {}

  private static final String LEDGER =
      """
      INSERT INTO import_side_tables
        (import_id, migration_statistics, missing_ladas, best_ladas, rejected)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (import_id) DO NOTHING
      """;

  private static final String ADD_STATISTIC =
      """
      INSERT INTO migration_statistics (import_id, row_no, fecha, metrica, valor, detalle)
      VALUES (?, ?, ?, ?, ?, ?)
      """;

  private static final String ADD_MISSING =
      """
      INSERT INTO missing_ladas (import_id, row_no, lada, cantidad, ejemplo)
      VALUES (?, ?, ?, ?, ?)
      """;

  private static final String ADD_BEST =
      """
      INSERT INTO best_ladas (import_id, row_no, lada, state, city, icpth_2022)
      VALUES (?, ?, ?, ?, ?, ?)
      """;

  private static final String ADD_REJECT =
      """
      INSERT INTO side_rejects (import_id, no, source, row_no, reason, fields)
      VALUES (?, ?, ?, ?, ?, ?::jsonb)
      """;

  private static final String REJECTS =
      """
      SELECT no, source, row_no, reason, fields
      FROM side_rejects
      WHERE import_id = ? AND no > ?
      ORDER BY no
      LIMIT ?
      """;

  private final Db db;
  private final ImportFolder folder;
  private final Executor reading;

  SideTables(Db db, ImportFolder folder, Executor reading) {
    this.db = db;
    this.folder = folder;
    this.reading = reading;
  }

  /** Takes along what the import's file has of them. May be repeated: the first time counts. */
  CompletionStage<?> take(Imports.Plan plan) {
    return CompletableFuture.supplyAsync(() -> read(plan), reading)
        .thenCompose(
            rows ->
                rows.isEmpty()
                    ? CompletableFuture.completedFuture(false)
                    : db.transaction(
                        "store the side tables of an import",
                        connection -> {
                          ImportUndos.requireNone(connection, plan.id());
                          return store(connection, plan.id(), rows.get());
                        }));
  }

  private Optional<SideRows> read(Imports.Plan plan) {
    try (var file = SqliteFile.open(folder.require(plan.source()))) {
      return SideTableReader.read(file);
    }
  }

  /** Stores them, unless that was done before. */
  static boolean store(Connection connection, int importId, SideRows rows) throws SQLException {
    var first =
        Db.update(
            connection,
            LEDGER,
            st -> {
              st.setInt(1, importId);
              st.setInt(2, rows.statistics().size());
              st.setInt(3, rows.missingLadas().size());
              st.setInt(4, rows.bestLadas().size());
              st.setInt(5, rows.rejects().size());
            });
    if (first == 0) {
      return false;
    }
    add(connection, importId, ADD_STATISTIC, rows.statistics(), SideTables::bind);
    add(connection, importId, ADD_MISSING, rows.missingLadas(), SideTables::bind);
    add(connection, importId, ADD_BEST, rows.bestLadas(), SideTables::bind);
    add(connection, importId, ADD_REJECT, rows.rejects(), SideTables::bind);
    return true;
  }

  /** Removes them, as part of the undoing of their import; the ledger and the rejects stay. */
  static void remove(Connection connection, int importId) throws SQLException {
    for (var table : List.of("migration_statistics", "missing_ladas", "best_ladas")) {
      Db.update(
          connection,
          "DELETE FROM %s WHERE import_id = ?".formatted(table),
          st -> st.setInt(1, importId));
    }
  }

  /** Sets a row's parameters from the second on. */
  private interface RowBinder<T> {
    void bind(PreparedStatement statement, T row) throws SQLException;
  }

  private static <T> void add(
      Connection connection, int importId, String sql, List<T> rows, RowBinder<T> binder)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (var row : rows) {
        statement.setInt(1, importId);
        binder.bind(statement, row);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static void bind(PreparedStatement st, SideRows.Statistic row) throws SQLException {
    st.setInt(2, row.rowNo());
    st.setString(3, row.date());
    st.setString(4, row.metric());
    st.setBigDecimal(5, row.value());
    st.setString(6, row.detail());
  }

  private static void bind(PreparedStatement st, SideRows.MissingLada row) throws SQLException {
    st.setInt(2, row.rowNo());
    st.setString(3, row.lada());
    st.setObject(4, row.count(), Types.BIGINT);
    st.setString(5, row.example());
  }

  private static void bind(PreparedStatement st, SideRows.BestLada row) throws SQLException {
    st.setInt(2, row.rowNo());
    st.setInt(3, row.lada());
    st.setString(4, row.state());
    st.setString(5, row.city());
    st.setDouble(6, row.icpth2022());
  }

  private static void bind(PreparedStatement st, SideRows.Reject row) throws SQLException {
    st.setInt(2, row.no());
    st.setString(3, row.table());
    st.setInt(4, row.rowNo());
    st.setString(5, row.reason());
    st.setString(6, row.fields());
  }

  /** What could not be taken of an import's file, from after this number on. */
  CompletionStage<List<SideRows.Reject>> rejects(int importId, long after, int limit) {
    return db.query(
        REJECTS,
        st -> {
          st.setInt(1, importId);
          st.setLong(2, after);
          st.setInt(3, limit);
        },
        row ->
            new SideRows.Reject(
                row.getInt(1),
                row.getString(2),
                row.getInt(3),
                row.getString(4),
                row.getString(5)));
  }
}
