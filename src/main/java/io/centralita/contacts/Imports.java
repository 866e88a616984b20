package io.centralita.contacts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.centralita.db.Db;
import io.centralita.jobs.Progress;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.RunPause;
import io.centralita.jobs.RunState;
import io.centralita.jobs.RunTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The imports: rows that lists read and their runs write. */
final class Imports implements RunKind.View {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What an import is to do.
   *
   * @param bounds window n holds the rows from the n-th of these to before the next
   * @param builds whether it goes into an empty store, whose indexes it builds at its end
   */
  record Plan(int id, ImportSource source, List<Long> bounds, boolean builds) {
    /** Windows of rows. */
    int windows() {
      return bounds.size() - 1;
    }

    /** All windows of the run: after those of rows come those that build indexes. */
    int runWindows() {
      return windows() + (builds ? Parts.COUNT + 1 : 0);
    }
  }

  /**
   * An import's row.
   *
   * @param file as it was named
   * @param rows row numbers from the first to the last; not all need be there
   * @param undo where its undoing stands; null where nobody undoes it
   * @param sideTables null where the file has none, or they are not taken yet
   */
  record Row(
      int id,
      String user,
      Instant createdAt,
      String file,
      long rows,
      RunState.Status status,
      long imported,
      long updated,
      long duplicates,
      long rejected,
      @Nullable Instant finishedAt,
      String waiting,
      String failure,
      @Nullable RunPause pause,
      @Nullable Instant undoneAt,
      RunState.@Nullable Status undo,
      SideTables.@Nullable Taken sideTables) {

    /** The row with what the import's run says now. */
    Row at(Progress now) {
      return new Row(
          id,
          user,
          createdAt,
          file,
          rows,
          now.status(),
          count(now, ImportOutcome.IMPORTED),
          count(now, ImportOutcome.UPDATED),
          count(now, ImportOutcome.DUPLICATE),
          count(now, ImportOutcome.REJECTED),
          now.finishedAt(),
          now.waiting(),
          now.failure(),
          RunPause.of(now),
          undoneAt,
          undo,
          sideTables);
    }
  }

  private static final String COLUMNS =
      """
      SELECT i.id, u.name, i.created_at, i.file, i.rows, i.status, i.imported, i.updated,
             i.duplicates, i.rejected, i.finished_at, i.waiting, i.failure, i.pause, i.undone_at,
             s.migration_statistics, s.missing_ladas, s.best_ladas, s.rejected, x.status
      FROM imports i
        JOIN users u ON u.id = i.user_id
        LEFT JOIN import_undos x ON x.id = i.id
        LEFT JOIN import_side_tables s ON s.import_id = i.id
      """;

  private static final String ONE = COLUMNS + "WHERE i.id = ?";

  private static final String BEFORE =
      COLUMNS
          + """
            WHERE i.id < ? AND (?::text IS NULL OR i.status = ?)
            ORDER BY i.id DESC
            LIMIT ?
            """;

  private static final String PLAN = "SELECT id, source, bounds, builds FROM imports WHERE id = ?";

  private static final String ADD =
      """
      INSERT INTO imports (user_id, file, source, bounds, rows, builds)
      VALUES (?, ?, ?::jsonb, ?, ?, ?)
      RETURNING id
      """;

  private static final String UNFINISHED =
      """
      SELECT id FROM imports
      WHERE source = ?::jsonb AND status IN ('PENDING', 'PROCESSING', 'PAUSED')
      LIMIT 1
      """;

  private static final RunTable TABLE =
      RunTable.pausable("imports", "imported", "updated", "duplicates", "rejected");

  private static final String CANCEL =
      """
      UPDATE imports
      SET status = 'CANCELLED', finished_at = coalesce(finished_at, now()), waiting = '',
          pause = NULL, revision = revision + 1
      WHERE id = ? AND status <> 'CANCELLED'
      """;

  private static final String STORED = "SELECT count(*) FROM import_windows WHERE import_id = ?";

  private static final String WINDOW =
      """
      SELECT imported, updated, duplicates, rejected FROM import_windows
      WHERE import_id = ? AND window_no = ?
      """;

  /** What a new import is made from. */
  record Order(
      long userId,
      String file,
      ImportSource source,
      List<Long> bounds,
      long rows,
      boolean mayBuild) {}

  private final Db db;
  private final ContactIndexes indexes;

  Imports(Db db, ContactIndexes indexes) {
    this.db = db;
    this.indexes = indexes;
  }

