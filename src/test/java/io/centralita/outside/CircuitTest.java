package io.centralita.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Three failures in a row; trials after one second, two, four and so on, by the test's clock. */
final class CircuitTest {
  private record Wait(Duration time, CompletableFuture<Void> over) {}

  private final ArrayDeque<Wait> waits = new ArrayDeque<>();
  private final List<String> heard = new ArrayList<>();
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
    return passable(heard);
  }

  private CompletableFuture<Void> passable(List<String> told) {
    CompletionStage<Void> passed = circuit.passable(told::add);
    return passed.toCompletableFuture();
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
        heard
            .getFirst()
            .startsWith(
                "the portal has answered nobody since 10:32:07 UTC (connection failed);"
                    + " it is tried again at 10:32:0"),
        heard.toString());
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
  void waiting_isToldWhenTheReasonChanges_andNotWhenItWithdrew() {
    open();
    var gone = new ArrayList<String>();
    var first = passable(gone);
    var _ = passable();
    var _ = passable();
    first.cancel(false);
    circuit.failed("500 from the portal");

    elapse();

    assertEquals(1, gone.size());
    assertEquals(3, heard.size(), heard.toString()); // two at first, and one that waits on
    assertTrue(heard.getLast().contains("500 from the portal"), heard.toString());
  }
}
