package io.centralita.webhooks;

import io.centralita.db.Db;
import io.centralita.http.Json;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Turns of delivering: whoever has an endpoint's lease sends what is due for it, one delivery after
 * another. Leases go by the database's clock, which all nodes share; those of a node that died run
 * out.
 */
final class Turns {
  /** A turn that was taken; its token is in the endpoint's row for as long as it lasts. */
  record Turn(long endpoint, UUID token) {}

  /** What an attempt did to its endpoint: why it was switched off, or nothing. */
  record Settled(boolean stillOurs, String disabledReason) {}

  private record Health(Instant failingSince, int failures) {}

  /**
   * Deliveries read at once: one, so that what is removed, changed or switched off meanwhile is not
   * sent the old way.
   */
  private static final int AT_ONCE = 1;

  private static final int EVENTS_AT_ONCE = 500;

  private static final String ALONE =
      "SELECT pg_try_advisory_xact_lock(hashtext('centralita webhooks fan-out'))";

  // By one node at a time, so that positions are in the order of the events.
  private static final String FAN_OUT =
      """
      WITH batch AS (
        SELECT id, endpoints, created_at FROM webhook_events
        WHERE NOT fanned_out ORDER BY id LIMIT ?),
      targets AS (
        SELECT b.id AS event_id, b.created_at, t.endpoint_id,
               row_number() OVER (PARTITION BY t.endpoint_id ORDER BY b.id) AS n
        FROM batch b, unnest(b.endpoints) AS t(endpoint_id)),
      counts AS (
        SELECT endpoint_id, max(n) AS n FROM targets GROUP BY endpoint_id),
      moved AS (
        UPDATE webhook_endpoints e SET last_position = e.last_position + c.n
        FROM counts c
        WHERE e.id = c.endpoint_id AND e.removed_at IS NULL
        RETURNING e.id, e.last_position - c.n AS before),
      made AS (
        INSERT INTO webhook_deliveries
          (endpoint_id, position, event_id, created_at, next_attempt_at)
        SELECT m.id, m.before + t.n, t.event_id, t.created_at, t.created_at
        FROM targets t JOIN moved m ON m.id = t.endpoint_id)
      UPDATE webhook_events v SET fanned_out = true FROM batch b WHERE v.id = b.id
      """;

  private static final String CLAIM =
      """
      UPDATE webhook_endpoints SET lease_owner = gen_random_uuid(), lease_until = now() + ? * interval '1 ms'
      WHERE id IN (
        SELECT e.id FROM webhook_endpoints e
        WHERE e.enabled AND e.removed_at IS NULL
          AND (e.lease_owner IS NULL OR e.lease_until <= now())
          AND EXISTS (
            SELECT 1 FROM webhook_deliveries d
            WHERE d.endpoint_id = e.id AND d.status = 'pending' AND d.next_attempt_at <= ?)
        ORDER BY e.lease_until NULLS FIRST
        LIMIT ?
        FOR UPDATE OF e SKIP LOCKED)
      RETURNING id, lease_owner
      """;

  private static final String KEEP =
      """
      UPDATE webhook_endpoints SET lease_until = now() + ? * interval '1 ms'
      WHERE id = ? AND lease_owner = ? AND enabled
      """;

  private static final String DUE =
      """
      SELECT d.position, v.message_id, v.body, d.attempts, d.resends, e.url
      FROM webhook_deliveries d
      JOIN webhook_events v ON v.id = d.event_id
      JOIN webhook_endpoints e ON e.id = d.endpoint_id
      WHERE d.endpoint_id = ? AND d.status = 'pending' AND d.next_attempt_at <= ?
      ORDER BY d.position
      LIMIT ?
      """;

  // lease_until stays, as the time of the last turn: whoever had none for longest comes first.
  private static final String RELEASE =
      """
      UPDATE webhook_endpoints SET lease_owner = NULL, lease_until = now()
      WHERE id = ? AND lease_owner = ?
      """;

  private static final String LOCK =
      """
      SELECT coalesce(failing_since, ?), failures + 1 FROM webhook_endpoints
      WHERE id = ? AND lease_owner = ? FOR UPDATE
      """;

