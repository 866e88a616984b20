package io.centralita.ops;

import io.centralita.actor.EntityKind;
import io.centralita.http.ProblemException;
import io.centralita.ops.NodeMessage.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sharding.ShardRegion.ClusterShardingStats;
import org.apache.pekko.cluster.sharding.ShardRegion.ShardRegionStats;
import org.apache.pekko.cluster.sharding.typed.GetClusterShardingStats;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Leave;
import org.jspecify.annotations.Nullable;

/** The cluster's nodes: who they are, and what each says when all are asked at once. */
final class Nodes {
  /** Longer than an agent waits for an entity of its own. */
  static final Duration TO_ANSWER = Duration.ofSeconds(3);

  private static final Set<MemberStatus> HOSTING =
      Set.of(MemberStatus.up(), MemberStatus.leaving(), MemberStatus.exiting());

  /**
   * What a node answered.
   *
   * @param value null where it did not answer
   */
  record Answer<T>(String node, @Nullable T value) {}

  /**
   * A member of the cluster.
   *
   * @param address {@code host:port}
   * @param entities that live on it; null, as all that follow, where the node does not answer
   * @param load of the processors by this process, 0 to 1
   */
  record View(
      String address,
      String status,
      boolean reachable,
      List<String> roles,
      boolean oldest,
      @Nullable String version,
      @Nullable Instant startedAt,
      @Nullable Long uptimeSeconds,
      @Nullable Integer entities,
      @Nullable Map<String, Integer> entitiesByType,
      @Nullable Map<String, Integer> shards,
      @Nullable Load load) {}

  record Load(double cpu, int processors, long heapUsed, long heapMax) {}

  /**
   * A shard and where it lives.
   *
   * @param entities in memory, remembered ones included
   */
  record Shard(String type, String shard, String node, int entities) {}

  /**
   * All shards that are in memory.
   *
   * @param unanswered nodes that did not say
   */
  record Shards(List<Shard> items, List<String> unanswered) {}

  private final ActorSystem<?> system;
  private final Cluster cluster;

  Nodes(ActorSystem<?> system) {
    this.system = system;
    this.cluster = Cluster.get(system);
  }

  CompletionStage<List<View>> list() {
    return all(NodeMessage.Describe::new)
        .thenApply(
            answers -> {
              var reports = new HashMap<String, Report>();
              for (Answer<Report> answer : answers) {
                if (answer.value() != null) {
                  reports.put(answer.node(), answer.value());
                }
              }
              var unreachable = unreachable();
              return members()
                  .map(member -> view(member, unreachable, reports.get(name(member.address()))))
                  .toList();
            });
  }

  private View view(Member member, Set<Address> unreachable, @Nullable Report report) {
    var oldest = members().min((a, b) -> a.isOlderThan(b) ? -1 : 1).filter(member::equals);
    return new View(
        name(member.address()),
        member.status().toString(),
        !unreachable.contains(member.address()),
        member.getRoles().stream().sorted().toList(),
        oldest.isPresent(),
        report == null ? null : report.version(),
        report == null ? null : report.startedAt(),
        report == null ? null : Duration.between(report.startedAt(), Instant.now()).toSeconds(),
        report == null
            ? null
            : report.entities().values().stream().mapToInt(Integer::intValue).sum(),
        report == null ? null : new TreeMap<>(report.entities()),
        report == null ? null : new TreeMap<>(report.shards()),
        report == null
            ? null
            : new Load(
                Math.round(report.cpu() * 1000) / 1000.0,
                report.processors(),
                report.heapUsed(),
                report.heapMost()));
  }

  /** Asks the agents of all nodes that may have entities; one that does not answer has no value. */
  <T> CompletionStage<List<Answer<T>>> all(Function<ActorRef<T>, NodeMessage> question) {
    return agents()
        .thenCompose(
            agents -> {
              var unreachable = unreachable();
              var asked = new ArrayList<CompletableFuture<Answer<T>>>();
              members()
                  .filter(member -> HOSTING.contains(member.status()))
                  .forEach(
                      member -> {
                        var agent = agents.get(name(member.address()));
                        asked.add(
                            agent == null || unreachable.contains(member.address())
                                ? CompletableFuture.completedFuture(
                                    new Answer<T>(name(member.address()), null))
                                : ask(name(member.address()), agent, question));
                      });
              return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
                  .thenApply(_ -> asked.stream().map(CompletableFuture::join).toList());
            });
  }

  private <T> CompletableFuture<Answer<T>> ask(
      String node, ActorRef<NodeMessage> agent, Function<ActorRef<T>, NodeMessage> question) {
    return AskPattern.<NodeMessage, T>ask(agent, question::apply, TO_ANSWER, system.scheduler())
        .handle((value, failure) -> new Answer<>(node, failure == null ? value : null))
        .toCompletableFuture();
  }

  /** Tells the agents of all nodes. */
  void tell(NodeMessage message) {
    agents().thenAccept(agents -> agents.values().forEach(agent -> agent.tell(message)));
  }

