package io.centralita.webhooks;

import io.centralita.db.Db;
import io.centralita.http.ProblemException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The endpoints as their owners configure them. */
final class Endpoints {
  private static final int MOST_OF_A_USER = 50;

  /** What an endpoint is to be. */
  record Order(String url, List<String> events, String description) {}

  /** An endpoint that was made, with the secret that is told this once. */
  record Created(long id, String secret) {
    @Override
    public String toString() {
      return "Created[id=" + id + "]";
    }
  }

  /** A new secret, which is told this once. */
  record Rotated(String secret, Instant olderValidUntil) {
    @Override
    public String toString() {
      return "Rotated[olderValidUntil=" + olderValidUntil + "]";
    }
  }

  /** What of an endpoint is to change; null for what stays. */
  record Change(
      @Nullable String url,
      @Nullable List<String> events,
      @Nullable String description,
      @Nullable Boolean enabled) {}

  private static final String LOCK_USER = "SELECT id FROM users WHERE id = ? FOR UPDATE";

  private static final String HOW_MANY =
      "SELECT count(*) FROM webhook_endpoints WHERE user_id = ? AND removed_at IS NULL";

  private static final String ADD =
      """
      INSERT INTO webhook_endpoints (user_id, url, events, description, created_at)
      VALUES (?, ?, ?, ?, ?)
      RETURNING id
      """;

  private static final String ONE = Endpoint.SELECT + "AND e.id = ?";

  private static final String BEFORE =
      Endpoint.SELECT
          + """
            AND e.id < ? AND (?::text IS NULL OR u.name = ?)
            ORDER BY e.id DESC
            LIMIT ?
            """;

  // One that is switched on again begins anew.
  private static final String CHANGE =
      """
      UPDATE webhook_endpoints
      SET url = coalesce(?, url), events = coalesce(?::text[], events),
          description = coalesce(?, description), enabled = coalesce(?, enabled),
          disabled_at = CASE WHEN ?::boolean IS NULL THEN disabled_at
                             WHEN ?::boolean THEN NULL
                             ELSE coalesce(disabled_at, ?) END,
          disabled_reason = CASE WHEN ?::boolean IS NULL OR disabled_at IS NOT NULL AND NOT ?::boolean
                                   THEN disabled_reason
                                 WHEN ?::boolean THEN ''
                                 ELSE 'switched off by its owner' END,
          failing_since = CASE WHEN ?::boolean AND NOT enabled THEN NULL ELSE failing_since END,
          failures = CASE WHEN ?::boolean AND NOT enabled THEN 0 ELSE failures END
      WHERE id = ? AND removed_at IS NULL
      """;

  private static final String LOCK =
      "SELECT id FROM webhook_endpoints WHERE id = ? AND removed_at IS NULL FOR UPDATE";

  private static final String REMOVE =
      """
      UPDATE webhook_endpoints
      SET removed_at = ?, enabled = false, url = '', description = ''
      WHERE id = ? AND removed_at IS NULL
      """;

  private final Db db;
  private final SecretStore secrets;
  private final Outbox outbox;
  private final InstantSource clock;

  Endpoints(Db db, SecretStore secrets, Outbox outbox, InstantSource clock) {
    this.db = db;
    this.secrets = secrets;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** The types of events that an endpoint may want. */
  Set<String> types() {
    return outbox.types();
  }

  CompletionStage<Created> add(long userId, Order order) {
    return db.transaction("add a webhook", connection -> add(connection, userId, order));
  }

  private Created add(Connection connection, long userId, Order order) throws SQLException {
    Db.query(connection, LOCK_USER, st -> st.setLong(1, userId), _ -> true);
    var there = Db.query(connection, HOW_MANY, st -> st.setLong(1, userId), row -> row.getInt(1));
    if (there.getFirst() >= MOST_OF_A_USER) {
      throw ProblemException.conflict("a user has " + MOST_OF_A_USER + " webhooks at most");
    }
    var now = clock.instant();
    var id =
        Db.query(
                connection,
                ADD,
                st -> {
                  st.setLong(1, userId);
                  st.setString(2, order.url());
                  st.setArray(3, connection.createArrayOf("text", order.events().toArray()));
                  st.setString(4, order.description());
                  st.setObject(5, now.atOffset(ZoneOffset.UTC));
                },
                row -> row.getLong(1))
            .getFirst();
    return new Created(id, secrets.add(connection, id, now));
  }

  CompletionStage<Optional<Endpoint>> one(long id) {
    return db.queryOne(ONE, st -> st.setLong(1, id), Endpoint::read);
  }

  /**
   * The endpoints, the newest first.
   *
   * @param user only this user's; all where null
   */
  CompletionStage<List<Endpoint>> before(@Nullable String user, long before, int limit) {
    return db.query(
        BEFORE,
        st -> {
          st.setLong(1, before);
          st.setString(2, user);
          st.setString(3, user);
          st.setInt(4, limit);
        },
        Endpoint::read);
  }

  CompletionStage<Integer> change(long id, Change change) {
    var events = change.events();
    return db.update(
        CHANGE,
        st -> {
          st.setString(1, change.url());
          st.setArray(
              2,
              events == null ? null : st.getConnection().createArrayOf("text", events.toArray()));
          st.setString(3, change.description());
          for (var column : List.of(4, 5, 6, 8, 9, 10, 11, 12)) {
            st.setObject(column, change.enabled(), Types.BOOLEAN);
          }
          st.setObject(7, clock.instant().atOffset(ZoneOffset.UTC));
          st.setLong(13, id);
        });
  }

  /** What was delivered stays known until it is old; nothing of it can be read any more. */
  CompletionStage<Integer> remove(long id) {
    return db.transaction(
        "remove a webhook",
        connection -> {
          var removed =
              Db.update(
                  connection,
                  REMOVE,
                  st -> {
                    st.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
                    st.setLong(2, id);
                  });
          SecretStore.drop(connection, id);
          return removed;
        });
  }

  /**
   * Gives an endpoint a new secret; empty where there is no such endpoint.
   *
   * @param until how long the older ones are signed with, too; null for the usual overlap
   */
  CompletionStage<Optional<Rotated>> rotate(
      long id, @Nullable Instant until, Duration overlap, Duration most) {
    return db.transaction(
        "rotate a webhook's secret",
        connection -> {
          if (Db.query(connection, LOCK, st -> st.setLong(1, id), _ -> true).isEmpty()) {
            return Optional.empty();
          }
          var now = clock.instant();
          var end = until == null ? now.plus(overlap) : until;
          if (end.isAfter(now.plus(most))) {
            throw ProblemException.badRequest(
                "older_valid_until", "more than " + most.toDays() + " days from now");
          }
          SecretStore.expire(connection, id, end, now);
          if (secrets.valid(connection, id, now).size() >= SecretStore.MOST_VALID) {
            throw ProblemException.conflict(
                "%d secrets are valid: end the older ones by older_valid_until"
                    .formatted(SecretStore.MOST_VALID));
          }
          return Optional.of(new Rotated(secrets.add(connection, id, now), end));
        });
  }

  /** Writes a test event; empty where the endpoint is switched off. */
  CompletionStage<Optional<UUID>> test(long id, Object data) {
    return db.transaction(
        "test a webhook", connection -> outbox.toOne(connection, id, data).stream().findFirst());
  }
}
