package io.centralita.lookup;

import io.centralita.lookup.NumberClaims.Claimed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Numbers that this node wants and others ask for. They are looked after all together, while there
 * are any; none is waited for longer than is good.
 */
final class AskedElsewhere {
  private static final Duration EVERY = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private record Wait(int number, long until, BooleanSupplier abandoned, Consumer<Claimed> end) {}

  private final NumberClaims claims;
  private final ScheduledExecutorService scheduler;
  private final ConcurrentLinkedQueue<Wait> waits = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean looking = new AtomicBoolean();

  AskedElsewhere(NumberClaims claims, ScheduledExecutorService scheduler) {
    this.claims = claims;
    this.scheduler = scheduler;
  }

  /**
   * Waits for another node's answer.
   *
   * @param end is told the answer; or that the number is free to be asked for, or that nobody waits
   *     any more; or, after half a minute, that it is still taken
   */
  void await(int number, BooleanSupplier abandoned, Consumer<Claimed> end) {
    waits.add(new Wait(number, System.nanoTime() + LONGEST.toNanos(), abandoned, end));
    lookLater();
  }

  private void lookLater() {
    if (!waits.isEmpty() && looking.compareAndSet(false, true)) {
      var _ = scheduler.schedule(this::look, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    var all = List.copyOf(waits);
    claims
        .look(all.stream().map(Wait::number).distinct().toList())
        .whenComplete(
            (states, failure) -> {
              var ended = new ArrayList<Runnable>();
              for (var wait : all) {
                var state =
                    failure != null || wait.abandoned().getAsBoolean()
                        ? Claimed.Free.FREE
                        : states.getOrDefault(wait.number(), Claimed.Free.FREE);
                var late = System.nanoTime() - wait.until() >= 0;
                if (state != Claimed.Taken.TAKEN || late) {
                  waits.remove(wait);
                  ended.add(() -> wait.end().accept(state));
                }
              }
              looking.set(false);
              lookLater();
              ended.forEach(Runnable::run);
            });
  }
}
