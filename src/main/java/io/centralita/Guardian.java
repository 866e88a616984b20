package io.centralita;

import static org.apache.pekko.http.javadsl.server.Directives.concat;

import io.centralita.access.Audit;
import io.centralita.access.Authenticated;
import io.centralita.access.DatabaseProblems;
import io.centralita.access.Idempotency;
import io.centralita.access.KeyRoutes;
import io.centralita.access.Keys;
import io.centralita.access.Users;
import io.centralita.cache.Cache;
import io.centralita.cluster.Budgets;
import io.centralita.cluster.Management;
import io.centralita.contacts.ContactStore;
import io.centralita.contacts.Importing;
import io.centralita.contacts.Numbering;
import io.centralita.db.Database;
import io.centralita.embedded.DataDir;
import io.centralita.extraction.Extracting;
import io.centralita.http.Docs;
import io.centralita.http.Errors;
import io.centralita.http.EventStream;
import io.centralita.http.Health;
import io.centralita.http.HttpServer;
import io.centralita.http.Json;
import io.centralita.jobs.Oversight;
import io.centralita.lookup.Lookup;
import io.centralita.ops.Metrics;
import io.centralita.ops.Ops;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.Trampoline;
import io.centralita.proxy.Proxies;
import io.centralita.secrets.Secrets;
import io.centralita.validation.Validating;
import io.centralita.webhooks.Webhooks;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;

/** The first actor of a node: puts the features together and serves them, once it is a member. */
final class Guardian {

  /**
   * What the features stand on.
   *
   * @param journalPool the name of the journal's connection pool
   * @param parsing where bodies are parsed
   * @param reading where uploaded files are read
   * @param webhookClient by which webhooks' receivers are called
   */
  record Ground(
      DataDir dataDir,
      Database database,
      Cache cache,
      ScheduledExecutorService scheduler,
      Oversight oversight,
      Metrics metrics,
      String journalPool,
      Executor parsing,
      Executor reading,
      Sources sources,
      OutsideClient webhookClient) {}

  /** A node that serves: where, and what opens it. */
  record Serving(URI uri, AdminKey adminKey) {}

  private final Settings settings;
  private final Ground ground;

  private Guardian(Settings settings, Ground ground) {
    this.settings = settings;
    this.ground = ground;
  }

  /**
   * @param serving is told when the node serves, or why it cannot
   */
  static Behavior<Void> create(
      Settings settings, Ground ground, CompletableFuture<Serving> serving) {
    var guardian = new Guardian(settings, ground);
    return Behaviors.setup(
        context -> {
          whenMember(context)
              .thenCombine(Management.start(context.getSystem()), (up, _) -> up)
              .thenCombine(guardian.serve(context), (_, started) -> started)
              .whenComplete(
                  (started, failure) -> {
                    if (failure == null) {
                      serving.complete(started);
                    } else {
                      serving.completeExceptionally(failure);
                    }
                  });
          return Behaviors.empty();
        });
  }

  private static CompletionStage<SelfUp> whenMember(ActorContext<Void> context) {
    var member = new CompletableFuture<SelfUp>();
    var listener =
        context.spawn(
            Behaviors.receive(SelfUp.class)
                .onAnyMessage(
                    up -> {
                      member.complete(up);
                      return Behaviors.stopped();
                    })
                .build(),
            "member");
    Cluster.get(context.getSystem()).subscriptions().tell(Subscribe.create(listener, SelfUp.class));
    return member;
  }

