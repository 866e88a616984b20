package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A stop that keeps its time, whatever does not want to end. */
final class StopTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void end_ofAPoolThatWorksAndHasMoreToDo_waitsForNeither() throws Exception {
    var released = new CountDownLatch(1);
    var begun = new CountDownLatch(1);
    var queuedRan = new AtomicBoolean();
    var pool = Executors.newFixedThreadPool(1, Thread.ofPlatform().daemon().factory());
    pool.execute(
        () -> {
          begun.countDown();
          awaitDeafly(released);
        });
    pool.execute(() -> queuedRan.set(true));
    assertTrue(begun.await(20, TimeUnit.SECONDS));

    assertTimeoutPreemptively(LONG, () -> Stop.end(pool));

    released.countDown();
    assertTrue(pool.awaitTermination(20, TimeUnit.SECONDS));
    assertFalse(queuedRan.get());
  }

  @Test
  void close_ofWhatDoesNotEnd_leavesTheOthersTheirTurn() {
    var released = new CountDownLatch(1);
    var closed = new ArrayList<String>();
    var stop = Stop.within(Duration.ofMillis(50));

    assertTimeoutPreemptively(
        LONG,
        () -> {
          stop.close(() -> awaitDeafly(released));
          stop.close(
              () -> {
                throw new IllegalStateException("a close that fails");
              });
          stop.close(() -> closed.add("the last"));
        });

    released.countDown();
    assertEquals(List.of("the last"), closed);
  }

  @Test
  void phases_ofAWholeStop_leaveTimeForTheServers() {
    var shutdown =
        Settings.load(ConfigFactory.empty(), Map.of()).getConfig("pekko.coordinated-shutdown");
    var phases = shutdown.getConfig("phases");
    var sum = Duration.ZERO;
    for (var phase : phases.root().keySet()) {
      var path = phase + ".timeout";
      sum =
          sum.plus(
              phases.hasPath(path)
                  ? phases.getDuration(path)
                  : shutdown.getDuration("default-phase-timeout"));
    }

    assertEquals(12, phases.root().size());
    assertTrue(sum.compareTo(Node.PHASES) <= 0, "all phases: " + sum);
    assertTrue(Node.PHASES.compareTo(Node.STOP.minusSeconds(6)) <= 0);
    assertTrue(Node.STOP.compareTo(Duration.ofSeconds(30)) < 0);
  }

  /** Waits, and does not hear of interrupts. */
  private static void awaitDeafly(CountDownLatch latch) {
    var done = false;
    while (!done) {
      try {
        latch.await();
        done = true;
      } catch (InterruptedException _) {
        done = latch.getCount() == 0;
      }
    }
  }
}
