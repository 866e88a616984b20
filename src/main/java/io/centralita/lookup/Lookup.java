package io.centralita.lookup;

import static org.apache.pekko.http.javadsl.server.Directives.concat;

import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.OwnedEntities;
import io.centralita.access.Users;
import io.centralita.actor.EntityKind;
import io.centralita.cache.Cache;
import io.centralita.cluster.Budgets;
import io.centralita.cluster.Limit;
import io.centralita.db.Db;
import io.centralita.http.EventStream;
import io.centralita.http.Json;
import io.centralita.http.Problem;
import io.centralita.http.Spool;
import io.centralita.jobs.Oversight;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.Runs;
import io.centralita.outside.Backoff;
import io.centralita.outside.Gate;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.SystemMaterializer;

/** The look-up of numbers, put together: files, single numbers, and their routes. */
public final class Lookup {

  /**
   * How much of everything.
   *
   * @param largestJson bytes of a body that carries numbers
   * @param largestUpload bytes of an uploaded file
   * @param mostNumbers that one file may bring at once
   * @param windowsAtOnce windows of one file under way at once
   * @param nodeWindows windows of all files under way at once on this node
   * @param calls what the source bears from the whole cluster
   * @param personWaits how long a single number waits for a way to ask
   */
  public record Settings(
      long largestJson,
      long largestUpload,
      int mostNumbers,
      int uploadsAtOnce,
      int windowsAtOnce,
      int nodeWindows,
      RunKind.Retry retry,
      Limit calls,
      Runs.Timeouts timeouts,
      Duration personWaits) {}

  /**
   * What the feature stands on.
   *
   * @param uploads the folder for files being received
   * @param reading where uploaded files are read
   */
  public record Ground(
      ActorContext<?> guardian,
      Budgets budgets,
      Db db,
      Cache cache,
      Users users,
      Authenticated authenticated,
      Idempotency idempotency,
      Json json,
      EventStream eventStream,
      Path uploads,
      Executor reading,
      ScheduledExecutorService scheduler,
      Oversight oversight,
      InstantSource clock) {}

  /** The source's name among the targets of budgets. */
  public static final String PORTAL = "portal";

  private final Db db;
  private final Gate gate;
  private final EntityKind entityKind;
  private final OperatorCatalogue operators = new OperatorCatalogue();
  private final SeedRoutes seedRoutes;
  private final FileRoutes fileRoutes;
  private final NumberRoutes numberRoutes;

  /**
   * @param source makes the operator source, where one is configured, given what is to be told when
   *     it asks for a pause
   * @param whyNoSource what is missing where there is none
   */
  public Lookup(
      Settings settings,
      Ground ground,
      Optional<Function<Consumer<Duration>, OperatorSource>> source,
      String whyNoSource) {
    this.db = ground.db();
    var system = ground.guardian().getSystem();
    var results = new LookupResults(db, operators);
    var windows = new FileWindows(db, operators);
    var files = new Files(db);
    var writer =
        new AnswerWriter(
            results,
            ground.cache(),
            new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5), 2),
            ground.scheduler());
    this.gate = ground.budgets().gate(PORTAL, settings.calls());
    var asking =
        new Asking(
            source.map(make -> make.apply(gate::throttled)),
            whyNoSource,
            gate,
            writer,
            claims(ground, operators),
            ground.scheduler(),
            ground.clock());
    var lookups =
        new Lookups(
            windows,
            results,
            operators,
            ground.cache(),
            asking,
            ground.clock(),
            settings.personWaits());
    var runs =
        Runs.init(
            ground.guardian(),
            new RunKind(
                UserFiles.KEY,
                lookups,
                files,
                Set.of(Outcome.FOUND.name()),
                settings.windowsAtOnce(),
                settings.retry()),
            settings.nodeWindows(),
            settings.timeouts(),
            ground.oversight());
    this.entityKind =
        runs.entityKind(
            "a file is paused by /api/v1/files/{id}/pause, and resumed by …/resume",
            new OwnedEntities(
                db,
                "files",
                "status",
                "coalesce(nullif(e.failure, ''), nullif(e.waiting, ''), e.pause ->> 'reason', '')"));
    var userFiles =
        new UserFiles(
            ground.users(),
            files,
            new Intake(db),
            runs,
            new Room(Runtime.getRuntime().maxMemory()));
    var fileResults = new Results(windows, new InvalidTexts(db));
    var spool =
        new Spool(
            settings.largestUpload(),
            "divide it",
            settings.uploadsAtOnce(),
            SystemMaterializer.get(system).materializer());
    var uploads = new Uploads(ground.uploads(), spool, settings.mostNumbers(), ground.reading());
    uploads.clear();
    var limits = new SeedRoutes.Limits(settings.largestJson(), settings.mostNumbers());
    seedRoutes =
        new SeedRoutes(
            userFiles,
            fileResults,
            lookups,
            ground.authenticated(),
            ground.idempotency(),
            ground.json(),
            limits);
    fileRoutes =
        new FileRoutes(
            userFiles,
            fileResults,
            new UploadRoute(userFiles, uploads, spool, ground.idempotency()),
            new ProgressEvents(userFiles),
            ground.eventStream(),
            ground.authenticated(),
            ground.idempotency(),
            ground.json(),
            limits,
            ground.clock());
    numberRoutes = new NumberRoutes(lookups, ground.authenticated(), ground.clock());
  }

  private static NumberClaims claims(Ground ground, OperatorCatalogue operators) {
    var cluster = Cluster.get(ground.guardian().getSystem());
    return new NumberClaims(
        ground.cache(),
        operators,
        UUID.randomUUID().toString(),
        () -> cluster.state().members().size() <= 1,
        ground.scheduler(),
        ground.clock());
  }

  /** Completes when the feature is ready to serve. */
  public CompletionStage<Void> ready() {
    return operators.load(db);
  }

  /** The files as operators see them. */
  public EntityKind entityKind() {
    return entityKind;
  }

  /** Calls to the source that wait for their turn on this node. */
  public int callsWaiting() {
    return gate.waiting();
  }

  public Route route() {
    return concat(seedRoutes.route(), fileRoutes.route(), numberRoutes.route());
  }

  /** What the feature's own exceptions mean to a client. */
  public static Optional<Problem> problem(Throwable failure) {
    return failure instanceof Lookups.NoSourceException e
        ? Optional.of(Problem.unavailable(String.valueOf(e.getMessage()), Duration.ofMinutes(1)))
        : Optional.empty();
  }
}
