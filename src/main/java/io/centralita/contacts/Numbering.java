package io.centralita.contacts;

import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.OwnedEntities;
import io.centralita.access.Users;
import io.centralita.actor.EntityKind;
import io.centralita.db.Db;
import io.centralita.http.EventStream;
import io.centralita.http.Json;
import io.centralita.http.Spool;
import io.centralita.jobs.Oversight;
import io.centralita.jobs.RunCommand;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.Runs;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.SystemMaterializer;

/** The numbering plans and what they make of the contacts, put together. */
public final class Numbering {

  /** The entity type of the run that brings contacts into line; its id is the plan's. */
  static final EntityTypeKey<RunCommand> KEY =
      EntityTypeKey.create(RunCommand.class, "Reclassification");

  /** One is read while the other is written. */
  private static final int WINDOWS_AT_ONCE = 2;

  /** The largest file published had 30 MB. */
  private static final long LARGEST_FILE = 64L << 20;

  /** How often a node looks whether a plan's day has come. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(30);

  /** What the feature stands on, besides what the import of contacts does. */
  public record Ground(
      ActorContext<?> guardian,
      Db db,
      Users users,
      Authenticated authenticated,
      Idempotency idempotency,
      Json json,
      EventStream eventStream,
      Path uploads,
      Executor reading,
      Oversight oversight,
      InstantSource clock) {}

  private final NumberingPlans plans;
  private final EntityKind entityKind;
  private final NumberingRoutes routes;

  public Numbering(Importing.Settings settings, Ground ground) {
    var db = ground.db();
    this.plans = new NumberingPlans(db);
    var store = new NumberingStore(db);
    var runs =
        Runs.init(
            ground.guardian(),
            new RunKind(
                KEY,
                new Reclassification(db, plans),
                store,
                Reclassification.OUTCOMES,
                WINDOWS_AT_ONCE,
                settings.retry()),
            WINDOWS_AT_ONCE,
            settings.timeouts(),
            ground.oversight());
    this.entityKind =
        runs.entityKind(
            "it is paused by /api/v1/numbering-plans/{id}/pause, and resumed by …/resume",
            new OwnedEntities(
                db,
                "numbering_plans",
                "status",
                "coalesce(nullif(e.failure, ''), nullif(e.waiting, ''), e.pause ->> 'reason', '')"));
    var numberingRuns = new NumberingRuns(db, ground.users(), store, runs);
    var system = ground.guardian().getSystem();
    system
        .scheduler()
        .scheduleWithFixedDelay(
            LOOK_EVERY, LOOK_EVERY, numberingRuns::settle, system.executionContext());
    var spool =
        new Spool(
            LARGEST_FILE,
            "send the CSV file of the authority as it is published",
            1,
            SystemMaterializer.get(system).materializer());
    this.routes =
        new NumberingRoutes(
            numberingRuns,
            plans,
            new NumberingUploadRoute(
                numberingRuns,
                new NumberingUpload(ground.uploads(), ground.reading(), ground.clock(), spool),
                spool,
                ground.idempotency()),
            ground.eventStream(),
            ground.authenticated(),
            ground.idempotency(),
            ground.json());
  }

  /** The plan in force, for whoever reads numbers. */
  public NumberingPlans plans() {
    return plans;
  }

  /** The runs as operators see them. */
  public EntityKind entityKind() {
    return entityKind;
  }

  public Route route() {
    return routes.route();
  }
}
