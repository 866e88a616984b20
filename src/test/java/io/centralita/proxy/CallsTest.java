package io.centralita.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.outside.Gate;
import io.centralita.outside.Gate.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls at real gates. */
final class CallsTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Gate.Share ONE = new Gate.Share(1, Double.POSITIVE_INFINITY);

  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  private final Gate gate = newGate();
  private final Calls calls = new Calls();
  private final AtomicBoolean inUse = new AtomicBoolean(true);
  private final List<String> made = new ArrayList<>();

  private Gate newGate() {
    return new Gate(Gate.Share.NONE, Runnable::run, scheduler);
  }

  @AfterEach
  void stop() {
    scheduler.shutdownNow();
  }

  private CompletableFuture<String> call(String name, Lane lane) {
    return calls
        .call(
            "ana",
            lane,
            inUse::get,
            () -> {
              made.add(name);
              return CompletableFuture.completedFuture(name);
            })
        .toCompletableFuture();
  }

  private CompletableFuture<String> call(String name) {
    return call(name, Lane.ORDINARY);
  }

  private static String refusal(CompletableFuture<String> call) {
    var cause = assertThrows(CompletionException.class, call::join).getCause();
    return String.valueOf(assertInstanceOf(Exits.NoExitException.class, cause).getMessage());
  }

  @Test
  void call_waitsTooLong_isNotMade_andLeavesTheQueue() {
    calls.enterBy(gate, Duration.ofMillis(20));

    assertTrue(refusal(call("late")).startsWith("the proxy's own limit let no call in"));
    assertEquals(0, gate.waiting());
    assertEquals(0, calls.waiting());
    assertTrue(made.isEmpty());
  }

  @Test
  void proxy_setAsideWhileCallsWait_makesNoneOfThem() {
    calls.enterBy(gate, LONG);
    var waiting = call("waiting");

    inUse.set(false);
    calls.look();

    assertEquals("the proxy was set aside", refusal(waiting));
    assertEquals("the proxy was set aside", refusal(call("later")));
    calls.enterBy(null, LONG);
    assertEquals("the proxy was set aside", refusal(call("without a limit")));
    assertEquals(0, gate.waiting());
    assertTrue(made.isEmpty());
  }

  @Test
  void proxy_setAsideAndNobodySaysSo_isNotCalledByWhoeverIsAdmitted() {
    calls.enterBy(gate, LONG);
    var waiting = call("waiting");
    inUse.set(false);

    gate.share(ONE, Long.MAX_VALUE);

    assertEquals("the proxy was set aside", refusal(waiting));
    assertEquals(0, gate.inside());
    assertTrue(made.isEmpty());
  }

  @Test
  void urgentCall_overtakesTheSameOwnersFile() {
    calls.enterBy(gate, LONG);
    var file = call("file");
    var person = call("person", Lane.URGENT);

    gate.share(ONE, Long.MAX_VALUE);

    assertTrue(file.isDone() && person.isDone());
    assertEquals(List.of("person", "file"), made);
  }

  @Test
  void call_cancelledWhileItWaits_leavesTheQueue() {
    calls.enterBy(gate, LONG);
    var withdrawn = call("withdrawn");

    withdrawn.cancel(false);

    assertEquals(0, gate.waiting());
    assertEquals(0, calls.waiting());
  }

  @Test
  void gate_replacedWhileACallEnters_keepsNobody() {
    calls.enterBy(gate, LONG);
    gate.onShortage( // which the gate says before it gives the ticket
        () -> {
          calls.enterBy(null, LONG);
          calls.enterBy(newGate(), LONG);
        });

    var entering = call("entering");

    assertEquals("entering", entering.join());
    assertFalse(call("later").isDone());
  }
}
