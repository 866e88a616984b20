package io.centralita.cluster;

import io.centralita.db.Database;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.MemberDowned;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.cluster.typed.Subscribe;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings this node into the cluster of all nodes on its database: through those that the database
 * knows to be there, or, where there is none, as the first. Keeps the node's own entry alive, and
 * ends the node where the others have gone on without it.
 */
public final class Formation implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Formation.class);
  private static final Duration SEEN_EVERY = Duration.ofSeconds(2);

  /** Those who were there may have died before they let this node in. */
  private static final Duration ENTER_AGAIN = Duration.ofSeconds(15);

  private final Database database;
  private final Members members;
  private final Cluster cluster;
  private final String address;
  private final String self;
  private final boolean finds;
  private final long lockKey = new SecureRandom().nextLong();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("cluster-members").factory());
  private @Nullable Connection lock;
  private long enteredAt;

  private Formation(Database database, Cluster cluster, boolean finds) {
    this.database = database;
    this.members = new Members(database.db());
    this.cluster = cluster;
    this.address = Members.hostAndPort(cluster.selfMember().address());
    this.self = Members.name(cluster.selfMember().uniqueAddress());
    this.finds = finds;
  }

  /**
   * Begins to join.
   *
   * @param seedNodes {@code host:port} of nodes to join instead of those that the database knows;
   *     usually none
   */
  public static Formation begin(ActorSystem<?> system, Database database, List<String> seedNodes) {
    var formation = new Formation(database, Cluster.get(system), seedNodes.isEmpty());
    system.systemActorOf(formation.downedNodes(), "downed-nodes", Props.empty());
    if (!seedNodes.isEmpty()) {
      formation.cluster.manager().tell(new JoinSeedNodes(formation.addresses(seedNodes)));
    }
    var _ =
        formation.thread.scheduleWithFixedDelay(
            formation::tick, 0, SEEN_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return formation;
  }

  /** Writes down whom the cluster goes on without: those may be alive, and are to know. */
  private Behavior<MemberDowned> downedNodes() {
    return Behaviors.setup(
        context -> {
          cluster.subscriptions().tell(Subscribe.create(context.getSelf(), MemberDowned.class));
          return Behaviors.receive(MemberDowned.class)
              .onAnyMessage(
                  downed -> {
                    note(downed.member().uniqueAddress());
                    return Behaviors.same();
                  })
              .build();
        });
  }

  private void note(UniqueAddress downed) {
    var node = Members.name(downed);
    log.warn("the cluster goes on without {}", node);
    members
        .downed(node)
        .exceptionally(
            failure -> {
              log.warn("{} cannot be noted as gone: {}", node, failure.toString());
              return 0;
            });
  }

  private void tick() {
    try {
      if (cluster.isTerminated()) {
        return; // the node is about to end
      }
      holdLock();
      var status = cluster.selfMember().status();
      if (status.equals(MemberStatus.up()) || status.equals(MemberStatus.weaklyUp())) {
        // The first thing that a node does which was frozen: the tick is overdue.
        if (members.isDowned(self).toCompletableFuture().join()) {
          log.error("the other nodes have gone on without this one, which therefore ends");
          cluster.manager().tell(new Down(cluster.selfMember().address()));
          return;
        }
        members.seen(address, true).toCompletableFuture().join();
      } else if (!finds) {
        return;
      } else if (status.equals(MemberStatus.removed()) || status.equals(MemberStatus.joining())) {
        enterNowAndThen();
      }
    } catch (SQLException | RuntimeException e) {
      log.warn("the cluster's members cannot be read or noted; tried again: {}", e.toString());
    }
  }

  private void enterNowAndThen() {
    var now = System.nanoTime();
    if (enteredAt != 0 && now - enteredAt < ENTER_AGAIN.toNanos()) {
      members.seen(address, false).toCompletableFuture().join();
      return;
    }
    enteredAt = now;
    var way = members.enter(address, lockKey).toCompletableFuture().join();
    if (way.founds()) {
      log.info("the first node of the cluster, at {}", address);
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
    } else {
      log.info("joining the cluster through {}", way.through());
      cluster.manager().tell(new JoinSeedNodes(addresses(way.through())));
    }
  }

  /** The lock goes with its connection: with the node's death, and with a restart of PostgreSQL. */
  private void holdLock() throws SQLException {
    if (lock != null && lock.isValid(2)) {
      return;
    }
    if (lock != null) {
      lock.close();
      lock = null;
    }
    var connection = database.ownConnection();
    try (var statement = connection.prepareStatement("SELECT pg_try_advisory_lock(?)")) {
      statement.setLong(1, lockKey);
      try (var row = statement.executeQuery()) {
        if (row.next() && row.getBoolean(1)) {
          lock = connection;
        }
      }
    } finally {
      if (lock == null) {
        connection.close();
      }
    }
    if (lock == null) {
      throw new IllegalStateException("this node's lock is still held by a lost connection of its");
    }
  }

  private List<Address> addresses(List<String> hostsAndPorts) {
    var self = cluster.selfMember().address();
    return hostsAndPorts.stream()
        .map(at -> AddressFromURIString.parse(self.protocol() + "://" + self.system() + "@" + at))
        .toList();
  }

  /** Withdraws the node's entry; it has left the cluster, or is about to. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) { // else it might announce the node anew
        log.warn("the cluster's members are still being read");
      }
      members.withdraw(address).toCompletableFuture().get(2, TimeUnit.SECONDS);
      if (lock != null) {
        lock.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException
        | java.util.concurrent.TimeoutException
        | SQLException e) {
      log.warn("this node's entry among the cluster's members stays behind: {}", e.toString());
    }
  }
}
