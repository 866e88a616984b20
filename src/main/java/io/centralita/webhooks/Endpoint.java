package io.centralita.webhooks;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint, as it is stored and as the API has it.
 *
 * @param events types, or {@code *} for all
 * @param position of its newest delivery; 0 where there was none
 * @param failingSince the first failed attempt after the last success; null where the last attempt
 *     succeeded
 * @param disabledReason empty while it is enabled
 */
record Endpoint(
    long id,
    String user,
    String url,
    String description,
    List<String> events,
    boolean enabled,
    Instant createdAt,
    long position,
    @Nullable Instant lastSuccessAt,
    @Nullable Instant failingSince,
    @Nullable Instant disabledAt,
    String disabledReason) {

  static final String SELECT =
      """
      SELECT e.id, u.name, e.url, e.description, e.events, e.enabled, e.created_at,
             e.last_position, e.last_success_at, e.failing_since, e.disabled_at, e.disabled_reason
      FROM webhook_endpoints e JOIN users u ON u.id = e.user_id
      WHERE e.removed_at IS NULL
      """;

  static Endpoint read(ResultSet row) throws SQLException {
    return new Endpoint(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        List.of((String[]) row.getArray(5).getArray()),
        row.getBoolean(6),
        row.getObject(7, OffsetDateTime.class).toInstant(),
        row.getLong(8),
        instant(row, 9),
        instant(row, 10),
        instant(row, 11),
        row.getString(12));
  }

  static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** Without what its owner wrote. */
  @Override
  public String toString() {
    return "Endpoint[id=" + id + "]";
  }
}
