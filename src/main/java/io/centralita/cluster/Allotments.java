package io.centralita.cluster;

import io.centralita.actor.CborSerializable;
import io.centralita.outside.Gate;
import io.centralita.outside.Gate.Share;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * This node's shares of all budgets: it tells each budget how its gate is used, and its gate what
 * the budget gives. A share is valid from the moment when it was asked for, by this node's clock,
 * so that it lapses here before anybody else is given it.
 */
final class Allotments extends AbstractMatchingBehavior<Allotments.Message> {

  /** The name by which budgets find it on every node. */
  static final String NAME = "budgets";

  /** A gate in use reports so often, one with nothing to do, and one that begs or obeys at most. */
  static final Duration EVERY = Duration.ofMillis(500);

  private static final Duration IDLE_EVERY = Duration.ofSeconds(2);
  private static final Duration LEAST = Duration.ofMillis(50);
  private static final Duration TICK = Duration.ofMillis(100);

  sealed interface Message {}

  /** From a budget, wherever it lives. */
  sealed interface Remote extends Message, CborSerializable {}

  /** A budget begins, and asks what the node holds of an earlier one, which counts no more. */
  record Declare(String target, long incarnation, ActorRef<Budget.Command> budget)
      implements Remote {}

  /** A share; see {@link Budget.Report} and {@link Ledger.Give} for what it repeats. */
  record Grant(
      String target,
      long incarnation,
      long version,
      long sentAt,
      Share share,
      Limit limit,
      long limitToldAt,
      double level,
      Duration closed,
      boolean confirm)
      implements Remote {}

  /** A gate of this node for a target, or another limit for it. */
  record Limited(String target, Gate gate, Limit limit, long toldAt) implements Message {}

  /** A gate has calls waiting for more, or a complaint to pass on. */
  record Wanting(String target) implements Message {}

  /** The target is called no more. */
  record Forget(String target) implements Message {}

  /** The node leaves the cluster: nothing may be left waiting for a budget that moves. */
  enum Leave implements Message {
    LEAVE
  }

  /** Time to see whose report is due. */
  enum Tick implements Message {
    TICK
  }

  private static final class Allotment {
    final Gate gate;
    @Nullable ActorRef<Budget.Command> budget;
    Limit limit;
    long limitToldAt;
    long incarnation;
    long version;
    Share share = Share.NONE;
    long lapsesAt;
    long reportedAt;
    double level = 1;
    boolean used;
    boolean urgent;

    Allotment(Limited first, long now) {
      gate = first.gate();
      limit = first.limit();
      limitToldAt = first.toldAt();
      lapsesAt = now;
      reportedAt = now - EVERY.toNanos();
    }
  }

  private final ActorContext<Message> context;
  private final String node;
  private final BiConsumer<String, Budget.Command> budgets;
  private final LongSupplier nanoTime;
  private final Map<String, Allotment> allotments = new HashMap<>();
  private long seq;
  private boolean leaving;

  private Allotments(
      ActorContext<Message> context,
      String node,
      BiConsumer<String, Budget.Command> budgets,
      LongSupplier nanoTime) {
    super(context);
    this.context = context;
    this.node = node;
    this.budgets = budgets;
    this.nanoTime = nanoTime;
  }

  /**
   * @param node this node's name, which no earlier node has had
   * @param budgets tells the budget of a target something
   */
  static Behavior<Message> create(
      String node, BiConsumer<String, Budget.Command> budgets, LongSupplier nanoTime) {
    return Behaviors.withTimers(
        timers -> {
          timers.startTimerWithFixedDelay(Tick.TICK, TICK);
          return Behaviors.setup(context -> new Allotments(context, node, budgets, nanoTime));
        });
  }

