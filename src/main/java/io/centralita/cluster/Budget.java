package io.centralita.cluster;

import io.centralita.actor.CborSerializable;
import io.centralita.outside.Gate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.jspecify.annotations.Nullable;

/**
 * What one target bears from the whole cluster, divided between the nodes by demand. It keeps
 * nothing: whatever it has to know after a move or a crash, the nodes know, and it gives out
 * nothing new before it has heard them all.
 */
final class Budget extends AbstractMatchingBehavior<Budget.Command> {

  static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "Budget");

  sealed interface Command {}

  /**
   * What a node says of its calls to the target; it asks for a share with it.
   *
   * @param node its address, with what tells it from an earlier node there
   * @param incarnation the budget that it follows
   * @param seq rises with each report
   * @param sentAt when, by the node's own clock
   * @param version the last share that it follows
   * @param share what is in force there
   * @param limit what the target bears, as far as the node was told
   * @param limitToldAt when it was told, in milliseconds since 1970; the latest counts
   * @param level the part of the limit that was in force as far as it knows
   * @param closed for how long it lets nobody in
   */
  record Report(
      String node,
      ActorRef<Allotments.Remote> replyTo,
      long incarnation,
      long seq,
      long sentAt,
      long version,
      Gate.Share share,
      Limit limit,
      long limitToldAt,
      double level,
      Gate.Use use,
      Duration closed)
      implements Command, CborSerializable {}

  /** A node has no gate for the target: nothing need be kept back for it. */
  record Nothing(String node, long incarnation) implements Command, CborSerializable {}

  /** Asks how things stand. */
  record Look(ActorRef<Budgets.Snapshot> replyTo) implements Command, CborSerializable {}

  /** A node is no longer in the cluster; after the margin it has ended for certain. */
  record Removed(String node, Duration margin) implements Command {}

  /** The budget moves to another node, or nobody calls the target any more. */
  enum Stop implements Command {
    STOP
  }

  private final String target;
  private final long incarnation;
  private final LongSupplier nanoTime;
  private final InstantSource clock;
  private final Ledger ledger;
  private final Level level;
  private final Map<String, ActorRef<Allotments.Remote>> nodes = new HashMap<>();
  private @Nullable Limit limit;
  private long limitToldAt;

  private Budget(
      ActorContext<Command> context,
      String target,
      long incarnation,
      Map<String, ActorRef<Allotments.Remote>> present,
      LongSupplier nanoTime,
      InstantSource clock) {
    super(context);
    this.target = target;
    this.incarnation = incarnation;
    this.nanoTime = nanoTime;
    this.clock = clock;
    var now = nanoTime.getAsLong();
    this.ledger = new Ledger(present.keySet(), now);
    this.level = new Level(now);
    present.values().forEach(this::declare);
  }

  /**
   * @param incarnation no other budget of this target, earlier or later, has the same
   * @param present the nodes of the cluster, which may hold what an earlier incarnation gave them
   * @param nanoTime the clock that shares lapse by
   */
  static Behavior<Command> create(
      String target,
      long incarnation,
      Map<String, ActorRef<Allotments.Remote>> present,
      LongSupplier nanoTime,
      InstantSource clock) {
    return Behaviors.setup(
        context -> new Budget(context, target, incarnation, present, nanoTime, clock));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Report r when r.incarnation() != incarnation -> declare(r.replyTo());
      case Report r -> onReport(r);
      case Nothing n when n.incarnation() != incarnation -> {}
      case Nothing n -> {
        ledger.holdsNothing(n.node());
        settle("", false, nanoTime.getAsLong());
      }
      case Removed r -> ledger.removed(r.node(), r.margin(), nanoTime.getAsLong());
      case Look l -> l.replyTo().tell(snapshot());
      case Stop _ -> {
        return Behaviors.stopped();
      }
    }
    return this;
  }

  private void declare(ActorRef<Allotments.Remote> node) {
    node.tell(new Allotments.Declare(target, incarnation, getContext().getSelf()));
  }

  private void onReport(Report report) {
    var now = nanoTime.getAsLong();
    var whole = limit;
    if (whole == null || report.limitToldAt() > limitToldAt) {
      whole = report.limit();
      limit = whole;
      limitToldAt = report.limitToldAt();
    }
    nodes.put(report.node(), report.replyTo());
    if (ledger.heard(report, now)) {
      level.atMost(report.level());
    }
    var closedBefore = level.closedFor(now);
    var complains = report.use().pause().isPositive();
    if (complains) {
      level.throttled(report.use().pause(), whole, now);
    } else {
      level.succeeded(report.use().answeredWell(), whole, now);
    }
    level.close(report.closed(), now);
    var toAll = complains || level.closedFor(now).compareTo(closedBefore) > 0;
    settle(report.node(), toAll, now);
  }

  private void settle(String asking, boolean toAll, long now) {
    var whole = limit;
    if (whole == null) {
      return; // nobody has a gate yet
    }
    for (var give : ledger.settle(asking, toAll, whole.times(level.part()), now)) {
      var node = nodes.get(give.node());
      if (node != null) {
        node.tell(
            new Allotments.Grant(
                target,
                incarnation,
                give.version(),
                give.sentAt(),
                give.share(),
                whole,
                limitToldAt,
                level.part(),
                level.closedFor(now),
                give.confirm()));
      }
    }
  }

  private Budgets.Snapshot snapshot() {
    var now = nanoTime.getAsLong();
    var positions = ledger.positions(now);
    var whole = limit;
    var closed = level.closedFor(now);
    return new Budgets.Snapshot(
        target,
        whole,
        whole == null ? null : whole.times(level.part()),
        closed.isPositive() ? clock.instant().plus(closed) : null,
        positions.stream().mapToInt(one -> one.use().waiting()).sum(),
        positions.stream()
            .map(
                one ->
                    new Budgets.NodeShare(
                        one.node(),
                        one.share().atOnce(),
                        one.share().perSecond(),
                        one.use().inside(),
                        one.use().waiting()))
            .toList());
  }
}
