package io.centralita.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Three failures in a row; trials after one second, two, four and so on, by the test's clock. */
final class CircuitTest {
  private record Wait(Duration time, CompletableFuture<Void> over) {}

  private final ArrayDeque<Wait> waits = new ArrayDeque<>();
  private Instant now = Instant.parse("2026-01-06T10:32:07Z");
  private final Circuit circuit =
      new Circuit(
          "the portal",
          new Circuit.Settings(3, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), 2)),
          () -> now,
          new Random(1),
          time -> {
            var over = new CompletableFuture<Void>();
            waits.add(new Wait(time, over));
            return over;
          });

  private void open() {
    circuit.failed("timeout");
    circuit.failed("timeout");
    circuit.failed("connection failed");
  }

  private CompletableFuture<Void> passable() {
    return passable("ana");
  }

  private CompletableFuture<Void> passable(String owner) {
    return circuit.passable(owner).toCompletableFuture();
  }

  private Duration elapse() {
    var wait = waits.remove();
    now = now.plus(wait.time());
    wait.over().complete(null);
    return wait.time();
  }

  @Test
  void failures_interruptedByAnAnswer_openNothing() {
    for (var i = 0; i < 10; i++) {
      circuit.failed("timeout");
      circuit.failed("timeout");
      circuit.answered();
    }

    assertTrue(passable().isDone());
    assertTrue(circuit.enter());
    assertEquals("", circuit.reason());
    assertTrue(waits.isEmpty());
  }

  @Test
  void failures_inARow_letNobodyIn_andSayWhy() {
    open();

    assertFalse(passable().isDone());
    assertFalse(circuit.enter());
    assertTrue(
        circuit
            .reason()
            .startsWith(
                "the portal has answered nobody since 10:32:07 UTC (connection failed);"
                    + " it is tried again at 10:32:0"),
        circuit.reason());
  }

  @Test
  void trial_isMadeByOneAlone_andAnotherFollowsAfterALongerWait() {
    open();
    var first = passable();
    var second = passable();
    var earlier = Duration.ZERO;

    elapse();
    assertTrue(first.isDone());
    assertTrue(circuit.enter());
    assertFalse(circuit.enter());
    circuit.failed("timeout");
    assertFalse(second.isDone());
    for (var i = 0; i < 8; i++) {
      var wait = elapse();
      assertTrue(
          wait.compareTo(earlier) >= 0 || wait.toSeconds() >= 15, wait + " after " + earlier);
      earlier = wait;
    }
    assertTrue(second.isDone());
    assertTrue(earlier.toSeconds() >= 15 && earlier.toSeconds() <= 30, earlier.toString());
  }

  @Test
  void trial_thatNobodyWaitedFor_isTheNextComers() {
    open();
    elapse();

    assertTrue(passable().isDone());
    assertTrue(circuit.enter());
    assertFalse(passable().isDone());
  }

  @Test
  void answer_letsAllIn() {
    open();
    var parked = List.of(passable(), passable(), passable());
    elapse();
    circuit.answered();

    assertTrue(parked.stream().allMatch(CompletableFuture::isDone));
    assertFalse(circuit.isOpen());
    assertTrue(circuit.enter());
    assertTrue(circuit.enter());
  }

  @Test
  void outage_anotherAfterTheFirst_beginsWithAShortWait_andIgnoresTheEarlierTimer() {
    open();
    elapse();
    elapse();
    elapse();
    var stale = waits.remove();
    circuit.answered();
    now = now.plusSeconds(1);
    open();
    var parked = passable();

    stale.over().complete(null);

    assertFalse(parked.isDone());
    assertEquals(1, waits.size());
    assertTrue(waits.peek().time().compareTo(Duration.ofSeconds(1)) <= 0);
  }

  @Test
  void trials_areMadeByOwnersInTurn() {
    open();
    var anas = List.of(passable(), passable(), passable());
    var bobs = passable("bob");

    elapse();
    elapse();

    assertTrue(anas.getFirst().isDone());
    assertTrue(bobs.isDone());
    assertFalse(anas.get(1).isDone());
  }

  @Test
  void withdrawn_makesNoTrial() {
    open();
    var first = passable();
    var second = passable();
    first.cancel(false);
    circuit.failed("500 from the portal");

    elapse();

    assertTrue(second.isDone());
    assertTrue(circuit.reason().contains("500 from the portal"), circuit.reason());
  }
}
