package io.centralita.webhooks;

import io.centralita.webhooks.Turns.Turn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers, again and again: looks for what is new and what is due, and takes turns at as many
 * endpoints as may be served at once. An endpoint gets one delivery at a time, in their order.
 */
final class Dispatcher {
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  /** Reads of what is due in one turn: after that others have theirs. */
  private static final int READS_IN_A_TURN = 100;

  private final Turns turns;
  private final Sender sender;
  private final int atOnce;
  private final AtomicInteger underWay = new AtomicInteger();

  Dispatcher(Turns turns, Sender sender, int atOnce) {
    this.turns = turns;
    this.sender = sender;
    this.atOnce = atOnce;
  }

  /** Looks now, and then again and again. */
  void begin(ScheduledExecutorService scheduler, Duration every) {
    look()
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                log.warn("webhooks could not be looked for; tried again later", failure);
              }
              if (!scheduler.isShutdown()) {
                var _ =
                    scheduler.schedule(
                        () -> begin(scheduler, every), every.toMillis(), TimeUnit.MILLISECONDS);
              }
            });
  }

  /** One look, which does not wait for the turns that it begins. */
  private CompletionStage<Void> look() {
    return fannedOutAndClaimed().thenAccept(claimed -> claimed.forEach(this::take));
  }

  /** One look, and the turns that it begins, to their end. */
  CompletionStage<Void> once() {
    return fannedOutAndClaimed()
        .thenCompose(
            claimed ->
                CompletableFuture.allOf(
                    claimed.stream()
                        .map(turn -> take(turn).toCompletableFuture())
                        .toArray(CompletableFuture[]::new)));
  }

  private CompletionStage<List<Turn>> fannedOutAndClaimed() {
    return turns
        .fanOut()
        .thenCompose(
            _ -> {
              var free = atOnce - underWay.get();
              return free > 0 ? turns.claim(free) : CompletableFuture.completedStage(List.of());
            });
  }

  private CompletionStage<Void> take(Turn turn) {
    underWay.incrementAndGet();
    return read(turn, READS_IN_A_TURN)
        .thenCompose(_ -> turns.release(turn))
        .handle(
            (_, failure) -> {
              underWay.decrementAndGet();
              if (failure != null) { // the lease runs out
                log.warn("a turn of webhook {} broke off", turn.endpoint(), failure);
              }
              return null;
            });
  }

  private CompletionStage<Void> read(Turn turn, int reads) {
    if (reads == 0) {
      return CompletableFuture.completedStage(null);
    }
    return turns
        .due(turn)
        .thenCompose(
            due ->
                due.isEmpty()
                    ? CompletableFuture.completedStage(null)
                    : deliver(turn, due, 0)
                        .thenCompose(
                            whole ->
                                whole
                                    ? read(turn, reads - 1)
                                    : CompletableFuture.completedStage(null)));
  }

  /** Completes with whether the turn goes on. */
  private CompletionStage<Boolean> deliver(Turn turn, List<Due> due, int next) {
    if (next == due.size()) {
      return CompletableFuture.completedStage(true);
    }
    var one = due.get(next);
    return sender
        .send(one)
        .thenCompose(attempt -> turns.settle(turn, one, attempt))
        .thenCompose(
            settled -> {
              if (!settled.disabledReason().isEmpty()) {
                log.warn(
                    "webhook {} was switched off: {}", turn.endpoint(), settled.disabledReason());
              }
              return settled.stillOurs()
                  ? deliver(turn, due, next + 1)
                  : CompletableFuture.completedStage(false);
            });
  }
}