  private static final String SUCCEEDED =
      """
      UPDATE webhook_endpoints
      SET lease_until = now() + ? * interval '1 ms', last_success_at = ?, failing_since = NULL,
          failures = 0
      WHERE id = ?
      """;

  private static final String FAILED =
      """
      UPDATE webhook_endpoints
      SET lease_until = now() + ? * interval '1 ms', failing_since = ?, failures = ?
      WHERE id = ?
      """;

  private static final String DISABLE =
      """
      UPDATE webhook_endpoints SET enabled = false, disabled_at = ?, disabled_reason = ?
      WHERE id = ? AND enabled
      """;

  // Where it was to be sent again meanwhile, it still is, whatever became of this attempt.
  private static final String SETTLE =
      """
      UPDATE webhook_deliveries
      SET status = CASE WHEN resends = ? THEN ? ELSE status END,
          attempts = CASE WHEN resends = ? THEN ? ELSE attempts END,
          next_attempt_at = CASE WHEN resends = ? THEN ? ELSE next_attempt_at END,
          last_attempt_at = ?, last_status = ?, last_latency_ms = ?, last_error = ?
      WHERE endpoint_id = ? AND position = ?
      """;

  private final Db db;
  private final SecretStore secrets;
  private final Webhooks.Settings settings;
  private final InstantSource clock;
  private final RandomGenerator random;

  Turns(
      Db db,
      SecretStore secrets,
      Webhooks.Settings settings,
      InstantSource clock,
      RandomGenerator random) {
    this.db = db;
    this.secrets = secrets;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
  }

  /** Makes the deliveries of some events; gives the number of events. */
  CompletionStage<Integer> fanOut() {
    return db.transaction(
        "make webhooks' deliveries",
        connection ->
            Db.query(connection, ALONE, _ -> {}, row -> row.getBoolean(1)).getFirst()
                ? Db.update(connection, FAN_OUT, st -> st.setInt(1, EVENTS_AT_ONCE))
                : 0);
  }

  /** Takes endpoints that have something due and that nobody has, at most so many. */
  CompletionStage<List<Turn>> claim(int most) {
    return db.query(
        CLAIM,
        st -> {
          st.setLong(1, settings.lease().toMillis());
          st.setObject(2, clock.instant().atOffset(ZoneOffset.UTC));
          st.setInt(3, most);
        },
        row -> new Turn(row.getLong(1), row.getObject(2, UUID.class)));
  }

  /** What is due, in its order; nothing where the turn is over or the endpoint switched off. */
  CompletionStage<List<Due>> due(Turn turn) {
    return db.transaction(
        "read what is due for a webhook",
        connection -> keep(connection, turn) ? due(connection, turn) : List.of());
  }

  private boolean keep(Connection connection, Turn turn) throws SQLException {
    return Db.update(
            connection,
            KEEP,
            st -> {
              st.setLong(1, settings.lease().toMillis());
              st.setLong(2, turn.endpoint());
              st.setObject(3, turn.token());
            })
        == 1;
  }

  private List<Due> due(Connection connection, Turn turn) throws SQLException {
    var now = clock.instant();
    var valid = secrets.valid(connection, turn.endpoint(), now);
    return Db.query(
        connection,
        DUE,
        st -> {
          st.setLong(1, turn.endpoint());
          st.setObject(2, now.atOffset(ZoneOffset.UTC));
          st.setInt(3, AT_ONCE);
        },
        row ->
            new Due(
                row.getLong(1),
                Delivery.webhookId(row.getString(2)),
                row.getString(3),
                row.getInt(4),
                row.getInt(5),
                row.getString(6),
                valid));
  }

  CompletionStage<Integer> release(Turn turn) {
    return db.update(
        RELEASE,
        st -> {
          st.setLong(1, turn.endpoint());
          st.setObject(2, turn.token());
        });
  }

