package io.centralita.webhooks;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.centralita.db.Db;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One event for one endpoint, as the API has it.
 *
 * @param position by which the endpoint's deliveries are numbered, and it is named
 * @param webhookId as its header has it
 * @param attempts since it was made, or sent again
 * @param nextAttemptAt null where there is none
 * @param lastStatus null where no answer came
 * @param lastError in words; empty where there was none
 */
record Delivery(
    long position,
    String webhookId,
    String type,
    Instant createdAt,
    Status status,
    int attempts,
    @Nullable Instant nextAttemptAt,
    @Nullable Instant lastAttemptAt,
    @Nullable Integer lastStatus,
    @Nullable Integer lastLatencyMs,
    String lastError) {

  /** What became of a delivery. */
  enum Status {
    @JsonProperty("pending")
    PENDING,
    @JsonProperty("delivered")
    DELIVERED,
    /** Given up. */
    @JsonProperty("failed")
    FAILED;

    static final List<Status> ALL = List.of(values());

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Status ofWord(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  static final String SELECT =
      """
      SELECT d.position, v.message_id, v.type, d.created_at, d.status, d.attempts,
             d.next_attempt_at, d.last_attempt_at, d.last_status, d.last_latency_ms, d.last_error
      FROM webhook_deliveries d JOIN webhook_events v ON v.id = d.event_id
      WHERE d.endpoint_id = ?
      """;

  static Delivery read(ResultSet row) throws SQLException {
    return new Delivery(
        row.getLong(1),
        webhookId(row.getString(2)),
        row.getString(3),
        Db.instant(row, 4),
        Status.ofWord(row.getString(5)),
        row.getInt(6),
        Db.instantOrNull(row, 7),
        Db.instantOrNull(row, 8),
        row.getObject(9, Integer.class),
        row.getObject(10, Integer.class),
        row.getString(11));
  }

  static String webhookId(Object messageId) {
    return "msg_" + messageId;
  }
}
