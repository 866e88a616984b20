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
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings this node into the cluster of all nodes on its database: through those that the database
 * knows to be there, or, where there is none, as the first. Keeps the node's own entry alive.
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
  private final long lockKey = new SecureRandom().nextLong();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("cluster-members").factory());
  private @Nullable Connection lock;
  private long enteredAt;

  private Formation(Database database, Cluster cluster) {
    this.database = database;
    this.members = new Members(database.db());
    this.cluster = cluster;
    this.address = hostAndPort(cluster.selfMember().address());
  }

  /**
   * Begins to join.
   *
   * @param seedNodes {@code host:port} of nodes to join instead of those that the database knows;
   *     usually none
   */
  public static Formation begin(ActorSystem<?> system, Database database, List<String> seedNodes) {
    var formation = new Formation(database, Cluster.get(system));
    if (seedNodes.isEmpty()) {
      var _ =
          formation.thread.scheduleWithFixedDelay(
              formation::tick, 0, SEEN_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      formation.cluster.manager().tell(new JoinSeedNodes(formation.addresses(seedNodes)));
    }
    return formation;
  }

  private void tick() {
    try {
      holdLock();
      var status = cluster.selfMember().status();
      if (status.equals(MemberStatus.up()) || status.equals(MemberStatus.weaklyUp())) {
        members.seen(address, true).toCompletableFuture().join();
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
    lock = database.ownConnection();
    try (var statement = lock.prepareStatement("SELECT pg_advisory_lock(?)")) {
      statement.setLong(1, lockKey);
      statement.execute();
    }
  }

  private List<Address> addresses(List<String> hostsAndPorts) {
    var self = cluster.selfMember().address();
    return hostsAndPorts.stream()
        .map(at -> AddressFromURIString.parse(self.protocol() + "://" + self.system() + "@" + at))
        .toList();
  }

  private static String hostAndPort(Address address) {
    return address.getHost().orElseThrow() + ":" + address.getPort().orElseThrow();
  }

  /** Withdraws the node's entry; it has left the cluster, or is about to. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
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
