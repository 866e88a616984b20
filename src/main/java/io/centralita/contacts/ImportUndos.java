package io.centralita.contacts;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.centralita.db.Db;
import io.centralita.jobs.Progress;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.RunPause;
import io.centralita.jobs.RunState.Status;
import io.centralita.jobs.RunTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The imports that are undone, or being undone: rows that their runs write. From the moment in
 * which there is one, what its import changed no longer stands.
 */
final class ImportUndos implements RunKind.View {

  /** What an undo is to do; {@code by} is who said so. */
  record Plan(int importId, String by) {
    /** Why contacts change, for their history. */
    String reason() {
      return "import " + importId + " undone";
    }
  }

  /**
   * An undo as the API shows it.
   *
   * @param id the import's
   * @param user who undoes it
   * @param total contacts that the import brought or changed
   * @param removed contacts that are gone
   * @param kept contacts that are another import's now
   * @param restored contacts that got back what they were
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record View(
      int id,
      String user,
      String status,
      long total,
      long removed,
      long kept,
      long restored,
      double rowsPerSecond,
      Instant begunAt,
      @Nullable Instant finishedAt,
      String waiting,
      String failure,
      @Nullable RunPause pause) {

    /** The same as its run says now. */
    View at(Progress now) {
      return new View(
          id,
          user,
          word(now.status()),
          total,
          count(now, ImportUndoWork.REMOVED),
          count(now, ImportUndoWork.KEPT),
          count(now, ImportUndoWork.RESTORED),
          Math.round(now.rate() * 10) / 10.0,
          begunAt,
          now.finishedAt(),
          now.waiting(),
          now.failure(),
          RunPause.of(now));
    }

    private static long count(Progress now, String outcome) {
      return now.counts().getOrDefault(outcome, 0L);
    }
  }

  private static final String BEGIN =
      """
      INSERT INTO import_undos (id, user_id, total)
      SELECT ?, ?, coalesce(sum(imported + updated), 0) FROM import_windows WHERE import_id = ?
      ON CONFLICT (id) DO NOTHING
      """;

  private static final String ANY = "SELECT 1 FROM import_undos WHERE id = ?";

  private static final String ONE =
      """
      SELECT x.id, u.name, x.status, x.total, coalesce(w.removed, 0), coalesce(w.kept, 0),
             coalesce(w.restored, 0), x.begun_at, x.finished_at, x.waiting, x.failure,
             x.pause
      FROM import_undos x
        JOIN users u ON u.id = x.user_id,
        LATERAL (SELECT sum(removed) AS removed, sum(kept) AS kept, sum(restored) AS restored
                 FROM import_undo_windows WHERE import_id = x.id) w
      WHERE x.id = ?
      """;

  private static final String PLAN =
      "SELECT x.id, u.name FROM import_undos x JOIN users u ON u.id = x.user_id WHERE x.id = ?";

  private static final RunTable TABLE = RunTable.pausable("import_undos");

  private static final String CANCEL =
      "UPDATE import_undos SET status = 'CANCELLED', revision = revision + 1 WHERE id = ?";

  private final Db db;

  ImportUndos(Db db) {
    this.db = db;
  }

  /** From now on the import is undone; may be repeated. */
  CompletionStage<Boolean> begin(int id, long userId) {
    return db.transaction(
        "undo an import",
        connection -> {
          ImportLock.take(connection); // after the window that is just being stored
          return Db.update(
                  connection,
                  BEGIN,
                  st -> {
                    st.setInt(1, id);
                    st.setLong(2, userId);
                    st.setInt(3, id);
                  })
              > 0;
        });
  }

  /** Ends a window of an import that is undone: to be asked in the transaction that stores it. */
  static void requireNone(Connection connection, int importId) throws SQLException {
    ImportLock.take(connection);
    if (!Db.query(connection, ANY, st -> st.setInt(1, importId), _ -> true).isEmpty()) {
      throw new RunKind.RunFailedException("it is undone: import the file anew");
    }
  }

  CompletionStage<Optional<View>> one(int id) {
    return db.queryOne(ONE, st -> st.setInt(1, id), ImportUndos::read);
  }

  CompletionStage<Optional<Plan>> plan(int id) {
    return db.queryOne(
        PLAN, st -> st.setInt(1, id), row -> new Plan(row.getInt(1), row.getString(2)));
  }

  @Override
  public CompletionStage<?> show(Progress progress) {
    return TABLE.show(db, progress);
  }

  /** What is undone stays undone. */
  @Override
  public CompletionStage<?> remove(String id) {
    return db.update(CANCEL, st -> st.setInt(1, Integer.parseInt(id)));
  }

  private static View read(ResultSet row) throws SQLException {
    return new View(
        row.getInt(1),
        row.getString(2),
        word(Status.valueOf(row.getString(3))),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7),
        0,
        Db.instant(row, 8),
        Db.instantOrNull(row, 9),
        row.getString(10),
        row.getString(11),
        RunPause.read(row, 12));
  }

  private static String word(Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
