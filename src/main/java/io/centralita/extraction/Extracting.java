package io.centralita.extraction;

import static org.apache.pekko.http.javadsl.server.Directives.concat;

import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.OwnedEntities;
import io.centralita.access.Users;
import io.centralita.actor.EntityKind;
import io.centralita.contacts.BestLadas;
import io.centralita.contacts.PlaceNames;
import io.centralita.contacts.Segments;
import io.centralita.db.Db;
import io.centralita.http.EventStream;
import io.centralita.http.Json;
import io.centralita.jobs.Oversight;
import io.centralita.jobs.RunCommand;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.Runs;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.http.javadsl.server.Route;

/** The extraction of contacts, put together. */
public final class Extracting {

  /** The entity type of an extraction's run; its id is the extraction's. */
  static final EntityTypeKey<RunCommand> KEY = EntityTypeKey.create(RunCommand.class, "Extraction");

  /** The file is written when the contacts are drawn. */
  private static final int WINDOWS_AT_ONCE = 1;

  /**
   * How much of everything.
   *
   * @param large an extraction of more contacts waits for its turn
   * @param largeAtOnce over all nodes
   * @param returnWithin after the delivery
   * @param cooling from the return to when the contacts may be drawn again
   * @param fileKept from the delivery
   * @param nodeWindows windows of all extractions under way at once on this node, without those
   *     that wait for their turn
   */
  public record Settings(
      Limits limits,
      int large,
      int largeAtOnce,
      Duration returnWithin,
      Duration cooling,
      Duration fileKept,
      Duration sweepEvery,
      int nodeWindows,
      RunKind.Retry retry,
      Runs.Timeouts timeouts) {}

  /** What the feature stands on. */
  public record Ground(
      ActorContext<?> guardian,
      Db db,
      Users users,
      Authenticated authenticated,
      Idempotency idempotency,
      Json json,
      EventStream eventStream,
      ScheduledExecutorService scheduler,
      Oversight oversight,
      InstantSource clock) {}

  private final EntityKind entityKind;
  private final Route route;

  public Extracting(Settings settings, Ground ground) {
    var db = ground.db();
    var placeNames = new PlaceNames(db);
    var extractions = new Extractions(db);
    var work =
        new ExtractionWork(db, placeNames, new Queue(settings.largeAtOnce()), ground.scheduler());
    var runs =
        Runs.init(
            ground.guardian(),
            new RunKind(
                KEY,
                work,
                extractions,
                Set.of(ExtractionWork.DELIVERED, ExtractionWork.LEFT_OUT),
                WINDOWS_AT_ONCE,
                settings.retry()),
            settings.nodeWindows(),
            settings.timeouts(),
            ground.oversight());
    this.entityKind =
        runs.entityKind(
            "extractions are paused with all of their user's runs",
            new OwnedEntities(
                db, "extractions", "status", "coalesce(nullif(e.failure, ''), e.waiting)"));
    var extractionRuns =
        new ExtractionRuns(
            db, ground.users(), placeNames, extractions, runs, settings, ground.clock());
    var choices = new Choices(new Segments(db), () -> bestLadas(new BestLadas(db)));
    this.route = route(settings, ground, extractions, extractionRuns, choices, placeNames);
    new Sweep(db, extractionRuns, settings, ground.clock())
        .begin(ground.scheduler(), settings.sweepEvery());
  }

  private static Route route(
      Settings settings,
      Ground ground,
      Extractions extractions,
      ExtractionRuns runs,
      Choices choices,
      PlaceNames placeNames) {
    var downloads = new Downloads(ground.db());
    var routes =
        new ExtractionRoutes(
            runs,
            extractions,
            choices,
            downloads,
            new FileRoute(runs, downloads, settings.fileKept(), ground.clock()),
            settings.limits(),
            ground.eventStream(),
            ground.authenticated(),
            ground.idempotency(),
            ground.json());
    var availability =
        new AvailabilityRoutes(ground.db(), placeNames, choices, runs, ground.authenticated());
    return concat(routes.route(), availability.route());
  }

  private static CompletionStage<List<Integer>> bestLadas(BestLadas ladas) {
    return ladas
        .inForce()
        .thenApply(inForce -> inForce.items().stream().map(BestLadas.Best::lada).toList());
  }

  /** The extractions as operators see them. */
  public EntityKind entityKind() {
    return entityKind;
  }

  /** Before that of the contacts, which takes what follows its path for a number. */
  public Route route() {
    return route;
  }
}
