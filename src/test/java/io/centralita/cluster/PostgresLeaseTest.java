package io.centralita.cluster;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.centralita.TestPostgres;
import io.centralita.db.Database;
import io.centralita.db.Db;
import io.centralita.db.OwnConnection;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.coordination.lease.javadsl.Lease;
import org.apache.pekko.coordination.lease.javadsl.LeaseProvider;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lease that decides who survives, as Pekko asks for it. */
final class PostgresLeaseTest {
  private final Database.Settings settings = TestPostgres.fresh();
  private final Database database = Database.open(settings);
  private final OwnConnection connection = database.ownConnection("cluster");
  private ActorSystem system;

  @BeforeEach
  void open() {
    var config =
        ConfigFactory.parseMap(Map.of("centralita.cluster.port", 0))
            .withFallback(ConfigFactory.load())
            .resolve();
    system =
        ActorSystem.create(
            "lease",
            ActorSystemSetup.create(BootstrapSetup.create(config), new DatabaseSetup(connection)));
  }

  @AfterEach
  void close() {
    TestKit.shutdownActorSystem(system);
    connection.close();
    database.close();
  }

  private Lease lease(String owner) {
    return LeaseProvider.get(system).getLease("split-brain", "centralita-lease", owner);
  }

  private static boolean isGiven(Lease lease) throws Exception {
    return lease.acquire().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void acquire_whileAnotherHasIt_isRefused_andGivenWhenHeLetsGo() throws Exception {
    var one = lease("one");
    var other = lease("other");
    assertTrue(isGiven(one));
    assertTrue(isGiven(one));
    assertFalse(isGiven(other));

    one.release().toCompletableFuture().get(10, TimeUnit.SECONDS);

    assertTrue(isGiven(other));
  }

  @Test
  void acquire_whileAllOtherStatementsWait_isGivenAtOnce() throws Exception {
    var statements =
        IntStream.range(0, settings.connections())
            .mapToObj(_ -> database.db().query("SELECT pg_sleep(15)", _ -> {}, _ -> true))
            .toList();

    assertTrue(isGiven(lease("one")));

    assertTrue(statements.stream().noneMatch(stage -> stage.toCompletableFuture().isDone()));
    connection
        .run(
            "end them",
            session ->
                Db.query(
                    session.connection(),
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%'",
                    _ -> {},
                    _ -> true))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  @Test
  void acquire_byANodeThatWasLeftBehind_isRefused() throws Exception {
    var self = Members.name(Cluster.get(system).selfMember().uniqueAddress());
    connection
        .run(
            "leave it behind",
            session -> {
              Members.downed(session, self);
              return true;
            })
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);

    assertFalse(isGiven(lease("one")));
  }
}
