package io.centralita.extraction;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.centralita.contacts.Selection;
import io.centralita.db.Db;
import io.centralita.http.Json;
import io.centralita.jobs.Progress;
import io.centralita.jobs.RunState.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An extraction's row.
 *
 * @param filter the selections it is drawn from, one a group
 * @param byLada how many it has of each LADA
 * @param deliveredAt since when there is a file
 * @param leftOut drawn, and not in the file
 * @param file null where there is none
 * @param queued it waits for a slot
 */
record ExtractionRow(
    int id,
    String user,
    Instant createdAt,
    Type type,
    String value,
    List<Selection> filter,
    int amount,
    FileFormat format,
    long seed,
    boolean queued,
    Map<String, Integer> byLada,
    @Nullable Instant drawnAt,
    @Nullable Instant deliveredAt,
    int delivered,
    int leftOut,
    @Nullable WrittenFile file,
    boolean ended,
    @Nullable Instant returnedAt,
    @Nullable Instant fileGoneAt,
    int downloads,
    Status status,
    @Nullable Instant finishedAt,
    String waiting,
    String failure) {

  /**
   * A file as it was written.
   *
   * @param size in bytes
   * @param sha256 of it, in hexadecimal digits
   * @param numbersSha256 the same of its numbers, one a line
   */
  record WrittenFile(long size, String sha256, String numbersSha256) {}

  static final String SELECT =
      """
      SELECT e.id, u.name, e.created_at, e.type, e.value, e.filter, e.amount, e.format, e.seed,
             e.large AND e.slot_at IS NULL AND e.drawn_at IS NULL AND NOT e.ended,
             e.by_lada, e.delivered_at, e.delivered, e.left_out, e.size,
             encode(e.sha256, 'hex'), encode(e.numbers_sha256, 'hex'), e.ended, e.returned_at, e.file_gone_at, e.downloads, e.status,
             e.finished_at, e.waiting, e.failure, e.drawn_at
      FROM extractions e JOIN users u ON u.id = e.user_id
      """;

  private static final TypeReference<TreeMap<String, Integer>> COUNTS = new TypeReference<>() {};

  static ExtractionRow read(ResultSet row) throws SQLException {
    @Nullable String sha256 = row.getString(16);
    return new ExtractionRow(
        row.getInt(1),
        row.getString(2),
        Db.instant(row, 3),
        Type.ofWord(row.getString(4)),
        row.getString(5),
        Choice.selections(row.getString(6)),
        row.getInt(7),
        FileFormat.ofWord(row.getString(8)),
        row.getLong(9),
        row.getBoolean(10),
        counts(row.getString(11)),
        Db.instantOrNull(row, 26),
        Db.instantOrNull(row, 12),
        row.getInt(13),
        row.getInt(14),
        sha256 == null ? null : new WrittenFile(row.getLong(15), sha256, row.getString(17)),
        row.getBoolean(18),
        Db.instantOrNull(row, 19),
        Db.instantOrNull(row, 20),
        row.getInt(21),
        Status.valueOf(row.getString(22)),
        Db.instantOrNull(row, 23),
        row.getString(24),
        row.getString(25));
  }

  /** The row with what the extraction's run says now. */
  ExtractionRow at(Progress now) {
    return new ExtractionRow(
        id,
        user,
        createdAt,
        type,
        value,
        filter,
        amount,
        format,
        seed,
        queued,
        byLada,
        drawnAt,
        deliveredAt,
        delivered,
        leftOut,
        file,
        ended,
        returnedAt,
        fileGoneAt,
        downloads,
        now.status(),
        now.finishedAt(),
        now.waiting(),
        now.failure());
  }

  private static Map<String, Integer> counts(String json) {
    try {
      return Json.MAPPER.readValue(json, COUNTS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an extraction's counts cannot be read", e);
    }
  }
}