  private CompletionStage<Serving> serve(ActorContext<Void> context) {
    var system = context.getSystem();
    var clock = InstantSource.system();
    var db = ground.database().db();
    var errors = new Errors(List.of(DatabaseProblems::of, Lookup::problem, Proxies::problem));
    var users = new Users(db);
    var keys = new Keys(db, users, clock);
    var authenticated = new Authenticated(keys);
    var idempotency = new Idempotency(db, errors, clock);
    var audit = new Audit(db, errors);
    var json = new Json(ground.parsing());
    var secrets = secrets();
    var webhooks =
        new Webhooks(
            settings.webhooks(),
            new Webhooks.Ground(
                Validating.EVENTS,
                db,
                secrets,
                users,
                authenticated,
                idempotency,
                audit,
                json,
                ground.webhookClient(),
                ground.parsing(),
                ground.scheduler(),
                clock));
    var budgets = Budgets.start(context, Trampoline.TRAMPOLINE, ground.scheduler());
    var proxies =
        new Proxies(
            settings.proxy(),
            new Proxies.Ground(
                context,
                db,
                secrets,
                users,
                authenticated,
                idempotency,
                json,
                ground.parsing(),
                budgets,
                ground.oversight().live(),
                clock),
            ground.sources().trialTarget());
    var eventStream = new EventStream(system);
    var portal = new Ops.Portal(ground.metrics());
    var lookup =
        new Lookup(
            settings.lookup(),
            new Lookup.Ground(
                context,
                budgets,
                db,
                ground.cache(),
                users,
                authenticated,
                idempotency,
                json,
                eventStream,
                ground.dataDir().folder("uploads"),
                ground.reading(),
                ground.scheduler(),
                ground.oversight(),
                clock),
            ground.sources().source(proxies.exits()).map(make -> make.andThen(portal::watched)),
            ground.sources().whyNone());
    var numbering =
        new Numbering(
            settings.importing(),
            new Numbering.Ground(
                context,
                db,
                users,
                authenticated,
                idempotency,
                json,
                eventStream,
                ground.dataDir().folder("numbering"),
                ground.reading(),
                ground.oversight(),
                clock));
    var importing =
        new Importing(
            settings.importing(),
            new Importing.Ground(
                context,
                db,
                users,
                authenticated,
                idempotency,
                json,
                eventStream,
                numbering.plans(),
                ground.dataDir().folder("imports"),
                ground.reading(),
                ground.oversight()));
    var extracting =
        new Extracting(
            settings.extracting(),
            new Extracting.Ground(
                context,
                db,
                users,
                authenticated,
                idempotency,
                json,
                eventStream,
                ground.scheduler(),
                ground.oversight(),
                clock));
    var contacts =
        new ContactStore(new ContactStore.Ground(db, users, authenticated, idempotency, json));
    var validating =
        new Validating(
            settings.validating(),
            new Validating.Ground(
                context,
                db,
                users,
                authenticated,
                idempotency,
                json,
                eventStream,
                numbering.plans(),
                contacts.contacts(),
                budgets,
                webhooks,
                ground.sources().validators(),
                ground.scheduler(),
                ground.oversight(),
                clock));
    var proxyKind = proxies.entityKind();
    var ops =
        new Ops(
            new Ops.Ground(
                context,
                ground.database(),
                ground.cache(),
                users,
                authenticated,
                idempotency,
                audit,
                json,
                ground.oversight(),
                ground.metrics(),
                budgets,
                Guardian.class.getPackage().getImplementationVersion(),
                ground.journalPool()),
            Stream.of(
                    List.of(
                        lookup.entityKind(),
                        proxyKind,
                        numbering.entityKind(),
                        extracting.entityKind()),
                    importing.entityKinds(),
                    validating.entityKinds())
                .flatMap(List::stream)
                .toList(),
            proxyKind.projection(),
            portal,
            lookup::callsWaiting);
    var health =
        new Health(
            Map.of(
                "database",
                () -> db.queryOne("SELECT 1", _ -> {}, _ -> true).thenApply(Optional::isPresent),
                "cluster",
                () -> CompletableFuture.completedFuture(isUp(system))));
    var route =
        concat(
            health.route(),
            Docs.route(),
            new KeyRoutes(keys, authenticated, idempotency, json).route(),
            proxies.route(),
            webhooks.route(),
            lookup.route(),
            importing.route(),
            numbering.route(),
            extracting.route(),
            validating.route(),
            contacts.route(),
            ops.route());
    return lookup
        .ready()
        .thenCompose(_ -> proxies.begin(settings.proxies()))
        .thenCompose(_ -> webhooks.begin())
        .thenCompose(_ -> AdminKey.give(settings.adminKey(), ground.dataDir(), keys))
        .thenCompose(
            adminKey ->
                HttpServer.bind(
                        system,
                        settings.http().host(),
                        settings.http().port(),
                        route,
                        errors,
                        new HttpServer.Settings(
                            settings.http().requestTimeout(), settings.http().stopWithin()),
                        ground.metrics())
                    .thenApply(server -> new Serving(server.uri(), adminKey)));
  }

  /** Nodes on one database share the keys; one node alone makes its own. */
  private Secrets secrets() {
    try {
      return Secrets.of(
          settings.secretsKeys().orElseGet(() -> ground.dataDir().secret("secrets-key")));
    } catch (IllegalArgumentException e) {
      throw new SettingReader.BadSetting("CENTRALITA_SECRETS_KEY", String.valueOf(e.getMessage()));
    }
  }

  private static boolean isUp(ActorSystem<?> system) {
    return Cluster.get(system).selfMember().status().equals(MemberStatus.up());
  }
}
