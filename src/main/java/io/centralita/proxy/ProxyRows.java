package io.centralita.proxy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.centralita.db.Db;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The rows of the proxies as their entities keep them up to date, and the exits blocked. */
final class ProxyRows implements ProxyBoard {

  // Newer revisions win, whatever order they come in; of the same revision counters only grow.
  private static final String SHOW =
      """
      UPDATE proxies SET revision = ?, told_version = ?, state = ?, reason = ?, since = ?,
        retry_at = ?, counters = ?::jsonb, error_score = ?, sessions_lent = ?, blocked_exits = ?
      WHERE id = ? AND revision <= ?
      """;

  private static final String RECALL = "SELECT counters, error_score FROM proxies WHERE id = ?";

  private static final String REMOVE = "DELETE FROM proxies WHERE id = ?";

  private static final String BLOCKED =
      """
      INSERT INTO blocked_exits (proxy_id, port, user_no, session, owner, retries, reason, at)
      SELECT id, ?, ?, ?, ?, ?, ?, ? FROM proxies WHERE id = ?
      ON CONFLICT (proxy_id, port, user_no, session) DO UPDATE
      SET owner = EXCLUDED.owner, retries = EXCLUDED.retries, reason = EXCLUDED.reason,
        at = EXCLUDED.at
      """;

  // Sessions never come again; a bounded bite of what is a month old goes with each new one.
  private static final String FORGET_BLOCKED =
      """
      DELETE FROM blocked_exits
      WHERE (proxy_id, port, user_no, session) IN (
        SELECT proxy_id, port, user_no, session FROM blocked_exits
        WHERE proxy_id = ? AND at < now() - interval '30 days' LIMIT 100)
      """;

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<Map<String, Long>> COUNTERS = new TypeReference<>() {};

  private final Db db;

  ProxyRows(Db db) {
    this.db = db;
  }

  /** What a row has counted. */
  static Map<String, Long> counters(String json) throws SQLException {
    try {
      return Map.copyOf(JSON.readValue(json, COUNTERS));
    } catch (JsonProcessingException e) {
      throw new SQLException("counters that are no map of numbers", e);
    }
  }

  @Override
  public CompletionStage<Statistics> recall(long id) {
    return db.queryOne(
            RECALL,
            st -> st.setLong(1, id),
            row -> new Statistics(counters(row.getString(1)), row.getDouble(2)))
        .thenApply(found -> found.orElse(Statistics.NONE));
  }

  @Override
  public CompletionStage<?> show(ProxyStatus status) {
    return db.update(
        SHOW,
        st -> {
          st.setLong(1, status.revision());
          st.setInt(2, status.version());
          st.setString(3, status.status().name());
          st.setString(4, status.reason());
          st.setObject(5, status.since().atOffset(ZoneOffset.UTC));
          st.setObject(
              6, status.retryAt() == null ? null : status.retryAt().atOffset(ZoneOffset.UTC));
          st.setString(7, text(status.counters()));
          st.setDouble(8, status.errorScore());
          st.setInt(9, status.sessionsLent());
          st.setLong(10, status.blockedExits());
          st.setLong(11, status.id());
          st.setLong(12, status.revision());
        });
  }

  private static String text(Map<String, Long> counters) {
    try {
      return JSON.writeValueAsString(counters);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write counters", e);
    }
  }

  @Override
  public CompletionStage<?> remove(long id) {
    return db.update(REMOVE, st -> st.setLong(1, id));
  }

  @Override
  public CompletionStage<?> blocked(
      long id, Exit exit, String owner, int retries, String reason, Instant at) {
    return db.update(
            BLOCKED,
            st -> {
              st.setInt(1, exit.port());
              st.setInt(2, exit.userNo());
              st.setString(3, exit.session());
              st.setString(4, owner);
              st.setInt(5, retries);
              st.setString(6, reason);
              st.setObject(7, at.atOffset(ZoneOffset.UTC));
              st.setLong(8, id);
            })
        .thenCompose(_ -> db.update(FORGET_BLOCKED, st -> st.setLong(1, id)));
  }
}
