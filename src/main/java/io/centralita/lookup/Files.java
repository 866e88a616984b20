package io.centralita.lookup;

import io.centralita.actor.EntityKind;
import io.centralita.db.Db;
import io.centralita.http.ProblemException;
import io.centralita.jobs.Progress;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.RunState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The files of all users, as lists show them. */
public final class Files implements RunKind.View, EntityKind.Projection {

  /** Why a file stands still. */
  public record Pause(String by, String reason, Instant at, @Nullable Instant until) {}

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
      @Nullable Pause pause) {

    public long dealtWith() {
      return found + unknown + failed;
    }
  }

  private static final String COLUMNS =
      """
      SELECT f.id, u.name, f.name, f.conse, f.created_at, f.received, f.duplicates, f.invalid,
             f.total, f.status, f.round, f.found, f.unknown, f.failed, f.finished_at, f.waiting,
             f.failure, f.pause ->> 'by', f.pause ->> 'reason', f.pause ->> 'at',
             f.pause ->> 'until'
      FROM files f JOIN users u ON u.id = f.user_id
      """;

  private static final String ONE = COLUMNS + "WHERE f.id = ?";

  private static final String NAMED = COLUMNS + "WHERE u.name = ? AND f.name = ?";

  // The state as the API has it: FileView says the same of one row.
  private static final String BEFORE =
      """
      AND f.id < ?
      AND (?::text IS NULL OR ?::text = CASE
             WHEN f.status IN ('PENDING', 'PROCESSING', 'COMPLETED') THEN lower(f.status)
             WHEN f.found + f.unknown + f.failed > 0 THEN 'paused'
             ELSE 'pending' END)
      ORDER BY f.id DESC
      LIMIT ?
      """;

  // By user over files_user, of all over the primary key; newest first, walking by key.
  private static final String OF_USER = COLUMNS + "WHERE u.name = ? " + BEFORE;

  private static final String OF_ALL = COLUMNS + "WHERE true " + BEFORE;

  private static final String SHOW =
      """
      UPDATE files
      SET revision = ?, status = ?, round = ?, found = ?, unknown = ?, failed = ?,
          finished_at = ?, waiting = ?, failure = ?,
          pause = CASE WHEN ?::text IS NULL THEN NULL
                       ELSE jsonb_build_object('by', ?::text, 'reason', ?::text,
                                               'at', ?::text, 'until', ?::text) END
      WHERE id = ? AND revision <= ?
      """;

  private static final String INVALID =
      """
      SELECT id, text, reason, at
      FROM file_invalid
      WHERE file_id = ? AND id > ?
      ORDER BY id
      LIMIT ?
      """;

  private static final String ID = "[1-9][0-9]{0,17}";

  // An index-only scan of files_status.
  private static final String COUNTS = "SELECT status, count(*) FROM files GROUP BY status";

  private static final String COUNTS_OF_USER =
      """
      SELECT f.status, count(*)
      FROM files f JOIN users u ON u.id = f.user_id
      WHERE u.name = ?
      GROUP BY f.status
      """;

  private static final String ENTRIES =
      """
      SELECT f.id, f.status, u.name,
             coalesce(nullif(f.failure, ''), nullif(f.waiting, ''), f.pause ->> 'reason', '')
      FROM files f JOIN users u ON u.id = f.user_id
      """;

  private static final String ENTRIES_OF_ALL =
      ENTRIES
          + """
            WHERE f.id > ?
            ORDER BY f.id
            LIMIT ?
            """;

  private static final String ENTRIES_OF_STATE =
      ENTRIES
          + """
            WHERE f.id > ? AND f.status = ?
            ORDER BY f.id
            LIMIT ?
            """;

  private static final String ENTRY = ENTRIES + "WHERE f.id = ?";

  /** Something that came in a file and is no number to look up. */
  public record Invalid(long id, String text, String reason, Instant at) {}

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
          st.setInt(next, limit);
        },
        Files::read);
  }

  /** What came in the file and is no number, after {@code afterId}. */
  public CompletionStage<List<Invalid>> invalid(long fileId, long afterId, int limit) {
    return db.query(
        INVALID,
        st -> {
          st.setLong(1, fileId);
          st.setLong(2, afterId);
          st.setInt(3, limit);
        },
        row -> new Invalid(row.getLong(1), row.getString(2), row.getString(3), instant(row, 4)));
  }

  @Override
  public CompletionStage<?> show(Progress progress) {
    var pause = progress.pause();
    return db.update(
        SHOW,
        st -> {
          st.setLong(1, progress.revision());
          st.setString(2, progress.status().name());
          st.setInt(3, progress.round());
          st.setLong(4, count(progress, Outcome.FOUND));
          st.setLong(5, count(progress, Outcome.UNKNOWN));
          st.setLong(6, count(progress, Outcome.FAILED));
          st.setObject(
              7,
              progress.finishedAt() == null
                  ? null
                  : progress.finishedAt().atOffset(ZoneOffset.UTC));
          st.setString(8, progress.waiting());
          st.setString(9, progress.failure());
          st.setString(10, pause == null ? null : pause.cause().by());
          st.setString(11, pause == null ? null : pause.cause().by());
          st.setString(12, pause == null ? null : pause.cause().reason());
          st.setString(13, pause == null ? null : pause.at().toString());
          st.setString(
              14, pause == null || pause.until() == null ? null : pause.until().toString());
          st.setLong(15, Long.parseLong(progress.id()));
          st.setLong(16, progress.revision());
        });
  }

  @Override
  public CompletionStage<?> remove(String id) {
    return db.update("DELETE FROM files WHERE id = ?", st -> st.setLong(1, Long.parseLong(id)));
  }

  @Override
  public CompletionStage<Map<String, Long>> counts(@Nullable String owner) {
    return db.query(
            owner == null ? COUNTS : COUNTS_OF_USER,
            st -> {
              if (owner != null) {
                st.setString(1, owner);
              }
            },
            row -> Map.entry(row.getString(1), row.getLong(2)))
        .thenApply(
            rows -> {
              var counts = new HashMap<String, Long>();
              rows.forEach(row -> counts.put(row.getKey(), row.getValue()));
              return counts;
            });
  }

  @Override
  public CompletionStage<List<EntityKind.Entry>> list(
      @Nullable String state, @Nullable String after, int limit) {
    if (after != null && !after.matches(ID)) {
      throw ProblemException.badRequest("cursor", "not a next_cursor of this list");
    }
    return db.query(
        state == null ? ENTRIES_OF_ALL : ENTRIES_OF_STATE,
        st -> {
          var next = 1;
          st.setLong(next++, after == null ? 0 : Long.parseLong(after));
          if (state != null) {
            st.setString(next++, state);
          }
          st.setInt(next, limit);
        },
        Files::entry);
  }

  @Override
  public CompletionStage<Optional<EntityKind.Entry>> find(String id) {
    return id.matches(ID)
        ? db.queryOne(ENTRY, st -> st.setLong(1, Long.parseLong(id)), Files::entry)
        : CompletableFuture.completedFuture(Optional.empty());
  }

  private static EntityKind.Entry entry(ResultSet row) throws SQLException {
    return new EntityKind.Entry(
        Long.toString(row.getLong(1)), row.getString(2), row.getString(3), row.getString(4));
  }

  static long count(Progress progress, Outcome outcome) {
    return progress.counts().getOrDefault(outcome.name(), 0L);
  }

  private static Row read(ResultSet row) throws SQLException {
    var pausedBy = row.getString(18);
    var until = row.getString(21);
    return new Row(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getInt(4),
        instant(row, 5),
        row.getLong(6),
        row.getLong(7),
        row.getLong(8),
        row.getLong(9),
        RunState.Status.valueOf(row.getString(10)),
        row.getInt(11),
        row.getLong(12),
        row.getLong(13),
        row.getLong(14),
        row.getObject(15) == null ? null : instant(row, 15),
        row.getString(16),
        row.getString(17),
        pausedBy == null
            ? null
            : new Pause(
                pausedBy,
                row.getString(19),
                Instant.parse(row.getString(20)),
                until == null ? null : Instant.parse(until)));
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
