package io.centralita.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.outside.Gate.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GateTest {
  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  private final List<String> begun = new ArrayList<>();

  @AfterEach
  void stop() {
    scheduler.shutdownNow();
  }

  private Gate gate(int most) {
    return new Gate(most, Runnable::run, scheduler);
  }

  private Gate.Ticket enter(Gate gate, String owner, Lane lane, String call) {
    return gate.enter(owner, lane, () -> begun.add(call));
  }

  @Test
  void enter_beyondTheLimit_waitsForSomebodyToLeave() {
    var gate = gate(1);
    enter(gate, "ana", Lane.ORDINARY, "a0");
    enter(gate, "ana", Lane.ORDINARY, "a1");
    assertEquals(List.of("a0"), begun);

    gate.leave(true);

    assertEquals(List.of("a0", "a1"), begun);
  }

  @Test
  void enter_urgent_overtakesEveryOwner() {
    var gate = gate(1);
    enter(gate, "ana", Lane.ORDINARY, "a0");
    enter(gate, "ana", Lane.ORDINARY, "a1");
    enter(gate, "bea", Lane.ORDINARY, "b0");
    enter(gate, "carla", Lane.URGENT, "now");

    gate.leave(true);

    assertEquals(List.of("a0", "now"), begun);
  }

  @Test
  void hurry_movesAWaitingCallToTheFront() {
    var gate = gate(1);
    enter(gate, "ana", Lane.ORDINARY, "a0");
    enter(gate, "ana", Lane.ORDINARY, "a1");
    var wanted = enter(gate, "bea", Lane.ORDINARY, "b0");
    enter(gate, "carla", Lane.ORDINARY, "c0");

    wanted.hurry();
    gate.leave(true);

    assertEquals(List.of("a0", "b0"), begun);
  }

  @Test
  void cancel_waitingCall_neverBegins_begunCallIsToldSo() {
    var gate = gate(1);
    var first = enter(gate, "ana", Lane.ORDINARY, "a0");
    var second = enter(gate, "ana", Lane.ORDINARY, "a1");

    assertTrue(second.cancel());
    assertFalse(second.cancel());
    assertFalse(first.cancel());
    gate.leave(true);

    assertEquals(List.of("a0"), begun);
    assertEquals(0, gate.waiting());
  }

  @Test
  void throttled_halvesTheLimitOnceHoweverManyAreTold_successRaisesItAgain() {
    var gate = gate(4);
    for (var i = 0; i < 4; i++) {
      enter(gate, "ana", Lane.ORDINARY, "first");
    }
    gate.throttled(Duration.ofMillis(1));
    gate.throttled(Duration.ofMillis(1));
    while (gate.closedFor().isPositive()) {
      Thread.onSpinWait();
    }
    for (var i = 0; i < 4; i++) {
      gate.leave(false);
    }
    for (var i = 0; i < 4; i++) {
      enter(gate, "ana", Lane.ORDINARY, "second");
    }
    assertEquals(2, gate.waiting());

    gate.leave(true); // 2 + 1/2
    gate.leave(true); // 2.5 + 1/2.5 = 2.9
    gate.leave(true); // 3.2
    for (var i = 0; i < 4; i++) {
      enter(gate, "ana", Lane.ORDINARY, "third");
    }

    // One of the second lot is inside still; the limit is three again.
    assertEquals(2, gate.waiting());
  }

  @Test
  void throttled_letsNobodyInUntilTheTimeIsOver() throws Exception {
    var gate = gate(2);
    gate.throttled(Duration.ofMillis(50));
    var let = new CountDownLatch(1);
    gate.enter("ana", Lane.URGENT, let::countDown);
    assertEquals(1, let.getCount());
    assertTrue(gate.closedFor().isPositive());

    assertTrue(let.await(10, TimeUnit.SECONDS));
    assertFalse(gate.closedFor().isPositive());
  }
}
