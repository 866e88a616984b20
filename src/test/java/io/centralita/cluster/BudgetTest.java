package io.centralita.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.outside.Gate.Lane;
import io.centralita.outside.Gate.Share;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One limit among several nodes; every step of each test adds up what is in force. */
final class BudgetTest {
  private static final Limit HUNDRED = Limit.atOnce(100);

  private static SimulatedCluster cluster(Limit limit, int nodes) {
    return new SimulatedCluster(limit, nodes, 1, 1, 0);
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  @Test
  void singleNode_hasAllOfItAtOnce() {
    var cluster = cluster(new Limit(100, 500), 1);

    cluster.run(millis(10));

    assertEquals(new Share(100, 500), cluster.nodes.getFirst().gate.share());
  }

  @Test
  void demand_isFollowedWithinASecond_andAnIdleNodesFirstCallBeginsAtOnce() {
    var cluster = cluster(HUNDRED, 3);
    var first = cluster.nodes.get(0);
    var second = cluster.nodes.get(1);
    first.demand = 1000;
    cluster.run(millis(2000));
    assertEquals(98, first.gate.inside());

    var begun = new AtomicInteger();
    second.gate.ticket("bob", Lane.ORDINARY, begun::incrementAndGet).enter();
    assertEquals(1, begun.get(), "without waiting for anybody");
    second.gate.leave("ana", true);
    second.demand = 1000;
    cluster.run(millis(1000));

    assertTrue(first.gate.inside() <= 52, first.gate.inside() + " calls of the first");
    assertTrue(second.gate.inside() >= 48, second.gate.inside() + " calls of the second");
    second.demand = 0;
    while (second.gate.waiting() > 0) {
      cluster.run(millis(100));
    }
    cluster.run(millis(1000));
    assertTrue(first.gate.inside() >= 97, first.gate.inside() + " calls of the first");
  }

  @Test
  void rate_isDividedAsWell_andTheWholeIsUsed() {
    var cluster = cluster(new Limit(1000, 100), 3);
    var first = cluster.nodes.get(0);
    var second = cluster.nodes.get(1);
    first.demand = 1000;
    cluster.run(millis(2000));
    var before = first.answered;
    cluster.run(millis(10_000));
    var alone = first.answered - before;
    assertTrue(alone >= 950 && alone <= 1006, alone + " calls in ten seconds");

    second.demand = 1000;
    cluster.run(millis(2000));
    before = first.answered + second.answered;
    cluster.run(millis(10_000));
    var both = first.answered + second.answered - before;
    assertTrue(both >= 950 && both <= 1010, both + " calls in ten seconds");
    assertTrue(second.answered >= 450, second.answered + " of the second");
  }

  @Test
  void moreNodesThanTheLimit_allHaveTheirTurns() {
    var cluster = cluster(Limit.atOnce(2), 5);
    cluster.nodes.forEach(node -> node.demand = 10);

    cluster.run(millis(20_000));

    cluster.nodes.forEach(
        node -> assertTrue(node.answered >= 20, node.name + ": " + node.answered + " calls"));
    var all = cluster.nodes.stream().mapToInt(node -> node.answered).sum();
    assertTrue(all >= 200, all + " calls of about 320");
  }

  @Test
  void deadNode_itsShareIsGivenOn_onlyWhenItHasLapsedThere() {
    var cluster = cluster(HUNDRED, 2);
    var dead = cluster.nodes.get(0);
    var survivor = cluster.nodes.get(1);
    dead.demand = 1000;
    cluster.run(millis(1000));
    dead.cutOff = true;
    survivor.demand = 1000;

    // Cut off, it goes on: what it has counts until it lapses.
    cluster.run(millis(6000));
    assertTrue(dead.gate.inside() > 90);
    assertTrue(survivor.gate.inside() < 10);
    cluster.run(millis(2500));

    assertEquals(0, dead.gate.inside());
    assertEquals(100, survivor.gate.inside());
    dead.cutOff = false;
    cluster.run(millis(2000));
    assertTrue(dead.gate.inside() >= 48, dead.gate.inside() + " calls of the one that came back");
  }

  @Test
  void nodeRemovedFromTheCluster_itsShareIsGivenOnAfterTheMargin() {
    var cluster = cluster(HUNDRED, 2);
    var survivor = cluster.nodes.get(1);
    cluster.nodes.get(0).demand = 1000;
    cluster.run(millis(1000));
    cluster.kill(cluster.nodes.get(0));
    survivor.demand = 1000;
    cluster.run(millis(2000));
    assertTrue(survivor.gate.inside() < 10);

    cluster.removed("node-0", millis(1500));
    cluster.run(millis(1400));
    assertTrue(survivor.gate.inside() < 10);
    cluster.run(millis(800));

    assertEquals(100, survivor.gate.inside());
  }

  @Test
  void budgetLostAndMadeAnew_nodesGoOnMeanwhile_andNothingIsGivenTwice() {
    var cluster = cluster(HUNDRED, 3);
    cluster.nodes.get(0).demand = 1000;
    cluster.run(millis(1000));
    cluster.stopBudget();
    cluster.run(millis(5000));
    assertTrue(cluster.nodes.get(0).gate.inside() > 90);

    cluster.startBudget();
    cluster.nodes.get(1).demand = 1000;
    cluster.run(millis(1000));

    assertTrue(cluster.nodes.get(0).gate.inside() >= 45);
    assertTrue(cluster.nodes.get(1).gate.inside() >= 45);
  }

  @Test
  void budgetMadeAnew_beforeANodeIsHeard_givesNothingThatItMayHold() {
    var cluster = cluster(HUNDRED, 2);
    var silent = cluster.nodes.get(0);
    var other = cluster.nodes.get(1);
    silent.demand = 1000;
    cluster.run(millis(1000));
    other.demand = 1000;
    silent.cutOff = true;
    cluster.startBudget();
    cluster.run(millis(6500));
    assertTrue(other.gate.inside() < 10, other.gate.inside() + " calls");

    cluster.run(millis(3500));

    assertEquals(100, other.gate.inside());
  }

  @Test
  void throttled_anywhere_closesAllAtOnce_halvesOnce_andSuccessRaisesItAgain() {
    var cluster = cluster(new Limit(100, 1000), 2);
    cluster.nodes.forEach(node -> node.demand = 1000);
    cluster.run(millis(1000));

    for (var i = 0; i < 40; i++) {
      cluster.nodes.get(0).throttled(Duration.ofSeconds(3));
    }
    cluster.run(millis(300));
    cluster.nodes.forEach(node -> assertEquals(0, node.gate.inside(), node.name));
    var closed = cluster.snapshot();
    assertEquals(new Limit(50, 500), closed.inForce());
    assertNotNull(closed.closedUntil());
    assertTrue(closed.waiting() >= 1900, closed.waiting() + " waiting");

    cluster.run(millis(2600));
    cluster.nodes.forEach(node -> assertTrue(node.gate.closedFor().isPositive()));
    cluster.run(millis(600));
    var inside = cluster.nodes.stream().mapToInt(node -> node.gate.inside()).sum();
    assertTrue(inside >= 45 && inside <= 53, inside + " calls of all");
    assertNull(cluster.snapshot().closedUntil());

    cluster.run(millis(40_000));
    assertEquals(new Limit(100, 1000), cluster.snapshot().inForce());
  }

  @Test
  void throttledForSeconds_halvesOnceASecond_downToOneCall_andTheNewBudgetKnows() {
    var cluster = cluster(HUNDRED, 2);
    for (var i = 0; i < 100; i++) {
      cluster.nodes.get(1).throttled(millis(10));
      cluster.run(millis(100));
    }
    assertEquals(1, inForce(cluster).atOnce());

    cluster.startBudget();
    cluster.nodes.get(1).demand = 10;
    cluster.run(millis(100));

    assertTrue(inForce(cluster).atOnce() < 10, inForce(cluster) + " after a new beginning");
  }

  private static Limit inForce(SimulatedCluster cluster) {
    var inForce = cluster.snapshot().inForce();
    assertNotNull(inForce);
    return inForce;
  }

  @Test
  void limitChanged_byOneNode_holdsForAll() {
    var cluster = cluster(HUNDRED, 2);
    cluster.nodes.forEach(node -> node.demand = 1000);
    cluster.run(millis(1000));

    cluster.nodes.get(0).limit(Limit.atOnce(10));
    cluster.run(millis(1000));
    cluster.checkAgainst(Limit.atOnce(10));
    cluster.run(millis(3000));
    assertEquals(10, inForce(cluster).atOnce());

    cluster.checkAgainst(Limit.atOnce(300));
    cluster.nodes.get(1).limit(Limit.atOnce(300));
    cluster.run(millis(1000));
    assertTrue(cluster.mostInside >= 290, cluster.mostInside + " at most");

    // Also a budget that is made anew hears of it.
    cluster.startBudget();
    cluster.run(millis(1000));
    assertEquals(300, inForce(cluster).atOnce());
  }

  @Test
  void nodeThatCallsTheTargetNoMore_isNotWaitedFor() {
    var cluster = cluster(HUNDRED, 3);
    cluster.nodes.get(0).demand = 1000;
    cluster.run(millis(1000));
    cluster.nodes.get(1).forget();
    cluster.nodes.get(2).forget();
    cluster.run(millis(100));
    assertEquals(Share.NONE, cluster.nodes.get(1).gate.share());

    cluster.startBudget();
    cluster.run(millis(1000));

    assertEquals(100, cluster.nodes.get(0).gate.inside());
    assertFalse(cluster.snapshot().nodes().isEmpty());
  }

  /** Nodes die, join and are cut off, budgets are lost; messages are slow and some are lost. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anything_inAnyOrder_neverPassesTheLimit_andEndsWell(long seed) {
    var random = new Random(seed);
    var cluster = new SimulatedCluster(new Limit(20 + random.nextInt(80), 400), 3, seed, 40, 20);
    cluster.longest = 800; // no longer than a share counts after it has lapsed
    for (var step = 0; step < 120; step++) {
      var node = cluster.nodes.get(random.nextInt(cluster.nodes.size()));
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> node.demand = random.nextInt(3) == 0 ? 0 : random.nextInt(300);
        case 4 -> node.cutOff = !node.cutOff;
        case 5 -> {
          if (cluster.nodes.size() > 2) {
            cluster.kill(node);
          }
          cluster.join("joined-" + step);
        }
        case 6 -> cluster.stopBudget();
        case 7, 8 -> cluster.startBudget();
        default -> node.throttled(Duration.ofMillis(random.nextInt(2000)));
      }
      cluster.run(millis(random.nextInt(1000)));
    }

    cluster.startBudget();
    cluster.nodes.forEach(
        node -> {
          node.cutOff = false;
          node.demand = 300;
        });
    cluster.run(millis(12_000));
    cluster.nodes.forEach(node -> assertTrue(node.gate.share().atOnce() > 0, node.name));
  }
}
