package io.centralita.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.cluster.Limit;
import io.centralita.outside.Gate;
import io.centralita.outside.Gate.Lane;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What this node has to do with a proxy, with a real gate. */
final class AccountTest {
  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  private final Gate gate = new Gate(Gate.Share.NONE, Runnable::run, scheduler);
  private final AtomicInteger forgotten = new AtomicInteger();
  private final Account account =
      new Account(
          _ -> {},
          new Account.Gates() {
            @Override
            public Gate gate(Limit limit) {
              return gate;
            }

            @Override
            public void forget() {
              forgotten.incrementAndGet();
            }
          });

  @AfterEach
  void stop() {
    scheduler.shutdownNow();
  }

  private CompletableFuture<String> call() {
    return account
        .call("ana", Lane.ORDINARY, () -> CompletableFuture.completedFuture("made"))
        .toCompletableFuture();
  }

  @Test
  void limit_takenAway_letsThoseGoOnWhoWait_andForgetsTheBudget() {
    account.stands(null, 1, true, Limit.atOnce(1));
    var waiting = call();
    assertFalse(waiting.isDone());

    account.stands(null, 1, false, null);

    assertEquals("made", waiting.join());
    assertEquals(0, gate.waiting());
    assertEquals(1, forgotten.get());
    assertEquals("made", call().join());
  }

  @Test
  void limit_inForce_isEnteredAndLeft() {
    account.stands(null, 1, true, Limit.atOnce(1));
    var waiting = call();

    gate.share(new Gate.Share(1, Double.POSITIVE_INFINITY), Long.MAX_VALUE);

    assertEquals("made", waiting.join());
    assertEquals(0, gate.inside());
    assertTrue(call().isDone());
    assertEquals(0, forgotten.get());
  }
}