  private CompletionStage<Map<String, ActorRef<NodeMessage>>> agents() {
    return AskPattern.<Receptionist.Command, Receptionist.Listing>ask(
            system.receptionist(),
            replyTo -> Receptionist.find(NodeAgent.KEY, replyTo),
            TO_ANSWER,
            system.scheduler())
        .thenApply(
            listing -> {
              var agents = new HashMap<String, ActorRef<NodeMessage>>();
              for (var agent : listing.getAllServiceInstances(NodeAgent.KEY)) {
                var at = agent.path().address();
                agents.put(
                    at.hasGlobalScope() ? name(at) : name(cluster.selfMember().address()), agent);
              }
              return agents;
            });
  }

  /** The shards of these types, wherever they are. */
  CompletionStage<Shards> shards(List<EntityKind> kinds) {
    var asked =
        kinds.stream()
            .map(
                kind ->
                    AskPattern.<Object, ClusterShardingStats>ask(
                            ClusterSharding.get(system).shardState().unsafeUpcast(),
                            replyTo -> new GetClusterShardingStats(kind.key(), TO_ANSWER, replyTo),
                            TO_ANSWER.plusSeconds(1),
                            system.scheduler())
                        .thenApply(stats -> shards(kind.type(), stats))
                        .toCompletableFuture())
            .toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            _ -> {
              var all = asked.stream().map(CompletableFuture::join).toList();
              var silent = new HashSet<String>();
              all.forEach(one -> silent.addAll(one.unanswered()));
              unreachable().forEach(address -> silent.add(name(address)));
              return new Shards(
                  all.stream().flatMap(one -> one.items().stream()).toList(),
                  silent.stream().sorted().toList());
            });
  }

  private static Shards shards(String type, ClusterShardingStats stats) {
    var items = new ArrayList<Shard>();
    var silent = new ArrayList<String>();
    stats
        .getRegions()
        .forEach(
            (address, region) -> {
              region
                  .getStats()
                  .forEach(
                      (shard, entities) ->
                          items.add(new Shard(type, shard, name(address), (Integer) entities)));
              if (!region.getFailed().isEmpty()) {
                silent.add(name(address));
              }
            });
    items.sort(Comparator.comparing(Shard::shard, Nodes::byNumber));
    return new Shards(items, silent);
  }

  private static int byNumber(String a, String b) {
    return a.length() == b.length() ? a.compareTo(b) : Integer.compare(a.length(), b.length());
  }

  /** How many shards of a type this node has, by its own region: no other node is asked. */
  CompletionStage<Integer> shardsHere(String type) {
    var region =
        org.apache.pekko.cluster.sharding.ClusterSharding.get(
                org.apache.pekko.actor.typed.javadsl.Adapter.toClassic(system))
            .shardRegion(type);
    return org.apache.pekko.pattern.Patterns.ask(
            region,
            org.apache.pekko.cluster.sharding.ShardRegion.getRegionStatsInstance(),
            Duration.ofSeconds(1))
        .thenApply(stats -> ((ShardRegionStats) stats).getStats().size());
  }

  /**
   * Begins to take a node out of the cluster.
   *
   * @return what happens, as a sentence
   * @throws ProblemException where there is no such node, it cannot be reached, or it is the last
   */
  String drain(String address, boolean dryRun) {
    var member =
        members()
            .filter(one -> name(one.address()).equals(address))
            .findFirst()
            .orElseThrow(() -> ProblemException.notFound("node: see /api/v1/ops/nodes"));
    if (unreachable().contains(member.address())) {
      throw ProblemException.unavailable(
          "the node cannot be reached; if it is dead the cluster removes it by itself",
          Duration.ofSeconds(5));
    }
    if (!member.status().equals(MemberStatus.up())) {
      return "it is " + member.status().toString().toLowerCase(java.util.Locale.ROOT) + " already";
    }
    if (members().filter(one -> one.status().equals(MemberStatus.up())).count() == 1) {
      throw ProblemException.conflict(
          "it is the only node, and its entities have nowhere to go; stop it with SIGTERM");
    }
    if (!dryRun) {
      cluster.manager().tell(Leave.create(member.address()));
    }
    return "its entities move to the other nodes, it takes no more requests, and ends";
  }

  /** How many members this node sees, and how many of them nobody reaches. */
  record Sight(long members, long unreachable) {}

  Sight seen() {
    return new Sight(members().count(), unreachable().size());
  }

  private java.util.stream.Stream<Member> members() {
    var members = new ArrayList<Member>();
    cluster.state().getMembers().forEach(members::add);
    return members.stream();
  }

  private Set<Address> unreachable() {
    var addresses = new HashSet<Address>();
    cluster.state().getUnreachable().forEach(member -> addresses.add(member.address()));
    return addresses;
  }

  static String name(Address address) {
    return address.getHost().orElse("local") + ":" + address.getPort().orElse(0);
  }
}
