package io.centralita.ops;

import io.centralita.actor.LiveEntities;
import io.centralita.cache.Cache;
import io.centralita.db.Database;
import io.centralita.jobs.Holds;
import io.centralita.lookup.PortalStats;
import io.centralita.lookup.PortalStats.Count;
import io.micrometer.core.instrument.Tag;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads for the metrics what is only read when somebody asks. */
final class Readings {
  private static final Logger log = LoggerFactory.getLogger(Readings.class);
  private static final long MILLIS_FOR_ALL = 1500;
  private static final Duration COUNTS_COUNT_FOR = Duration.ofSeconds(10);

  /**
   * Where the numbers come from.
   *
   * @param portal null until there is a portal to count
   * @param callsWaiting at the gate in front of the portal
   * @param journalPool the name of the journal's connection pool
   */
  record From(
      LiveEntities live,
      Database database,
      Cache cache,
      Holds holds,
      AtomicReference<PortalStats> portal,
      IntSupplier callsWaiting,
      String journalPool) {}

  private final Metrics metrics;
  private final From from;
  private final Kinds kinds;
  private final Nodes nodes;
  private long countedAt = System.nanoTime() - COUNTS_COUNT_FOR.toNanos();

  Readings(Metrics metrics, From from, Kinds kinds, Nodes nodes) {
    this.metrics = metrics;
    this.from = from;
    this.kinds = kinds;
    this.nodes = nodes;
  }

  /** All metrics as text; what does not answer in time stays as it was. */
  CompletionStage<String> text() {
    entities();
    portal();
    pools();
    metrics.gauge(
        "centralita.redis.up", "Whether Redis answers.", from.cache().isPresent() ? 1 : 0);
    return CompletableFuture.allOf(counts(), shards(), members())
        .completeOnTimeout(null, MILLIS_FOR_ALL, TimeUnit.MILLISECONDS)
        .exceptionally(
            failure -> {
              log.debug("not all metrics could be read", failure);
              return null;
            })
        .thenApply(_ -> metrics.text());
  }

  private void entities() {
    var living = from.live().counts();
    for (var kind : kinds.all()) {
      var type = Tag.of("type", kind.type());
      metrics.gauge(
          "centralita.entities.live",
          "Entities in this node's memory.",
          living.getOrDefault(kind.type(), 0),
          type);
      metrics.count(
          "centralita.entity.restarts",
          "Entities begun again, after a failure or at an operator's word.",
          from.live().restarts(kind.type()),
          type);
    }
    from.live()
        .events()
        .forEach(
            (name, count) -> {
              metrics.count(
                  "centralita.events.journalled",
                  "Events written by this node.",
                  count,
                  Tag.of("type", name.type()),
                  Tag.of("event", name.event()));
              if (name.event().equals("WindowFinished")) {
                metrics.count(
                    "centralita.windows.finished",
                    "Windows of runs finished by this node.",
                    count,
                    Tag.of("type", name.type()));
              }
            });
  }

  private void portal() {
    metrics.gauge(
        "centralita.gate.waiting",
        "Calls that wait to be let through to the portal.",
        from.callsWaiting().getAsInt());
    var stats = from.portal().get();
    if (stats == null) {
      return;
    }
    var now = stats.snapshot();
    metrics.count(
        "centralita.portal.lookups.begun", "Numbers asked of the portal.", now.of(Count.ASKED));
    for (var outcome : List.of(Count.FOUND, Count.UNKNOWN, Count.FAILED, Count.CANCELLED)) {
      metrics.count(
          "centralita.portal.lookups",
          "Numbers asked of the portal, by what came of it.",
          now.of(outcome),
          Tag.of("outcome", outcome.name().toLowerCase(Locale.ROOT)));
    }
    metrics.count(
        "centralita.portal.tries.lost",
        "Tries that were followed by another.",
        now.of(Count.TRIES_LOST));
    metrics.count("centralita.portal.throttled", "Answers 429.", now.of(Count.THROTTLED));
    metrics.count("centralita.portal.renewals", "Tokens renewed.", now.of(Count.RENEWED));
    metrics.count(
        "centralita.portal.unopened", "Sessions that could not be opened.", now.of(Count.UNOPENED));
    metrics.gauge(
        "centralita.portal.down", "Whether the portal answers nobody.", now.down() ? 1 : 0);
    metrics.gauge("centralita.portal.sessions", "Sessions open.", now.sessions());
    now.statuses()
        .forEach(
            (status, count) ->
                metrics.count(
                    "centralita.portal.responses",
                    "Answers of the portal, all three steps.",
                    count,
                    Tag.of("status", Integer.toString(status))));
    now.failures()
        .forEach(
            (kind, count) ->
                metrics.count(
                    "centralita.portal.failures",
                    "Calls without a usable answer.",
                    count,
                    Tag.of("kind", kind.toLowerCase(Locale.ROOT))));
  }

