package io.centralita.contacts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.centralita.db.Db;
import io.centralita.http.Json;
import io.centralita.jobs.Progress;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.RunPause;
import io.centralita.jobs.RunState.Status;
import io.centralita.jobs.RunTable;
import io.centralita.phone.NumberingFile.BadRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The numbering plans: rows that lists read and the runs of reclassification write. */
final class NumberingStore implements RunKind.View {

  /**
   * How far contacts are brought into line with a plan.
   *
   * @param contacts about how many there are
   */
  record Standing(
      Status status,
      long contacts,
      long changed,
      long unchanged,
      @Nullable Instant finishedAt,
      String waiting,
      String failure,
      @Nullable RunPause pause) {

    /** The standing with what the run says now. */
    Standing at(Progress now) {
      return new Standing(
          now.status(),
          contacts,
          count(now, Reclassification.CHANGED),
          count(now, Reclassification.UNCHANGED),
          now.finishedAt(),
          now.waiting(),
          now.failure(),
          RunPause.of(now));
    }
  }

  /**
   * A plan's row.
   *
   * @param rows good ones of its file, and {@code ranges} what these were merged to
   * @param begun whether contacts are being brought into line with it, or were
   */
  record Row(
      int id,
      String user,
      Instant loadedAt,
      LocalDate date,
      String file,
      String sha256,
      long rows,
      int ranges,
      long overlaps,
      long badRows,
      List<BadRow> firstBad,
      boolean inForce,
      boolean begun,
      Standing standing) {

    Row at(Progress now) {
      return new Row(
          id,
          user,
          loadedAt,
          date,
          file,
          sha256,
          rows,
          ranges,
          overlaps,
          badRows,
          firstBad,
          inForce,
          begun,
          standing.at(now));
    }
  }

  private static final String COLUMNS =
      """
      SELECT p.id, u.name, p.loaded_at, p.date, p.file, p.sha256, p.rows, p.ranges, p.overlapping,
             p.bad_rows, p.first_bad, p.in_force, p.slices > 0, p.status, p.contacts,
             p.changed, p.unchanged, p.finished_at, p.waiting, p.failure, p.pause
      FROM numbering_plans p JOIN users u ON u.id = p.user_id
      """;

  private static final String ONE = COLUMNS + "WHERE p.id = ?";
  private static final String IN_FORCE = COLUMNS + "WHERE p.in_force";
  private static final String BEFORE = COLUMNS + "WHERE p.id < ? ORDER BY p.id DESC LIMIT ?";

  // A run that nobody needs any more: there are as many as plans that were overtaken half-way.
  private static final String OVERTAKEN =
      """
      SELECT id FROM numbering_plans
      WHERE NOT in_force AND slices > 0 AND status NOT IN ('COMPLETED', 'CANCELLED')
      ORDER BY id LIMIT 100
      """;

  private static final String DELETE = "DELETE FROM numbering_plans WHERE id = ? AND NOT in_force";
  private static final RunTable TABLE =
      RunTable.pausable("numbering_plans", "changed", "unchanged");

  private static final String CANCEL =
      """
      UPDATE numbering_plans
      SET status = 'CANCELLED', finished_at = coalesce(finished_at, now()), waiting = '',
          pause = NULL, revision = revision + 1
      WHERE id = ? AND status <> 'CANCELLED'
      """;

  private static final TypeReference<List<BadRow>> BAD_ROWS = new TypeReference<>() {};

  private final Db db;

  NumberingStore(Db db) {
    this.db = db;
  }

  /** Forgets a plan; false where it is in force, or is none. */
  CompletionStage<Boolean> delete(int id) {
    return db.update(DELETE, statement -> statement.setInt(1, id)).thenApply(count -> count > 0);
  }

  /** Plans whose runs are of no use any more, for another plan is in force. */
  CompletionStage<List<Integer>> overtaken() {
    return db.query(OVERTAKEN, _ -> {}, row -> row.getInt(1));
  }

  CompletionStage<Optional<Row>> one(int id) {
    return db.queryOne(ONE, statement -> statement.setInt(1, id), NumberingStore::read);
  }

  CompletionStage<Optional<Row>> inForce() {
    return db.queryOne(IN_FORCE, _ -> {}, NumberingStore::read);
  }

  /** Plans with an id below {@code before}, the newest first. */
  CompletionStage<List<Row>> before(int before, int limit) {
    return db.query(
        BEFORE,
        statement -> {
          statement.setInt(1, before);
          statement.setInt(2, limit);
        },
        NumberingStore::read);
  }

  @Override
  public CompletionStage<?> show(Progress progress) {
    return TABLE.show(
        db,
        progress,
        count(progress, Reclassification.CHANGED),
        count(progress, Reclassification.UNCHANGED));
  }

  /** What was changed by a run that is overtaken stays; another run changes it again. */
  @Override
  public CompletionStage<?> remove(String id) {
    return db.update(CANCEL, statement -> statement.setInt(1, Integer.parseInt(id)));
  }

  private static long count(Progress progress, String outcome) {
    return progress.counts().getOrDefault(outcome, 0L);
  }

  private static Row read(ResultSet row) throws SQLException {
    return new Row(
        row.getInt(1),
        row.getString(2),
        Db.instant(row, 3),
        row.getObject(4, LocalDate.class),
        row.getString(5),
        row.getString(6),
        row.getLong(7),
        row.getInt(8),
        row.getLong(9),
        row.getLong(10),
        badRows(row.getString(11)),
        row.getBoolean(12),
        row.getBoolean(13),
        new Standing(
            Status.valueOf(row.getString(14)),
            row.getLong(15),
            row.getLong(16),
            row.getLong(17),
            Db.instantOrNull(row, 18),
            row.getString(19),
            row.getString(20),
            RunPause.read(row, 21)));
  }

  private static List<BadRow> badRows(String json) throws SQLException {
    try {
      return Json.MAPPER.readValue(json, BAD_ROWS);
    } catch (JsonProcessingException e) {
      throw new SQLException("a numbering plan's row cannot be read", e);
    }
  }
}