  /** Adds an import; empty, with the id of the other, where one of the same file is unfinished. */
  CompletionStage<Added> add(Order order) {
    return db.transaction(
        "add an import",
        connection -> {
          ImportLock.take(connection); // the same file twice at the same time is one import
          var source = json(order.source());
          var other =
              Db.query(connection, UNFINISHED, st -> st.setString(1, source), row -> row.getInt(1));
          if (!other.isEmpty()) {
            return new Added(other.getFirst(), false);
          }
          var builds = order.mayBuild() && !ContactIndexes.isFilled(connection);
          return new Added(
              Db.query(
                      connection,
                      ADD,
                      st -> {
                        st.setLong(1, order.userId());
                        st.setString(2, order.file());
                        st.setString(3, source);
                        st.setArray(
                            4, connection.createArrayOf("bigint", order.bounds().toArray()));
                        st.setLong(5, order.rows());
                        st.setBoolean(6, builds);
                      },
                      row -> row.getInt(1))
                  .getFirst(),
              true);
        });
  }

  /**
   * An import's id.
   *
   * @param isNew false where it is an unfinished one of the same file
   */
  record Added(int id, boolean isNew) {}

  CompletionStage<Optional<Row>> one(int id) {
    return db.queryOne(ONE, st -> st.setInt(1, id), Imports::read);
  }

  CompletionStage<Optional<Plan>> plan(int id) {
    return db.queryOne(PLAN, st -> st.setInt(1, id), Imports::readPlan);
  }

  /** Imports with an id below {@code before}, the newest first. */
  CompletionStage<List<Row>> before(int before, @Nullable String status, int limit) {
    return db.query(
        BEFORE,
        st -> {
          st.setInt(1, before);
          st.setString(2, status);
          st.setString(3, status);
          st.setInt(4, limit);
        },
        Imports::read);
  }

  /** How many windows of rows are stored: the first ones, for they are stored in their order. */
  CompletionStage<Integer> stored(int id) {
    return db.queryOne(STORED, st -> st.setInt(1, id), row -> row.getInt(1))
        .thenApply(Optional::orElseThrow);
  }

  /** What became of a window's rows, where it is stored. */
  CompletionStage<Optional<WindowStore.Stored>> window(int id, int window) {
    return db.queryOne(
        WINDOW,
        st -> {
          st.setInt(1, id);
          st.setInt(2, window);
        },
        row -> new WindowStore.Stored(row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4)));
  }

  @Override
  public CompletionStage<?> show(Progress progress) {
    return TABLE.show(
        db,
        progress,
        count(progress, ImportOutcome.IMPORTED),
        count(progress, ImportOutcome.UPDATED),
        count(progress, ImportOutcome.DUPLICATE),
        count(progress, ImportOutcome.REJECTED));
  }

  /** A cancelled import keeps what it has stored; only undoing it takes that out. */
  @Override
  public CompletionStage<?> remove(String id) {
    return db.update(CANCEL, st -> st.setInt(1, Integer.parseInt(id)))
        .thenCompose(_ -> indexes.finish(Integer.parseInt(id)));
  }

  private static long count(Progress progress, ImportOutcome outcome) {
    return progress.counts().getOrDefault(outcome.name(), 0L);
  }

  private static Row read(ResultSet row) throws SQLException {
    return new Row(
        row.getInt(1),
        row.getString(2),
        Db.instant(row, 3),
        row.getString(4),
        row.getLong(5),
        RunState.Status.valueOf(row.getString(6)),
        row.getLong(7),
        row.getLong(8),
        row.getLong(9),
        row.getLong(10),
        Db.instantOrNull(row, 11),
        row.getString(12),
        row.getString(13),
        RunPause.read(row, 14),
        Db.instantOrNull(row, 15),
        row.getObject(20) == null ? null : RunState.Status.valueOf(row.getString(20)),
        row.getObject(16) == null
            ? null
            : new SideTables.Taken(row.getInt(16), row.getInt(17), row.getInt(18), row.getInt(19)));
  }

  private static Plan readPlan(ResultSet row) throws SQLException {
    try {
      return new Plan(
          row.getInt(1),
          JSON.readValue(row.getString(2), ImportSource.class),
          List.of((Long[]) row.getArray(3).getArray()),
          row.getBoolean(4));
    } catch (JsonProcessingException e) {
      throw new SQLException("an import's source cannot be read", e);
    }
  }

  private static String json(ImportSource source) {
    try {
      return JSON.writeValueAsString(source);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an import's source cannot be written", e);
    }
  }
}