  private void pools() {
    var own = from.database().pool();
    pool("db", own.active(), own.idle(), own.waiting(), own.most());
    var name = from.journalPool();
    try {
      var server = ManagementFactory.getPlatformMBeanServer();
      var pool = new ObjectName("com.zaxxer.hikari:type=Pool (" + name + ")");
      var config = new ObjectName("com.zaxxer.hikari:type=PoolConfig (" + name + ")");
      if (server.isRegistered(pool) && server.isRegistered(config)) {
        pool(
            "journal",
            (Integer) server.getAttribute(pool, "ActiveConnections"),
            (Integer) server.getAttribute(pool, "IdleConnections"),
            (Integer) server.getAttribute(pool, "ThreadsAwaitingConnection"),
            (Integer) server.getAttribute(config, "MaximumPoolSize"));
      }
    } catch (JMException e) {
      log.debug("the journal's pool cannot be read", e);
    }
  }

  private void pool(String name, int active, int idle, int waiting, int most) {
    var pool = Tag.of("pool", name);
    var of = "Connections to PostgreSQL.";
    metrics.gauge("centralita.db.connections", of, active, pool, Tag.of("state", "active"));
    metrics.gauge("centralita.db.connections", of, idle, pool, Tag.of("state", "idle"));
    metrics.gauge("centralita.db.connections.max", "The most there may be.", most, pool);
    metrics.gauge("centralita.db.connections.pending", "Threads that wait for one.", waiting, pool);
  }

  private CompletableFuture<?> counts() {
    synchronized (this) {
      var now = System.nanoTime();
      if (now - countedAt < COUNTS_COUNT_FOR.toNanos()) {
        return CompletableFuture.completedFuture(null);
      }
      countedAt = now;
    }
    var entities =
        kinds
            .counts(null)
            .thenAccept(
                types ->
                    types.forEach(
                        type ->
                            type.states()
                                .forEach(
                                    (state, count) ->
                                        metrics.gauge(
                                            "centralita.entities",
                                            "Entities of the whole cluster: every node says the"
                                                + " same.",
                                            count,
                                            Tag.of("type", type.type()),
                                            Tag.of("state", state.toLowerCase(Locale.ROOT))))));
    var pauses =
        from.holds()
            .all()
            .thenAccept(
                all ->
                    metrics.gauge("centralita.pauses", "Operators' pauses in force.", all.size()));
    return entities.thenCombine(pauses, (_, _) -> true).toCompletableFuture();
  }

  private CompletableFuture<?> shards() {
    return CompletableFuture.allOf(
        kinds.all().stream()
            .map(
                kind ->
                    nodes
                        .shardsHere(kind.type())
                        .thenAccept(
                            count ->
                                metrics.gauge(
                                    "centralita.shards",
                                    "Shards on this node.",
                                    count,
                                    Tag.of("type", kind.type())))
                        .toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  private CompletableFuture<?> members() {
    var seen = nodes.seen();
    metrics.gauge("centralita.cluster.members", "Members that this node sees.", seen.members());
    metrics.gauge(
        "centralita.cluster.unreachable",
        "Members that this node, or another, cannot reach.",
        seen.unreachable());
    return CompletableFuture.completedFuture(null);
  }
}
