package io.centralita.webhooks;

import io.centralita.db.Db;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The deliveries as owners see them and have them sent again. */
final class Deliveries {
  /** How many deliveries one replay sends again. */
  static final int MOST_REPLAYED = 10_000;

  /**
   * What a replay does.
   *
   * @param replayed how many deliveries are sent again
   * @param next where another replay goes on; null where there is nothing more
   */
  record Replayed(int replayed, @Nullable Long next) {}

  // A status in the text, and not as a parameter, has an index of its own.
  private static final String PAGE =
      Delivery.SELECT
          + """
            AND d.position < ? %s
            ORDER BY d.position DESC
            LIMIT ?
            """;

  private static final String ONE = Delivery.SELECT + "AND d.position = ?";

  private static final String RESEND =
      """
      UPDATE webhook_deliveries
      SET status = 'pending', attempts = 0, next_attempt_at = ?, resends = resends + 1
      WHERE endpoint_id = ? AND position = ?
      """;

  private static final String POSITION_AT =
      """
      SELECT position FROM webhook_deliveries
      WHERE endpoint_id = ? AND created_at >= ?
      ORDER BY position
      LIMIT 1
      """;

  // What is pending comes anyway.
  private static final String REPLAY =
      """
      WITH past AS (
        SELECT position, row_number() OVER (ORDER BY position) AS n
        FROM webhook_deliveries
        WHERE endpoint_id = ? AND position >= ? AND status <> 'pending'
        ORDER BY position
        LIMIT ?),
      again AS (
        UPDATE webhook_deliveries d SET status = 'pending', attempts = 0, next_attempt_at = ?
        FROM past
        WHERE d.endpoint_id = ? AND d.position = past.position AND past.n <= ?
        RETURNING d.position)
      SELECT (SELECT count(*) FROM again), (SELECT position FROM past WHERE n > ?)
      """;

  private final Db db;
  private final InstantSource clock;

  Deliveries(Db db, InstantSource clock) {
    this.db = db;
    this.clock = clock;
  }

  /**
   * An endpoint's deliveries, the newest first.
   *
   * @param status only those; all where it is empty
   */
  CompletionStage<List<Delivery>> before(
      long endpoint, Optional<Delivery.Status> status, long before, int limit) {
    var only = status.map(one -> "AND d.status = '" + one.word() + "'").orElse("");
    return db.query(
        PAGE.formatted(only),
        st -> {
          st.setLong(1, endpoint);
          st.setLong(2, before);
          st.setInt(3, limit);
        },
        Delivery::read);
  }

  CompletionStage<Optional<Delivery>> one(long endpoint, long position) {
    return db.queryOne(
        ONE,
        st -> {
          st.setLong(1, endpoint);
          st.setLong(2, position);
        },
        Delivery::read);
  }

  /**
   * Sends one now, whatever became of it, and once more where an attempt is under way; false where
   * there is none.
   */
  CompletionStage<Boolean> resend(long endpoint, long position) {
    return db.update(
            RESEND,
            st -> {
              st.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
              st.setLong(2, endpoint);
              st.setLong(3, position);
            })
        .thenApply(rows -> rows == 1);
  }

  /** The first position at or after a time; empty where there is none. */
  CompletionStage<Optional<Long>> positionAt(long endpoint, Instant time) {
    return db.queryOne(
        POSITION_AT,
        st -> {
          st.setLong(1, endpoint);
          st.setObject(2, time.atOffset(ZoneOffset.UTC));
        },
        row -> row.getLong(1));
  }

  /** Sends again, in their order, what there is from a position on; at most a number at a time. */
  CompletionStage<Replayed> replay(long endpoint, long from, int most) {
    return db.queryOne(
            REPLAY,
            st -> {
              st.setLong(1, endpoint);
              st.setLong(2, from);
              st.setInt(3, most + 1);
              st.setObject(4, clock.instant().atOffset(ZoneOffset.UTC));
              st.setLong(5, endpoint);
              st.setInt(6, most);
              st.setInt(7, most);
            },
            Deliveries::replayed)
        .thenApply(Optional::orElseThrow);
  }

  private static Replayed replayed(ResultSet row) throws SQLException {
    return new Replayed(row.getInt(1), row.getObject(2, Long.class));
  }
}
