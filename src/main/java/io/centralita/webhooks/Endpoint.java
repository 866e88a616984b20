package io.centralita.webhooks;

import io.centralita.db.Db;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
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
        Db.instant(row, 7),
        row.getLong(8),
        Db.instantOrNull(row, 9),
        Db.instantOrNull(row, 10),
        Db.instantOrNull(row, 11),
        row.getString(12));
  }

  /** Without what its owner wrote. */
  @Override
  public String toString() {
    return "Endpoint[id=" + id + "]";
  }
}
