package io.centralita.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.outside.Gate.Lane;
import io.centralita.outside.Gate.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GateTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long MILLI = Duration.ofMillis(1).toNanos();

  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  private final List<String> begun = new ArrayList<>();
  private final AtomicLong now = new AtomicLong();

  @AfterEach
  void stop() {
    scheduler.shutdownNow();
  }

  private Gate gate(int most) {
    return new Gate(atOnce(most), Runnable::run, scheduler);
  }

  private static Share atOnce(int calls) {
    return new Share(calls, Double.POSITIVE_INFINITY);
  }

  private void enterMany(Gate gate, int calls) {
    for (var i = 0; i < calls; i++) {
      enter(gate, "ana", Lane.ORDINARY, "one of many");
    }
  }

  private Gate.Ticket enter(Gate gate, String owner, Lane lane, String call) {
    var ticket = gate.ticket(owner, lane, () -> begun.add(call));
    ticket.enter();
    return ticket;
  }

  @Test
  void enter_beyondTheLimit_waitsForSomebodyToLeave() {
    var gate = gate(1);
    enter(gate, "ana", Lane.ORDINARY, "a0");
    enter(gate, "ana", Lane.ORDINARY, "a1");
    assertEquals(List.of("a0"), begun);

    gate.leave("ana", true);

    assertEquals(List.of("a0", "a1"), begun);
  }

  @Test
  void cancel_beforeItIsEntered_keepsItOut() {
    var gate = gate(1);
    var ticket = gate.ticket("ana", Lane.ORDINARY, () -> begun.add("a0"));

    assertTrue(ticket.cancel());
    ticket.enter();

    assertTrue(begun.isEmpty());
    assertEquals(0, gate.inside() + gate.waiting());
  }

  @Test
  void hurry_beforeItIsEntered_overtakesFromTheStart() {
    var gate = gate(1);
    enter(gate, "ana", Lane.ORDINARY, "a0");
    enter(gate, "ana", Lane.ORDINARY, "a1");
    var ticket = gate.ticket("bea", Lane.ORDINARY, () -> begun.add("b0"));

    ticket.hurry();
    ticket.enter();
    gate.leave("ana", true);

    assertEquals(List.of("a0", "b0"), begun);
  }

  @Test
  void enter_urgent_overtakesEveryOwner() {
    var gate = gate(1);
    enter(gate, "ana", Lane.ORDINARY, "a0");
    enter(gate, "ana", Lane.ORDINARY, "a1");
    enter(gate, "bea", Lane.ORDINARY, "b0");
    enter(gate, "carla", Lane.URGENT, "now");

    gate.leave("ana", true);

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
    gate.leave("ana", true);

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
    gate.leave("ana", true);

    assertEquals(List.of("a0"), begun);
    assertEquals(0, gate.waiting());
  }

  @Test
  void throttled_letsNobodyInUntilTheTimeIsOver() throws Exception {
    var gate = gate(2);
    gate.throttled(Duration.ofMillis(50));
    var let = new CountDownLatch(1);
    gate.ticket("ana", Lane.URGENT, let::countDown).enter();
    assertEquals(1, let.getCount());
    assertTrue(gate.closedFor().isPositive());

    assertTrue(let.await(10, TimeUnit.SECONDS));
    assertFalse(gate.closedFor().isPositive());
  }

  @Test
  void share_thatShrinks_letsNobodyInUntilEnoughHaveLeft_evenTheUrgent() {
    var gate = gate(3);
    enterMany(gate, 3);
    gate.share(atOnce(1), Long.MAX_VALUE);
    enter(gate, "bea", Lane.URGENT, "now");

    gate.leave("ana", true);
    gate.leave("ana", true);
    assertEquals(3, begun.size());
    gate.leave("ana", true);

    assertEquals("now", begun.getLast());
  }

  @Test
  void share_thatGrows_letsInAtOnceWhoWaits() {
    var gate = new Gate(Share.NONE, Runnable::run, scheduler, now::get);
    enterMany(gate, 5);
    assertEquals(0, begun.size());

    gate.share(atOnce(4), now.get() + SECOND);

    assertEquals(4, begun.size());
    assertEquals(4, gate.inside());
    assertEquals(1, gate.waiting());
  }

  @Test
  void share_thatLapses_letsNobodyIn_untilThereIsAnother() {
    var gate = new Gate(Share.NONE, Runnable::run, scheduler, now::get);
    gate.share(atOnce(4), now.get() + SECOND);
    now.addAndGet(SECOND - 1);
    enterMany(gate, 1);
    assertEquals(1, begun.size());

    now.addAndGet(1);
    enterMany(gate, 1);
    gate.leave("ana", true);
    assertEquals(1, begun.size());
    gate.share(atOnce(4), now.get() + SECOND);

    assertEquals(2, begun.size());
  }

  @Test
  void rate_overTenSeconds_isWhatTheShareSays_whateverTheRoom() {
    var gate = new Gate(new Share(1000, 40), Runnable::run, scheduler, now::get);
    enterMany(gate, 1000);
    for (var millis = 0; millis < 10_000; millis++) {
      now.addAndGet(MILLI);
      gate.admit();
    }

    // One was at hand, and the rest came at 40 a second.
    assertTrue(begun.size() >= 400 && begun.size() <= 401, begun.size() + " calls");
  }

  @Test
  void rate_afterAPause_bringsNoMoreThanATwentiethOfASecondAtOnce() {
    var gate = new Gate(new Share(1000, 200), Runnable::run, scheduler, now::get);
    now.addAndGet(60 * SECOND);
    enterMany(gate, 100);
    assertEquals(10, begun.size());

    gate.share(new Share(1000, 2), Long.MAX_VALUE);
    now.addAndGet(60 * SECOND);
    gate.admit();
    assertEquals(11, begun.size(), "of a small rate one is saved");
  }

  @Test
  void rate_ofAShareTakenAwayAndGivenBack_bringsNoCallBesides() {
    var gate = new Gate(new Share(10, 1), Runnable::run, scheduler, now::get);
    enterMany(gate, 10);
    assertEquals(1, begun.size());
    for (var i = 0; i < 20; i++) {
      gate.share(Share.NONE, now.get());
      gate.share(new Share(10, 1), Long.MAX_VALUE);
    }
    assertEquals(1, begun.size());

    now.addAndGet(SECOND);
    gate.admit();
    assertEquals(2, begun.size());
  }

  @Test
  void rate_ofTheRealClock_wakesWhoWaitsForIt() throws Exception {
    var gate = new Gate(new Share(10, 50), Runnable::run, scheduler);
    var calls = new CountDownLatch(6);
    for (var i = 0; i < 6; i++) {
      gate.ticket("ana", Lane.ORDINARY, calls::countDown).enter();
    }

    assertTrue(calls.await(10, TimeUnit.SECONDS));
  }

  @Test
  void shortage_isToldOnceUntilTheUseIsAskedFor_andForEveryComplaint() {
    var told = new AtomicInteger();
    var gate = gate(1);
    gate.onShortage(told::incrementAndGet);
    enterMany(gate, 1);
    assertEquals(0, told.get());

    enterMany(gate, 3);
    assertEquals(1, told.get());
    gate.use();
    enterMany(gate, 1);
    assertEquals(2, told.get());

    gate.throttled(Duration.ofSeconds(60));
    gate.throttled(Duration.ofSeconds(60));
    assertEquals(4, told.get());
  }

  @Test
  void use_countsSinceItWasAskedForLast() {
    var gate = gate(2);
    enterMany(gate, 5);
    gate.leave("ana", true);
    gate.leave("ana", false);
    gate.leave("ana", true);
    gate.throttled(Duration.ofSeconds(2));
    gate.throttled(Duration.ofSeconds(1));
    gate.leave("ana", false);

    assertEquals(new Gate.Use(1, 2, 0, 5, 2, Duration.ofSeconds(2)), gate.use());
    assertEquals(new Gate.Use(1, 1, 0, 0, 0, Duration.ZERO), gate.use());
  }

  @Test
  void manyThreads_atOnce_neverPassTheShare_andAllGetIn() throws Exception {
    var gate = new Gate(atOnce(7), Runnable::run, scheduler);
    var inside = new AtomicInteger();
    var passed = new AtomicInteger();
    var all = new CountDownLatch(40_000);
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var thread = 0; thread < 4; thread++) {
        threads.execute(
            () -> {
              for (var i = 0; i < 10_000; i++) {
                gate.ticket(
                        "ana",
                        i % 9 == 0 ? Lane.URGENT : Lane.ORDINARY,
                        () -> {
                          if (inside.incrementAndGet() > 7) {
                            passed.incrementAndGet();
                          }
                          all.countDown();
                          threads.execute(
                              () -> {
                                inside.decrementAndGet();
                                gate.leave("ana", true);
                              });
                        })
                    .enter();
              }
            });
      }
      assertTrue(all.await(60, TimeUnit.SECONDS));
    }
    assertEquals(0, passed.get());
    assertEquals(0, gate.waiting());
  }
}
