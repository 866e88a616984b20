package io.centralita.cluster;

import io.centralita.outside.Gate;
import io.centralita.outside.Gate.Lane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.BehaviorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Nodes with gates and one budget, all real, on one thread: the clock, the network between them and
 * the calls are played. After every step the shares in force, and the calls, are added up.
 */
final class SimulatedCluster {
  static final String TARGET = "portal";

  private static final long MILLI = Duration.ofMillis(1).toNanos();

  private record Event(long at, long order, Runnable what) {}

  /** A node: it keeps as many calls under way or waiting as it is told to. */
  final class Node {
    final String name;
    final Gate gate = new Gate(Gate.Share.NONE, Runnable::run, never, () -> now);
    private final BehaviorTestKit<Allotments.Message> kit;
    private final Random random = new Random(17);
    int demand;
    int answered;
    boolean cutOff;
    boolean dead;
    private long lastArrival;

    private Node(String name) {
      this.name = name;
      this.kit =
          BehaviorTestKit.create(Allotments.create(name, (_, command) -> send(command), () -> now));
      gate.onShortage(() -> later(0, () -> take(new Allotments.Wanting(TARGET))));
    }

    private void take(Allotments.Message message) {
      if (!dead) {
        kit.run(message);
      }
    }

    private void send(Budget.Command command) {
      if (!cutOff && !dead) {
        arrive(this, () -> toBudget(command));
      }
    }

    /** To that very budget and to none after it. */
    private void send(BehaviorTestKit<Budget.Command> to, Budget.Command command) {
      if (!cutOff && !dead) {
        arrive(
            this,
            () -> {
              if (budget.contains(to)) {
                to.run(command);
              }
            });
      }
    }

    void limit(Limit limit) {
      var toldAt = now / MILLI;
      later(0, () -> take(new Allotments.Limited(TARGET, gate, limit, toldAt)));
    }

    void forget() {
      demand = 0;
      later(0, () -> take(new Allotments.Forget(TARGET)));
    }

    void throttled(Duration pause) {
      gate.throttled(pause);
    }

    private void work() {
      while (gate.inside() + gate.waiting() < demand) {
        gate.ticket(
                "ana",
                Lane.ORDINARY,
                () ->
                    later(
                        (shortest + random.nextInt(longest - shortest + 1)) * MILLI,
                        () -> {
                          answered++;
                          gate.leave("ana", true);
                        }))
            .enter();
      }
      gate.close(Duration.ZERO); // lets in whom the clock allows in by now
    }

    private void receive() {
      for (var message : kit.selfInbox().getAllReceived()) {
        if (!cutOff && !dead) {
          arrive(this, () -> take(message));
        }
      }
    }
  }

  private final ScheduledThreadPoolExecutor never =
      new ScheduledThreadPoolExecutor(0) {
        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
          return super.schedule(command, 1, TimeUnit.DAYS); // the simulation wakes gates itself
        }
      };

  final List<Node> nodes = new ArrayList<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private final Random network;
  private final int slowest;
  private final int lostOfThousand;
  private final List<BehaviorTestKit<Budget.Command>> budget = new ArrayList<>(1);
  private Limit limit;
  private long now = Duration.ofHours(1).toNanos();
  private long order;
  private long incarnations;

  int shortest = 50;
  int longest = 200;
  int mostInside;

  /**
   * @param slowest the longest way of a message, in milliseconds
   */
  SimulatedCluster(Limit limit, int nodes, long seed, int slowest, int lostOfThousand) {
    this.limit = limit;
    this.network = new Random(seed);
    this.slowest = slowest;
    this.lostOfThousand = lostOfThousand;
    for (var i = 0; i < nodes; i++) {
      this.nodes.add(new Node("node-" + i));
    }
    startBudget();
    this.nodes.forEach(node -> node.limit(limit));
  }

  Node join(String name) {
    var node = new Node(name);
    nodes.add(node);
    node.limit(limit);
    return node;
  }

  /** A node that ends without a word; its calls end with it. */
  void kill(Node node) {
    node.dead = true;
    nodes.remove(node);
  }

  void removed(String node, Duration margin) {
    toBudget(new Budget.Removed(node, margin));
  }

  void stopBudget() {
    budget.clear();
  }

  void startBudget() {
    Map<String, ActorRef<Allotments.Remote>> present = new HashMap<>();
    nodes.forEach(node -> present.put(node.name, node.kit.getRef().narrow()));
    budget.clear();
    budget.add(
        BehaviorTestKit.create(
            Budget.create(
                TARGET,
                ++incarnations,
                present,
                () -> now,
                InstantSource.fixed(Instant.parse("2026-01-06T12:00:00Z")))));
    receive();
  }

  Budgets.Snapshot snapshot() {
    TestInbox<Budgets.Snapshot> inbox = TestInbox.create();
    budget.getFirst().run(new Budget.Look(inbox.getRef()));
    return inbox.receiveMessage();
  }

  /** From now on what is in force must be within that. */
  void checkAgainst(Limit changed) {
    limit = changed;
  }

  void run(Duration time) {
    var end = now + time.toNanos();
    var tick = now;
    while (now < end) {
      now += MILLI;
      for (var next = events.peek(); next != null && next.at() <= now; next = events.peek()) {
        events.remove();
        next.what().run();
        receive();
      }
      nodes.forEach(Node::work);
      if (now - tick >= 100 * MILLI) {
        tick = now;
        nodes.forEach(node -> node.take(Allotments.Tick.TICK));
      }
      receive();
      check();
    }
  }

  /** What was said since goes on its way. */
  private void receive() {
    nodes.forEach(Node::receive);
    for (var current : budget) {
      for (var command : current.selfInbox().getAllReceived()) {
        switch (command) {
          case Budget.Report r -> named(r.node()).ifPresent(node -> node.send(current, r));
          case Budget.Nothing n -> named(n.node()).ifPresent(node -> node.send(current, n));
          case Budget.Look _, Budget.Removed _, Budget.Stop _ ->
              throw new AssertionError("nobody says that");
        }
      }
    }
  }

  private Optional<Node> named(String name) {
    return nodes.stream().filter(node -> node.name.equals(name)).findFirst();
  }

  private void check() {
    var atOnce = nodes.stream().mapToInt(node -> node.gate.share().atOnce()).sum();
    var perSecond = nodes.stream().mapToDouble(node -> node.gate.share().perSecond()).sum();
    var inside = nodes.stream().mapToInt(node -> node.gate.inside()).sum();
    mostInside = Math.max(mostInside, inside);
    if (atOnce > limit.atOnce()
        || perSecond > limit.perSecond() * 1.000001
        || inside > limit.atOnce()) {
      throw new AssertionError(
          "%s: shares of %d and %s a second, %d calls under way"
              .formatted(limit, atOnce, perSecond, inside));
    }
  }

  private void toBudget(Budget.Command command) {
    if (!budget.isEmpty()) {
      budget.getFirst().run(command);
    }
  }

  /** Messages between two keep their order; some are lost. */
  private void arrive(Node node, Runnable what) {
    if (network.nextInt(1000) >= lostOfThousand) {
      var delay = (1 + (slowest > 1 ? network.nextInt(slowest) : 0)) * MILLI;
      node.lastArrival = Math.max(node.lastArrival + 1, now + delay);
      events.add(new Event(node.lastArrival, order++, what));
    }
  }

  private void later(long nanos, Runnable what) {
    events.add(new Event(now + nanos, order++, what));
  }
}
