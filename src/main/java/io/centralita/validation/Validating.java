package io.centralita.validation;

import static org.apache.pekko.http.javadsl.server.Directives.concat;

import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.OwnedEntities;
import io.centralita.access.Users;
import io.centralita.actor.EntityKind;
import io.centralita.cluster.Budgets;
import io.centralita.cluster.Limit;
import io.centralita.contacts.NumberingPlans;
import io.centralita.db.Db;
import io.centralita.http.EventStream;
import io.centralita.http.Json;
import io.centralita.jobs.Oversight;
import io.centralita.jobs.RunCommand;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.Runs;
import io.centralita.outside.Backoff;
import io.centralita.outside.Circuit;
import io.centralita.outside.OutsideClient;
import io.centralita.scoring.Platform;
import io.centralita.webhooks.Webhooks;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.http.javadsl.server.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Validation jobs and lead scores, put together. */
public final class Validating {
  private static final Logger log = LoggerFactory.getLogger(Validating.class);

  /** The entity type of a job's run; its id is the job's. */
  static final EntityTypeKey<RunCommand> KEY =
      EntityTypeKey.create(RunCommand.class, "ValidationJob");

  /** Enough that calls wait for their turn, on each of five platforms. */
  private static final int WINDOWS_AT_ONCE = 10;

  /** Longer than any call, with the time that it takes to store what came of it. */
  private static final Duration CLAIM_LASTS = Duration.ofMinutes(2);

  /**
   * A validator service that the customer runs.
   *
   * @param limit what it bears from all nodes
   * @param token never shown
   */
  public record Service(URI url, String token, Limit limit, int largestBatch, Duration timeout) {
    @Override
    public String toString() {
      return "Service[" + url.getHost() + "]";
    }
  }

  /**
   * How much of everything.
   *
   * @param services of the platforms that have one
   * @param answerKept how long an answer is fresh
   * @param backoff between calls for the same number
   * @param nodeWindows windows of all jobs under way at once on this node
   */
  public record Settings(
      Map<Platform, Service> services,
      Duration answerKept,
      Backoff backoff,
      Circuit.Settings circuit,
      int nodeWindows,
      Duration sweepEvery,
      RunKind.Retry retry,
      Runs.Timeouts timeouts) {}

  /**
   * What the feature stands on.
   *
   * @param client by which services are called; empty where there is none
   */
  public record Ground(
      ActorContext<?> guardian,
      Db db,
      Users users,
      Authenticated authenticated,
      Idempotency idempotency,
      Json json,
      EventStream eventStream,
      NumberingPlans plans,
      Budgets budgets,
      Webhooks webhooks,
      Optional<OutsideClient> client,
      ScheduledExecutorService scheduler,
      Oversight oversight,
      InstantSource clock) {}

  private final EntityKind entityKind;
  private final Route route;

  public Validating(Settings settings, Ground ground) {
    var db = ground.db();
    var jobs = new Jobs(db, ground.webhooks());
    var scores = new Scores(db, ground.plans(), ground.clock());
    var claims =
        new Claims(db, CLAIM_LASTS, settings.backoff(), ground.scheduler(), ground.clock());
    var work =
        new ValidationWork(
            db,
            desks(settings, ground),
            scores,
            new Inquiry.Ground(
                claims,
                settings.backoff(),
                settings.answerKept(),
                ground.scheduler(),
                ground.clock()));
    var runs =
        Runs.init(
            ground.guardian(),
            new RunKind(KEY, work, jobs, Outcome.settled(), WINDOWS_AT_ONCE, settings.retry()),
            settings.nodeWindows(),
            settings.timeouts(),
            ground.oversight());
    this.entityKind =
        runs.entityKind(
            "a validation job is paused by its own route",
            new OwnedEntities(
                db, "validation_jobs", "status", "coalesce(nullif(e.failure, ''), e.waiting)"));
    var jobRuns = new JobRuns(db, ground.users(), jobs, runs, ground.clock());
    this.route =
        concat(
            new JobRoutes(
                    db,
                    jobRuns,
                    jobs,
                    ground.eventStream(),
                    ground.authenticated(),
                    ground.idempotency(),
                    ground.json())
                .route(),
            new ScoreRoutes(scores, ground.authenticated()).route());
    sweep(settings.sweepEvery(), ground.scheduler(), jobRuns, claims);
  }

  private static Map<Platform, Desk> desks(Settings settings, Ground ground) {
    var desks = new EnumMap<Platform, Desk>(Platform.class);
    settings
        .services()
        .forEach(
            (platform, service) ->
                desks.put(
                    platform,
                    new Desk(
                        platform,
                        new HttpValidator(
                            new HttpValidator.Service(
                                service.url(),
                                service.token(),
                                service.largestBatch(),
                                service.timeout()),
                            ground.client().orElseThrow(),
                            ground.clock()),
                        ground.budgets().gate("validator-" + Codes.word(platform), service.limit()),
                        new Circuit(
                            "the validator of " + Codes.word(platform),
                            settings.circuit(),
                            ground.clock(),
                            new SecureRandom(),
                            ground.client().orElseThrow()::after))));
    return desks;
  }

  private static void sweep(
      Duration every, ScheduledExecutorService scheduler, JobRuns runs, Claims claims) {
    var _ =
        scheduler.scheduleWithFixedDelay(
            () ->
                runs.beginLost()
                    .thenCompose(_ -> claims.sweep())
                    .whenComplete(
                        (_, failure) -> {
                          if (failure != null) {
                            log.warn("what time does to validation jobs is done later", failure);
                          }
                        }),
            every.toMillis(),
            every.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** The validation jobs as operators see them. */
  public EntityKind entityKind() {
    return entityKind;
  }

  public Route route() {
    return route;
  }
}
