package io.centralita.webhooks;

import io.centralita.db.Db;
import io.centralita.http.Json;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Where events are written in the transaction of what happened: a transaction that is rolled back
 * tells nobody, and one that is committed tells everybody who wants to know.
 */
final class Outbox {
  /** Bytes of a body: receivers refuse what is longer. */
  static final int LONGEST_BODY = 64 << 10;

  static final String TEST = "webhook.test";

  private record Body(String type, Instant timestamp, Object data) {}

  private static final String PUBLISH =
      """
      INSERT INTO webhook_events (user_id, type, body, created_at, endpoints)
      SELECT ?, ?, ?, ?, array_agg(id ORDER BY id)
      FROM webhook_endpoints
      WHERE user_id = ? AND enabled AND removed_at IS NULL AND events && ARRAY[?, '*']::text[]
      HAVING count(*) > 0
      """;

  private static final String TO_ONE =
      """
      INSERT INTO webhook_events (user_id, type, body, created_at, endpoints)
      SELECT user_id, ?, ?, ?, ARRAY[id]
      FROM webhook_endpoints
      WHERE id = ? AND enabled AND removed_at IS NULL
      RETURNING message_id
      """;

  private final Set<String> types;
  private final InstantSource clock;

  /**
   * @param types of all events that there are
   */
  Outbox(Set<String> types, InstantSource clock) {
    this.types = Set.copyOf(types);
    this.clock = clock;
  }

  /** The types of all events that there are. */
  Set<String> types() {
    return types;
  }

  /**
   * Writes an event for those endpoints of the user that want it.
   *
   * @param data anything that {@link Json} writes
   * @return whether anybody wants it
   * @throws IllegalArgumentException where there is no such type, or the data are too long
   */
  boolean publish(Connection connection, long userId, String type, Object data)
      throws SQLException {
    if (!types.contains(type)) {
      throw new IllegalArgumentException("no type of events that there are: " + type);
    }
    var now = clock.instant();
    var body = body(type, now, data);
    return Db.update(
            connection,
            PUBLISH,
            st -> {
              st.setLong(1, userId);
              st.setString(2, type);
              st.setString(3, body);
              st.setObject(4, now.atOffset(ZoneOffset.UTC));
              st.setLong(5, userId);
              st.setString(6, type);
            })
        > 0;
  }

  /** Writes an event for one endpoint, whatever it wants; none where it is switched off. */
  List<UUID> toOne(Connection connection, long endpoint, Object data) throws SQLException {
    var now = clock.instant();
    return Db.query(
        connection,
        TO_ONE,
        st -> {
          st.setString(1, TEST);
          st.setString(2, body(TEST, now, data));
          st.setObject(3, now.atOffset(ZoneOffset.UTC));
          st.setLong(4, endpoint);
        },
        row -> row.getObject(1, UUID.class));
  }

  private static String body(String type, Instant now, Object data) {
    var body = Json.text(new Body(type, now, data));
    if (body.getBytes(StandardCharsets.UTF_8).length > LONGEST_BODY) {
      throw new IllegalArgumentException("an event of more than " + LONGEST_BODY + " bytes");
    }
    return body;
  }
}
