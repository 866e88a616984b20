package io.centralita.ops;

import static org.apache.pekko.http.javadsl.server.Directives.concat;

import io.centralita.access.Audit;
import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.Users;
import io.centralita.actor.EntityKind;
import io.centralita.cache.Cache;
import io.centralita.cluster.Budgets;
import io.centralita.db.Database;
import io.centralita.http.Json;
import io.centralita.jobs.Oversight;
import io.centralita.lookup.OperatorSource;
import io.centralita.lookup.PortalSource;
import io.centralita.lookup.PortalStats;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** The operators' view, put together. Every type of entity that it is given can be looked at. */
public final class Ops {

  /**
   * What the view stands on.
   *
   * @param version of the program; null where it was not packaged
   * @param journalPool the name of the journal's connection pool
   */
  public record Ground(
      ActorContext<?> guardian,
      Database database,
      Cache cache,
      Users users,
      Authenticated authenticated,
      Idempotency idempotency,
      Audit audit,
      Json json,
      Oversight oversight,
      Metrics metrics,
      Budgets budgets,
      @Nullable String version,
      String journalPool) {}

  /** Remembers what the portal counts; the source is made before the operators' view of it. */
  public static final class Portal {
    private final Metrics metrics;
    private final AtomicReference<PortalStats> stats = new AtomicReference<>();

    public Portal(Metrics metrics) {
      this.metrics = metrics;
    }

    /** The source, timed and counted. */
    public OperatorSource watched(OperatorSource source) {
      if (source instanceof PortalSource portal) {
        stats.set(portal.stats());
      }
      return new TimedSource(source, metrics);
    }
  }

  private final OpsRoutes routes;
  private final MetricsRoute metricsRoute;

  /**
   * @param entityKinds every type of entity, in the order in which they are to be listed
   * @param proxies by which calls go out, with limits of their own
   * @param callsWaiting at the gate in front of the portal
   */
  public Ops(
      Ground ground,
      List<EntityKind> entityKinds,
      EntityKind.Projection proxies,
      Portal portal,
      IntSupplier callsWaiting) {
    var system = ground.guardian().getSystem();
    var db = ground.database().db();
    var nodes = new Nodes(system);
    var kinds = new Kinds(entityKinds);
    var live = ground.oversight().live();
    var holds = ground.oversight().holds();
    ground
        .guardian()
        .spawn(
            NodeAgent.create(
                live,
                holds,
                ground.version() == null ? "(not packaged)" : ground.version(),
                () -> shards(nodes, kinds)),
            "operators");
    var history = new History(new Journal(db, system));
    var inspector = new Inspector(nodes, history);
    var audit = ground.audit();
    var verbs = new Verbs(audit, inspector, nodes, kinds, holds, ground.users());
    var hot = new Hot(nodes);
    var entityRoutes =
        new EntityRoutes(kinds, inspector, history, verbs, audit, ground.idempotency());
    routes =
        new OpsRoutes(
            nodes,
            kinds,
            hot,
            new Targets(ground.budgets(), proxies),
            verbs,
            audit,
            entityRoutes,
            ground.authenticated(),
            ground.idempotency(),
            ground.json());
    var readings =
        new Readings(
            ground.metrics(),
            new Readings.From(
                live,
                ground.database(),
                ground.cache(),
                holds,
                portal.stats,
                callsWaiting,
                ground.journalPool()),
            kinds,
            nodes);
    metricsRoute = new MetricsRoute(readings, ground.authenticated());
  }

  private static CompletionStage<Map<String, Integer>> shards(Nodes nodes, Kinds kinds) {
    CompletionStage<Map<String, Integer>> all =
        CompletableFuture.completedStage(new HashMap<String, Integer>());
    for (var kind : kinds.all()) {
      all =
          all.thenCombine(
              nodes.shardsHere(kind.type()),
              (shards, count) -> {
                shards.put(kind.type(), count);
                return shards;
              });
    }
    return all;
  }

  public Route route() {
    return concat(routes.route(), metricsRoute.route());
  }
}
