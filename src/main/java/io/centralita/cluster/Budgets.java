package io.centralita.cluster;

import io.centralita.actor.CborSerializable;
import io.centralita.outside.Gate;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;
import org.jspecify.annotations.Nullable;

/**
 * What outside targets bear from the whole cluster: for each a gate on every node, and together the
 * gates let in no more than the target's limit, whatever happens to nodes. Calls cost no message.
 */
public final class Budgets {

  /**
   * How a budget stands.
   *
   * @param limit what the target bears at its best; null where no node calls it
   * @param inForce what it is given now, after complaints
   * @param closedUntil until when nobody calls it; null where it is open
   * @param waiting calls that wait on all nodes
   */
  public record Snapshot(
      String target,
      @Nullable Limit limit,
      @Nullable Limit inForce,
      @Nullable Instant closedUntil,
      int waiting,
      List<NodeShare> nodes)
      implements CborSerializable {}

  /**
   * What a node was given last, and how it used it when it last said so.
   *
   * @param node its address and uid, as {@code host:port#uid}
   */
  public record NodeShare(String node, int atOnce, double perSecond, int underWay, int waiting) {}

  private record Told(Gate gate, Limit limit) {}

  private static final Duration LOOK_WITHIN = Duration.ofSeconds(5);

  private final ClusterSharding sharding;
  private final ActorRef<Allotments.Message> allotments;
  private final Executor executor;
  private final ScheduledExecutorService scheduler;
  private final InstantSource clock;
  private final ConcurrentHashMap<String, Told> gates = new ConcurrentHashMap<>();

  private Budgets(
      ClusterSharding sharding,
      ActorRef<Allotments.Message> allotments,
      Executor executor,
      ScheduledExecutorService scheduler,
      InstantSource clock) {
    this.sharding = sharding;
    this.allotments = allotments;
    this.executor = executor;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /**
   * Lets budgets live on this node, and the node have shares of them. Only the guardian's own
   * context will do: nodes find each other's shares by name.
   *
   * @param executor where admitted calls begin
   */
  public static Budgets start(
      ActorContext<?> guardian, Executor executor, ScheduledExecutorService scheduler) {
    var system = guardian.getSystem();
    var sharding = ClusterSharding.get(system);
    var clock = InstantSource.system();
    var incarnations = new SecureRandom();
    sharding.init(
        Entity.of(
                Budget.KEY,
                entity ->
                    amongMembers(
                        Budget.create(
                            entity.getEntityId(),
                            incarnations.nextLong(),
                            members(system),
                            System::nanoTime,
                            clock)))
            .withStopMessage(Budget.Stop.STOP)
            // whoever calls a target reports to its budget, and wakes it
            .withSettings(ClusterShardingSettings.create(system).withRememberEntities(false)));
    var allotments =
        guardian.spawn(
            Allotments.create(
                name(Cluster.get(system).selfMember().uniqueAddress()),
                (target, command) -> sharding.entityRefFor(Budget.KEY, target).tell(command),
                System::nanoTime),
            Allotments.NAME);
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeClusterShutdown(),
            "budgets",
            () -> {
              allotments.tell(Allotments.Leave.LEAVE);
              return CompletableFuture.completedFuture(Done.done());
            });
    return new Budgets(sharding, allotments, executor, scheduler, clock);
  }

  /**
   * This node's gate for a target, which has its share of the limit. The same target has the same
   * gate; asked for with another limit, that limit holds for the whole cluster from now on: what
   * any node was told last counts for all.
   */
  public Gate gate(String target, Limit limit) {
    return gates
        .compute(
            target,
            (_, present) -> {
              if (present != null && present.limit().equals(limit)) {
                return present;
              }
              var gate = present == null ? newGate(target) : present.gate();
              allotments.tell(new Allotments.Limited(target, gate, limit, clock.millis()));
              return new Told(gate, limit);
            })
        .gate();
  }

  private Gate newGate(String target) {
    var gate = new Gate(Gate.Share.NONE, executor, scheduler);
    gate.onShortage(() -> allotments.tell(new Allotments.Wanting(target)));
    return gate;
  }

  /** Calls the target no more from this node: its gate lets nobody in. */
  public void forget(String target) {
    gates.computeIfPresent(
        target,
        (_, _) -> {
          allotments.tell(new Allotments.Forget(target));
          return null;
        });
  }

  /** Whether this node has a gate for the target. */
  public boolean calls(String target) {
    return gates.containsKey(target);
  }

  /** How a target's budget stands, asked of the budget itself. */
  public CompletionStage<Snapshot> snapshot(String target) {
    return sharding.entityRefFor(Budget.KEY, target).<Snapshot>ask(Budget.Look::new, LOOK_WITHIN);
  }

  /** Tells a budget of nodes that are gone. */
  private static Behavior<Budget.Command> amongMembers(Behavior<Budget.Command> budget) {
    return Behaviors.setup(
        context -> {
          var margin =
              Duration.ofNanos(
                  org.apache.pekko.cluster.Cluster.get(context.getSystem().classicSystem())
                      .downingProvider()
                      .downRemovalMargin()
                      .toNanos());
          var removed =
              context.messageAdapter(
                  MemberRemoved.class,
                  gone -> new Budget.Removed(name(gone.member().uniqueAddress()), margin));
          Cluster.get(context.getSystem())
              .subscriptions()
              .tell(Subscribe.create(removed, MemberRemoved.class));
          return budget;
        });
  }

  private static Map<String, ActorRef<Allotments.Remote>> members(ActorSystem<?> system) {
    var resolver = ActorRefResolver.get(system);
    var members = new HashMap<String, ActorRef<Allotments.Remote>>();
    for (var member : Cluster.get(system).state().getMembers()) {
      ActorRef<Allotments.Remote> there =
          resolver.resolveActorRef(member.address() + "/user/" + Allotments.NAME);
      members.put(name(member.uniqueAddress()), there);
    }
    return members;
  }

  private static String name(UniqueAddress node) {
    var address = node.address();
    return address.getHost().orElse("") + ":" + address.getPort().orElse(0) + "#" + node.longUid();
  }
}
