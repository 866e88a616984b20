package io.centralita.lookup;

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

/** The files of all users, as lists show them. */
public final class Files implements RunKind.View {

  /**
   * A file's row.
   *
   * @param conse counts the user's files, from 1
   * @param received numbers that came, of whatever form
   * @param duplicates of those, how many the file already had
   * @param invalid distinct texts that are no Spanish mobile number
   * @param total distinct numbers to look up
   */
  public record Row(
      long id,
      String user,
      String name,
      int conse,
      Instant createdAt,
      long received,
      long duplicates,
      long invalid,
      long total,
      RunState.Status status,
      int round,
      long found,
      long unknown,
      long failed,
      @Nullable Instant finishedAt,
      String waiting,
      String failure,
      @Nullable RunPause pause) {

    Row withWaiting(String reason) {
      return new Row(
          id,
          user,
          name,
          conse,
          createdAt,
          received,
          duplicates,
          invalid,
          total,
          status,
          round,
          found,
          unknown,
          failed,
          finishedAt,
          reason,
          failure,
          pause);
    }

    public long dealtWith() {
      return found + unknown + failed;
    }

    /** The row with what the file's entity says now. */
    Row at(Progress now) {
      return new Row(
          id,
          user,
          name,
          conse,
          createdAt,
          received,
          duplicates,
          invalid,
          Math.max(total, now.items()), // more may have come since the row was read
          now.status(),
          now.round(),
          count(now, Outcome.FOUND),
          count(now, Outcome.UNKNOWN),
          count(now, Outcome.FAILED),
          now.finishedAt(),
          now.waiting(),
          now.failure(),
          RunPause.of(now));
    }
  }

  private static final String COLUMNS =
      """
      SELECT f.id, u.name, f.name, f.conse, f.created_at, f.received, f.duplicates, f.invalid,
             f.total, f.status, f.round, f.found, f.unknown, f.failed, f.finished_at, f.waiting,
             f.failure, f.pause
      FROM files f JOIN users u ON u.id = f.user_id
      """;

  private static final String ONE = COLUMNS + "WHERE f.id = ?";

  private static final String NAMED = COLUMNS + "WHERE u.name = ? AND f.name = ?";

  // The state as the API has it: SeedFile says the same of one row. A file that was paused before
  // its first number is pending there; whoever looks for paused files looks for it too.
  private static final String BEFORE =
      """
      AND f.id < ?
      AND (?::text IS NULL OR ?::text = CASE
             WHEN f.status IN ('PENDING', 'PROCESSING', 'COMPLETED') THEN lower(f.status)
             WHEN f.found + f.unknown + f.failed > 0 THEN 'paused'
             ELSE 'pending' END
           OR ?::text = 'paused' AND f.status = 'PAUSED')
      ORDER BY f.id DESC
      LIMIT ?
      """;

  // By user over files_user, of all over the primary key; newest first, walking by key.
  private static final String OF_USER = COLUMNS + "WHERE u.name = ? " + BEFORE;

  private static final String OF_ALL = COLUMNS + "WHERE true " + BEFORE;

  private static final RunTable TABLE =
      RunTable.pausable("files", "round", "found", "unknown", "failed");

  private final Db db;

  public Files(Db db) {
    this.db = db;
  }

  public CompletionStage<Optional<Row>> one(long id) {
    return db.queryOne(ONE, st -> st.setLong(1, id), Files::read);
  }

  public CompletionStage<Optional<Row>> named(String user, String name) {
    return db.queryOne(
        NAMED,
        st -> {
          st.setString(1, user);
          st.setString(2, name);
        },
        Files::read);
  }

  /**
   * Files with an id below {@code beforeId}, the newest first.
   *
   * @param user whose; null for everybody's
   * @param status as the API has it; null for all
   */
  public CompletionStage<List<Row>> before(
      @Nullable String user, @Nullable String status, long beforeId, int limit) {
    return db.query(
        user == null ? OF_ALL : OF_USER,
        st -> {
          var next = 1;
          if (user != null) {
            st.setString(next++, user);
          }
          st.setLong(next++, beforeId);
          st.setString(next++, status);
          st.setString(next++, status);
          st.setString(next++, status);
          st.setInt(next, limit);
        },
        Files::read);
  }

  @Override
  public CompletionStage<?> show(Progress progress) {
    return TABLE.show(
        db,
        progress,
        progress.round(),
        count(progress, Outcome.FOUND),
        count(progress, Outcome.UNKNOWN),
        count(progress, Outcome.FAILED));
  }

  @Override
  public CompletionStage<?> remove(String id) {
    return db.update("DELETE FROM files WHERE id = ?", st -> st.setLong(1, Long.parseLong(id)));
  }

  private static long count(Progress progress, Outcome outcome) {
    return progress.counts().getOrDefault(outcome.name(), 0L);
  }

  private static Row read(ResultSet row) throws SQLException {
    return new Row(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getInt(4),
        Db.instant(row, 5),
        row.getLong(6),
        row.getLong(7),
        row.getLong(8),
        row.getLong(9),
        RunState.Status.valueOf(row.getString(10)),
        row.getInt(11),
        row.getLong(12),
        row.getLong(13),
        row.getLong(14),
        Db.instantOrNull(row, 15),
        row.getString(16),
        row.getString(17),
        RunPause.read(row, 18));
  }
}