  /**
   * Writes down what became of an attempt. Where the lease was lost meanwhile nothing is written:
   * whoever has it sends the delivery again.
   */
  CompletionStage<Settled> settle(Turn turn, Due due, Attempt attempt) {
    return db.transaction(
        "settle a webhook's delivery", connection -> settle(connection, turn, due, attempt));
  }

  private Settled settle(Connection connection, Turn turn, Due due, Attempt attempt)
      throws SQLException {
    var health =
        Db.query(
            connection,
            LOCK,
            st -> {
              st.setObject(1, attempt.at().atOffset(ZoneOffset.UTC));
              st.setLong(2, turn.endpoint());
              st.setObject(3, turn.token());
            },
            row -> new Health(Db.instant(row, 1), row.getInt(2)));
    if (health.isEmpty()) {
      return new Settled(false, "");
    }
    if (attempt.succeeded()) {
      write(connection, turn, due, attempt, Delivery.Status.DELIVERED, null);
      Db.update(
          connection,
          SUCCEEDED,
          st -> {
            st.setLong(1, settings.lease().toMillis());
            st.setObject(2, attempt.at().atOffset(ZoneOffset.UTC));
            st.setLong(3, turn.endpoint());
          });
      return new Settled(true, "");
    }
    return failed(connection, turn, due, attempt, health.getFirst());
  }

  private Settled failed(Connection connection, Turn turn, Due due, Attempt attempt, Health health)
      throws SQLException {
    var retries = settings.retries();
    var again = due.attempts() < retries.size() && !attempt.gone();
    var next = again ? attempt.at().plus(pause(retries.get(due.attempts()), attempt)) : null;
    var status = again ? Delivery.Status.PENDING : Delivery.Status.FAILED;
    write(connection, turn, due, attempt, status, next);
    Db.update(
        connection,
        FAILED,
        st -> {
          st.setLong(1, settings.lease().toMillis());
          st.setObject(2, health.failingSince().atOffset(ZoneOffset.UTC));
          st.setInt(3, health.failures());
          st.setLong(4, turn.endpoint());
        });
    var reason = reasonToDisable(attempt, health);
    if (reason.isEmpty()) {
      return new Settled(true, "");
    }
    var disabled =
        Db.update(
            connection,
            DISABLE,
            st -> {
              st.setObject(1, attempt.at().atOffset(ZoneOffset.UTC));
              st.setString(2, reason);
              st.setLong(3, turn.endpoint());
            });
    return new Settled(disabled == 0, disabled == 0 ? "" : reason);
  }

  private String reasonToDisable(Attempt attempt, Health health) {
    if (attempt.gone()) {
      return "the receiver answered 410: it is gone";
    }
    return health.failures() >= settings.disableAttempts()
            && !attempt.at().isBefore(health.failingSince().plus(settings.disableAfter()))
        ? "nothing was delivered since %s, in %d attempts"
            .formatted(Json.time(health.failingSince()), health.failures())
        : "";
  }

  // Up to a fifth longer, so that those who failed together do not return together.
  private Duration pause(Duration usual, Attempt attempt) {
    var wait = usual.plusMillis((long) (usual.toMillis() * 0.2 * random.nextDouble()));
    return wait.compareTo(attempt.retryAfter()) < 0 ? attempt.retryAfter() : wait;
  }

  private static void write(
      Connection connection,
      Turn turn,
      Due due,
      Attempt attempt,
      Delivery.Status status,
      @Nullable Instant next)
      throws SQLException {
    Db.update(
        connection,
        SETTLE,
        st -> {
          for (var column : List.of(1, 3, 5)) {
            st.setInt(column, due.resends());
          }
          st.setString(2, status.word());
          st.setInt(4, due.attempts() + 1);
          st.setObject(6, next == null ? null : next.atOffset(ZoneOffset.UTC));
          st.setObject(7, attempt.at().atOffset(ZoneOffset.UTC));
          st.setObject(8, attempt.status());
          st.setInt(9, (int) Math.min(attempt.latency().toMillis(), Integer.MAX_VALUE));
          st.setString(10, attempt.error());
          st.setLong(11, turn.endpoint());
          st.setLong(12, due.position());
        });
  }
}
