package io.centralita.cluster;

import io.centralita.db.OwnConnection;
import io.centralita.db.OwnConnection.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent.MemberDowned;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.cluster.typed.Subscribe;
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

  /**
   * What a node needs to come back that had only lost its connection: two rounds and an attempt.
   */
  private static final Duration OTHERS_HAVE = Duration.ofSeconds(5);

  /** Since when the node waits for others to show themselves, on the connection with that lock. */
  private record Waiting(long since, long lockKey) {
    static final Waiting NOT = new Waiting(0, 0);
  }

  private final ActorSystem<?> system;
  private final OwnConnection connection;
  private final Cluster cluster;
  private final Members members;
  private final boolean finds;

  /** Whom the cluster goes on without, and the database does not know of yet. */
  private final Set<String> gone = ConcurrentHashMap.newKeySet();

  // Of the connection's thread
  private Waiting waiting = Waiting.NOT;
  private List<String> through = List.of();
  private long toldAt;
  private boolean founded;
  private boolean closed;

  private Formation(ActorSystem<?> system, OwnConnection connection, boolean finds) {
    this.system = system;
    this.connection = connection;
    this.cluster = Cluster.get(system);
    var self = cluster.selfMember().uniqueAddress();
    this.members = new Members(Members.hostAndPort(self.address()), Members.name(self));
    this.finds = finds;
  }

  /**
   * Begins to join.
   *
   * @param seedNodes {@code host:port} of nodes to join instead of those that the database knows;
   *     usually none
   */
  public static Formation begin(
      ActorSystem<?> system, OwnConnection connection, List<String> seedNodes) {
    var formation = new Formation(system, connection, seedNodes.isEmpty());
    system.systemActorOf(formation.downedNodes(), "downed-nodes", Props.empty());
    if (!seedNodes.isEmpty()) {
      formation.cluster.manager().tell(new JoinSeedNodes(formation.addresses(seedNodes)));
    }
    connection.repeat("read and note the cluster's members", SEEN_EVERY, formation::tick);
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
                    note(Members.name(downed.member().uniqueAddress()));
                    return Behaviors.same();
                  })
              .build();
        });
  }

  private void note(String node) {
    log.warn("the cluster goes on without {}", node);
    gone.add(node);
    var _ =
        connection
            .run("note who is gone", this::noteGone)
            .exceptionally(
                failure -> {
                  log.warn("{} is noted as gone a little later: {}", node, failure.toString());
                  return true;
                });
  }

  private boolean noteGone(Session session) throws SQLException {
    for (var node : List.copyOf(gone)) {
      Members.downed(session, node);
      gone.remove(node);
    }
    return true;
  }

  private boolean tick(Session session) throws SQLException {
    if (closed || cluster.isTerminated()) {
      return false; // the node is about to end
    }
    noteGone(session);
    var status = cluster.selfMember().status();
    if (status.equals(MemberStatus.up()) || status.equals(MemberStatus.weaklyUp())) {
      // The first thing that a node does which was frozen: the tick is overdue.
      if (!members.seen(session, true)) {
        end();
      }
    } else if (status.equals(MemberStatus.joining())
        || (status.equals(MemberStatus.removed()) && !finds)) {
      if (!members.seen(session, founded)) {
        end();
      }
    } else if (status.equals(MemberStatus.removed())) {
      enter(session);
    }
    return true;
  }

  private void end() {
    log.error("the other nodes have gone on without this one, which therefore ends");
    if (cluster.selfMember().status().equals(MemberStatus.removed())) {
      var _ = CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.clusterDowningReason());
    } else {
      cluster.manager().tell(new Down(cluster.selfMember().address()));
    }
  }

  private void enter(Session session) throws SQLException {
    var waited =
        waiting.lockKey() == session.lockKey()
            && System.nanoTime() - waiting.since() > OTHERS_HAVE.toNanos();
    switch (members.enter(session, toldAt != 0, waited)) {
      case Members.Way.Waits _ -> {
        if (waiting.lockKey() != session.lockKey()) {
          log.info(
              "waiting for other nodes that the database names and that do not show themselves");
          waiting = new Waiting(System.nanoTime(), session.lockKey());
        }
      }
      case Members.Way.Through(var alive) -> {
        waiting = Waiting.NOT;
        join(alive);
      }
      case Members.Way.Founds(var without) -> {
        without.forEach(node -> log.warn("the cluster goes on without {}", node));
        log.info("the first node of the cluster, at {}", members.address());
        toldAt = System.nanoTime();
        founded = true;
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
      }
      case Members.Way.LeftBehind _ -> end();
    }
  }

  /** Through others where those are gone through whom it was to be, or take too long. */
  private void join(List<String> alive) {
    var now = System.nanoTime();
    if (Collections.disjoint(through, alive) || now - toldAt > ENTER_AGAIN.toNanos()) {
      through = alive;
      toldAt = now;
      log.info("joining the cluster through {}", alive);
      cluster.manager().tell(new JoinSeedNodes(addresses(alive)));
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
    try {
      connection
          .run(
              "withdraw the node's entry",
              session -> {
                closed = true; // else it might announce the node anew
                members.withdraw(session);
                return true;
              })
          .toCompletableFuture()
          .get(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("this node's entry among the cluster's members stays behind: {}", e.toString());
    }
  }
}
