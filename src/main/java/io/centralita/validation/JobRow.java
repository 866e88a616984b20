package io.centralita.validation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.centralita.db.Db;
import io.centralita.http.Json;
import io.centralita.jobs.Progress;
import io.centralita.jobs.RunPause;
import io.centralita.jobs.RunState.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A validation job's row.
 *
 * @param totalNumbers different ones, those that are no numbers among them
 * @param chunks into which the numbers fall
 * @param segment whose contacts are asked about; null where numbers were given
 * @param maxCostMicros what its calls may cost, in millionths; null where as much as they do
 * @param counts validations by {@link Outcome}
 */
record JobRow(
    int id,
    UUID uuid,
    long userId,
    String user,
    String name,
    List<Check> platforms,
    int batchSize,
    int maxConcurrent,
    int retryAttempts,
    int totalNumbers,
    int invalidNumbers,
    int duplicateNumbers,
    int chunks,
    @Nullable String segment,
    @Nullable Long maxCostMicros,
    long spentMicros,
    Instant createdAt,
    Status status,
    Map<String, Long> counts,
    @Nullable Instant finishedAt,
    String waiting,
    String failure,
    @Nullable RunPause pause) {

  static final String SELECT =
      """
      SELECT j.id, j.job_uuid, u.name, j.name, j.platforms, j.batch_size, j.max_concurrent, j.retry_attempts,
             j.total_numbers, j.invalid_numbers, j.duplicate_numbers, j.chunks, j.created_at, j.status, j.counts,
             j.finished_at, j.waiting, j.failure, j.pause, j.segment, j.max_cost_micros, j.spent_micros,
             j.user_id
      FROM validation_jobs j JOIN users u ON u.id = j.user_id
      """;

  private static final TypeReference<TreeMap<String, Long>> COUNTS = new TypeReference<>() {};

  static JobRow read(ResultSet row) throws SQLException {
    return new JobRow(
        row.getInt(1),
        row.getObject(2, UUID.class),
        row.getLong(23),
        row.getString(3),
        row.getString(4),
        Arrays.stream((Short[]) row.getArray(5).getArray()).map(Codes::check).toList(),
        row.getInt(6),
        row.getInt(7),
        row.getInt(8),
        row.getInt(9),
        row.getInt(10),
        row.getInt(11),
        row.getInt(12),
        row.getString(20),
        row.getObject(21, Long.class),
        row.getLong(22),
        Db.instant(row, 13),
        Status.valueOf(row.getString(14)),
        counts(row.getString(15)),
        Db.instantOrNull(row, 16),
        row.getString(17),
        row.getString(18),
        RunPause.read(row, 19));
  }

  private static Map<String, Long> counts(String json) throws SQLException {
    try {
      return Json.MAPPER.readValue(json, COUNTS);
    } catch (JsonProcessingException e) {
      throw new SQLException("a job's counts cannot be read", e);
    }
  }

  /** The row with what the job's run says now. */
  JobRow at(Progress now) {
    return new JobRow(
        id,
        uuid,
        userId,
        user,
        name,
        platforms,
        batchSize,
        maxConcurrent,
        retryAttempts,
        totalNumbers,
        invalidNumbers,
        duplicateNumbers,
        chunks,
        segment,
        maxCostMicros,
        spentMicros,
        createdAt,
        now.status(),
        now.counts(),
        now.finishedAt(),
        now.waiting(),
        now.failure(),
        RunPause.of(now));
  }
}