  @Override
  public Behavior<Message> onMessage(Message message) {
    switch (message) {
      case Limited l -> onLimited(l);
      case Wanting s -> onShort(s.target());
      case Declare d -> onDeclare(d);
      case Grant g -> onGrant(g);
      case Forget f -> {
        var allotment = allotments.remove(f.target());
        if (allotment != null) {
          close(allotment);
        }
      }
      case Leave _ -> leaving = true;
      case Tick _ -> {
        var now = nanoTime.getAsLong();
        allotments.forEach(
            (target, allotment) -> {
              if (isDue(allotment, now)) {
                report(target, allotment);
              }
            });
      }
    }
    return this;
  }

  /** A node that leaves the cluster calls nobody more: others are given what it had. */
  @Override
  public Behavior<Message> onSignal(Signal signal) {
    if (signal instanceof PostStop) {
      allotments.values().forEach(this::close);
    }
    return this;
  }

  private void close(Allotment allotment) {
    allotment.gate.share(Share.NONE, nanoTime.getAsLong());
  }

  private void onLimited(Limited limited) {
    var known = allotments.get(limited.target());
    if (known == null) {
      known = new Allotment(limited, nanoTime.getAsLong());
      allotments.put(limited.target(), known);
    } else {
      known.limit = limited.limit();
      known.limitToldAt = limited.toldAt();
    }
    report(limited.target(), known);
  }

  private void onShort(String target) {
    var allotment = allotments.get(target);
    if (allotment != null) {
      reportSoon(target, allotment);
    }
  }

  private void reportSoon(String target, Allotment allotment) {
    allotment.urgent = true; // where it is too soon the next tick does it
    if (nanoTime.getAsLong() - allotment.reportedAt >= LEAST.toNanos()) {
      report(target, allotment);
    }
  }

  private void onDeclare(Declare declare) {
    var allotment = allotments.get(declare.target());
    if (allotment == null) {
      declare.budget().tell(new Budget.Nothing(node, declare.incarnation()));
      return;
    }
    allotment.incarnation = declare.incarnation();
    allotment.budget = declare.budget();
    declare.budget().tell(next(allotment));
  }

  private void onGrant(Grant grant) {
    var allotment = allotments.get(grant.target());
    if (allotment == null
        || grant.incarnation() != allotment.incarnation
        || grant.version() <= allotment.version) {
      return;
    }
    allotment.version = grant.version();
    allotment.share = grant.share();
    allotment.lapsesAt = grant.sentAt() + Ledger.VALID.toNanos();
    allotment.level = grant.level();
    if (grant.limitToldAt() > allotment.limitToldAt) {
      allotment.limit = grant.limit();
      allotment.limitToldAt = grant.limitToldAt();
    }
    if (grant.closed().isPositive()) {
      allotment.gate.close(grant.closed());
    }
    allotment.gate.share(allotment.share, allotment.lapsesAt);
    if (grant.confirm()) {
      reportSoon(grant.target(), allotment);
    }
  }

  private static boolean isDue(Allotment allotment, long now) {
    var since = now - allotment.reportedAt;
    var inside = allotment.gate.inside();
    var wait =
        allotment.urgent || inside > allotment.share.atOnce()
            ? LEAST
            : allotment.used || inside > 0 || allotment.lapsesAt - now <= 0 ? EVERY : IDLE_EVERY;
    return since >= wait.toNanos();
  }

  /** Reports wake a budget where there is none, but for those of a node that leaves. */
  private void report(String target, Allotment allotment) {
    var budget = allotment.budget;
    if (!leaving) {
      budgets.accept(target, next(allotment));
    } else if (budget != null) {
      budget.tell(next(allotment));
    }
  }

  private Budget.Report next(Allotment allotment) {
    var now = nanoTime.getAsLong();
    var use = allotment.gate.use();
    allotment.reportedAt = now;
    allotment.urgent = false;
    allotment.used = use.begun() > 0 || use.waiting() > 0;
    seq++;
    return new Budget.Report(
        node,
        context.getSelf().narrow(),
        allotment.incarnation,
        seq,
        now,
        allotment.version,
        allotment.lapsesAt - now > 0 ? allotment.share : Share.NONE,
        allotment.limit,
        allotment.limitToldAt,
        allotment.level,
        use,
        allotment.gate.closedFor());
  }
}
