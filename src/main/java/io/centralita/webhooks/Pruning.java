package io.centralita.webhooks;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what is older than the retention, a little at a time: events with their deliveries,
 * also those that were never sent, and endpoints that were removed.
 */
final class Pruning {
  private static final Logger log = LoggerFactory.getLogger(Pruning.class);
  private static final int AT_ONCE = 500;

  private static final String OLD_EVENTS =
      """
      DELETE FROM webhook_events WHERE id IN (
        SELECT id FROM webhook_events WHERE created_at < ? ORDER BY created_at LIMIT ?
        FOR UPDATE SKIP LOCKED)
      """;

  private static final String REMOVED =
      """
      DELETE FROM webhook_endpoints WHERE id IN (
        SELECT e.id FROM webhook_endpoints e
        WHERE e.removed_at < ?
          AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.endpoint_id = e.id)
        LIMIT ?
        FOR UPDATE SKIP LOCKED)
      """;

  private final Db db;
  private final Duration retention;
  private final InstantSource clock;

  Pruning(Db db, Duration retention, InstantSource clock) {
    this.db = db;
    this.retention = retention;
    this.clock = clock;
  }

  /** Prunes now, and then again and again. */
  void begin(ScheduledExecutorService scheduler, Duration every) {
    all()
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                log.warn("old webhooks' events could not be removed; tried again later", failure);
              }
              if (!scheduler.isShutdown()) {
                var _ =
                    scheduler.schedule(
                        () -> begin(scheduler, every), every.toMillis(), TimeUnit.MILLISECONDS);
              }
            });
  }

  /** Completes with how many rows went, when there is nothing old any more. */
  CompletionStage<Integer> all() {
    return db.transaction("remove old webhooks' events", this::some)
        .thenCompose(
            some ->
                some == 0
                    ? CompletableFuture.completedStage(0)
                    : all().thenApply(more -> some + more));
  }

  private int some(Connection connection) throws SQLException {
    var until = clock.instant().minus(retention).atOffset(ZoneOffset.UTC);
    var gone = 0;
    for (var sql : new String[] {OLD_EVENTS, REMOVED}) {
      gone +=
          Db.update(
              connection,
              sql,
              st -> {
                st.setObject(1, until);
                st.setInt(2, AT_ONCE);
              });
    }
    return gone;
  }
}
