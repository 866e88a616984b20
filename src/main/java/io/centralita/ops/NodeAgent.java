package io.centralita.ops;

import com.sun.management.OperatingSystemMXBean;
import io.centralita.actor.EntityOrder;
import io.centralita.actor.Inspection;
import io.centralita.actor.LiveEntities;
import io.centralita.actor.Vitals;
import io.centralita.jobs.Holds;
import io.centralita.ops.NodeMessage.Board;
import io.centralita.ops.NodeMessage.Do;
import io.centralita.ops.NodeMessage.Done;
import io.centralita.ops.NodeMessage.Look;
import io.centralita.ops.NodeMessage.Report;
import io.centralita.ops.NodeMessage.Seen;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/** Answers for its node: how it is, and what its entities are at. Idle while nobody looks. */
final class NodeAgent extends AbstractMatchingBehavior<NodeMessage> {
  static final ServiceKey<NodeMessage> KEY = ServiceKey.create(NodeMessage.class, "operators");

  /** How long an entity on this node may take; less than what the asking node waits. */
  private static final Duration TO_ANSWER = Duration.ofMillis(1500);

  private final ActorContext<NodeMessage> context;
  private final LiveEntities live;
  private final Holds holds;
  private final String version;
  private final Supplier<CompletionStage<Map<String, Integer>>> shards;
  private final Instant startedAt = Instant.now();

  private NodeAgent(
      ActorContext<NodeMessage> context,
      LiveEntities live,
      Holds holds,
      String version,
      Supplier<CompletionStage<Map<String, Integer>>> shards) {
    super(context);
    this.context = context;
    this.live = live;
    this.holds = holds;
    this.version = version;
    this.shards = shards;
    context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
  }

  static Behavior<NodeMessage> create(
      LiveEntities live,
      Holds holds,
      String version,
      Supplier<CompletionStage<Map<String, Integer>>> shards) {
    return Behaviors.setup(context -> new NodeAgent(context, live, holds, version, shards));
  }

  @Override
  public Behavior<NodeMessage> onMessage(NodeMessage message) {
    switch (message) {
      case NodeMessage.Describe m ->
          shards
              .get()
              .exceptionally(_ -> Map.of())
              .thenAccept(found -> m.replyTo().tell(report(found)));
      case NodeMessage.StandOut m -> m.replyTo().tell(board(live.all(), m.most()));
      case Look m -> look(m);
      case Do m -> act(m);
      case NodeMessage.PassOn m -> m.entity().order(m.order());
      case NodeMessage.HoldsChanged _ -> holds.refresh();
    }
    return this;
  }

  private void look(Look m) {
    var found = live.find(m.type(), m.id());
    if (found.isEmpty()) {
      m.replyTo().tell(new Seen(null, null));
      return;
    }
    var vitals = found.get();
    this.<Inspection>ask(vitals, EntityOrder.Inspect::new)
        .handle((inspection, failure) -> failure == null ? inspection : null)
        .thenAccept(
            (@Nullable Inspection inspection) ->
                m.replyTo().tell(new Seen(vitals.snapshot(), inspection)));
  }

  private void act(Do m) {
    var found = live.find(m.type(), m.id());
    if (found.isEmpty()) {
      m.replyTo().tell(Done.ELSEWHERE);
      return;
    }
    this.<StatusReply<String>>ask(
            found.get(),
            replyTo ->
                switch (m.verb()) {
                  case PASSIVATE -> new EntityOrder.Passivate(m.dryRun(), replyTo);
                  case RESTART -> new EntityOrder.Restart(m.dryRun(), replyTo);
                })
        .handle(
            (reply, failure) -> {
              if (failure != null) {
                return new Done(true, "", "it does not answer");
              }
              return reply.isSuccess()
                  ? new Done(true, reply.getValue(), "")
                  : new Done(true, "", String.valueOf(reply.getError().getMessage()));
            })
        .thenAccept(m.replyTo()::tell);
  }

  private <T> CompletionStage<T> ask(Vitals entity, Function<ActorRef<T>, EntityOrder> order) {
    return AskPattern.ask(
        context.getSelf(),
        replyTo -> new NodeMessage.PassOn(entity, order.apply(replyTo)),
        TO_ANSWER,
        context.getSystem().scheduler());
  }

  private Report report(Map<String, Integer> shardsByType) {
    var memory = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    var machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Report(
        version,
        startedAt,
        Math.max(0, machine.getProcessCpuLoad()),
        machine.getAvailableProcessors(),
        memory.getUsed(),
        memory.getMax(),
        live.counts(),
        shardsByType);
  }

  /** The few that stand out, found when somebody looks: the entities only keep their numbers. */
  static Board board(Collection<Vitals> all, int most) {
    var now = all.stream().map(Vitals::snapshot).toList();
    return new Board(
        top(now, most, Vitals.Snapshot::stepMillis),
        top(now, most, Vitals.Snapshot::rate),
        top(now, most, Vitals.Snapshot::restarts));
  }

  static List<Vitals.Snapshot> top(
      List<Vitals.Snapshot> all, int most, ToDoubleFunction<Vitals.Snapshot> by) {
    Predicate<Vitals.Snapshot> some = one -> by.applyAsDouble(one) > 0;
    return all.stream()
        .filter(some)
        .sorted(Comparator.comparingDouble(by).reversed().thenComparing(Vitals.Snapshot::id))
        .limit(most)
        .toList();
  }
}
