package io.centralita.validation;

import static org.apache.pekko.http.javadsl.server.Directives.concat;

import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.OwnedEntities;
import io.centralita.access.Users;
import io.centralita.actor.EntityKind;
import io.centralita.cluster.Budgets;
import io.centralita.cluster.Limit;
import io.centralita.contacts.Contacts;
import io.centralita.contacts.NumberingPlans;
import io.centralita.contacts.Segments;
import io.centralita.db.Db;
import io.centralita.http.EventStream;
import io.centralita.http.Json;
import io.centralita.jobs.Oversight;
import io.centralita.jobs.RunCommand;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.Runs;
import io.centralita.outside.Backoff;
import io.centralita.outside.Circuit;
import io.centralita.outside.Gate;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.Trampoline;
import io.centralita.webhooks.Webhooks;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

  /** The types of the events that webhooks are told. */
  public static final List<String> EVENTS = List.of(Jobs.FINISHED, Scores.TIER_CHANGED);

  /** The entity type of a job's run; its id is the job's. */
  static final EntityTypeKey<RunCommand> KEY =
      EntityTypeKey.create(RunCommand.class, "ValidationJob");

  /** The entity type of a rescoring's run; its id is the rescoring's. */
  private static final EntityTypeKey<RunCommand> RESCORING =
      EntityTypeKey.create(RunCommand.class, "Rescoring");

  /** One reads while the other writes; more would wait for the lock of all scoring. */
  private static final int RESCORED_AT_ONCE = 2;

  private static final String NOTE = "coalesce(nullif(e.failure, ''), e.waiting)";

  /** Enough that calls wait for their turn, on each of five platforms. */
  private static final int WINDOWS_AT_ONCE = 10;

  /** Longer than any call, with the time that it takes to store what came of it. */
  private static final Duration CLAIM_LASTS = Duration.ofMinutes(2);

  /**
   * Who is asked for a check.
   *
   * @param limit what it bears from all nodes
   * @param largestBatch numbers of one call, where it takes several
   */
  public record Service(
      Source source, Limit limit, int largestBatch, Duration timeout, Price price) {}

  /**
   * How much of everything.
   *
   * @param services of the checks that have one
   * @param paidAgain how long a job that may not pay waits before it looks again
   * @param answerKept how long an answer is fresh
   * @param backoff between calls for the same number
   * @param nodeWindows windows of all jobs under way at once on this node
   */
  public record Settings(
      Map<Check, Service> services,
      Duration answerKept,
      Backoff backoff,
      Circuit.Settings circuit,
      Duration paidAgain,
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
      Contacts contacts,
      Budgets budgets,
      Webhooks webhooks,
      Optional<OutsideClient> client,
      ScheduledExecutorService scheduler,
      Oversight oversight,
      InstantSource clock) {}

  private final List<EntityKind> entityKinds;
  private final Route route;

  public Validating(Settings settings, Ground ground) {
    var db = ground.db();
    var jobs = new Jobs(db, ground.contacts(), ground.webhooks());
    var models = new ScoringModels(db);
    var scores = new Scores(db, models, ground.plans(), ground.webhooks(), ground.clock());
    var claims =
        new Claims(db, CLAIM_LASTS, settings.backoff(), ground.scheduler(), ground.clock());
    var spending = new Spending(db, settings.paidAgain(), ground.clock());
    var desks = desks(settings, ground);
    var work =
        new ValidationWork(
            db,
            desks,
            scores,
            new Inquiry.Ground(
                claims,
                spending,
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
    var rescorings = new Rescorings(db);
    var rescoringRuns =
        Runs.init(
            ground.guardian(),
            new RunKind(
                RESCORING,
                new RescoringWork(db, rescorings, scores),
                rescorings,
                Set.of(Rescorings.SAME, Rescorings.CHANGED),
                RESCORED_AT_ONCE,
                settings.retry()),
            settings.nodeWindows(),
            settings.timeouts(),
            ground.oversight());
    var rescoring = new Rescoring(db, ground.users(), models, rescorings, rescoringRuns);
    this.entityKinds =
        List.of(
            runs.entityKind(
                "a validation job is paused by its own route",
                new OwnedEntities(db, "validation_jobs", "status", NOTE)),
            rescoringRuns.entityKind(
                "a rescoring goes on by itself; an operator's pause of its user holds it",
                new OwnedEntities(db, "rescorings", "status", NOTE)));
    var jobRuns =
        new JobRuns(
            db, ground.users(), jobs, new Segments(db), ground.contacts(), runs, ground.clock());
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
            new EvidenceRoutes(
                    db,
                    ground.users(),
                    scores,
                    settings.answerKept(),
                    ground.authenticated(),
                    ground.idempotency(),
                    ground.json(),
                    ground.clock())
                .route(),
            new ScoreRoutes(scores, ground.authenticated()).route(),
            new ValidatorRoutes(desks, spending, ground.authenticated()).route(),
            new ModelRoutes(
                    models,
                    new ModelTrial(db, models, scores),
                    rescoring,
                    rescorings,
                    ground.users(),
                    ground.authenticated(),
                    ground.idempotency(),
                    ground.json())
                .route());
    sweep(settings.sweepEvery(), ground.scheduler(), jobRuns, rescoring, claims);
  }

  private static Map<Check, Desk> desks(Settings settings, Ground ground) {
    var desks = new EnumMap<Check, Desk>(Check.class);
    settings
        .services()
        .forEach(
            (check, service) ->
                desks.put(
                    check,
                    desk(
                        settings,
                        ground,
                        check,
                        validator(service, ground),
                        ground.budgets().gate("validator-" + Codes.word(check), service.limit()),
                        service.price())));
    desks.put(
        Check.NUMBERING,
        desk(
            settings,
            ground,
            Check.NUMBERING,
            new NumberingCheck(ground.plans()),
            new Gate(
                new Gate.Share(Integer.MAX_VALUE, Double.POSITIVE_INFINITY),
                Trampoline.TRAMPOLINE,
                ground.scheduler()),
            Price.NONE));
    return desks;
  }

  private static Desk desk(
      Settings settings, Ground ground, Check check, Validator validator, Gate gate, Price price) {
    return new Desk(
        check,
        validator,
        gate,
        new Circuit(
            "the validator of " + Codes.word(check),
            settings.circuit(),
            ground.clock(),
            new SecureRandom(),
            delay -> after(delay, ground.scheduler())),
        price);
  }

  private static CompletionStage<Void> after(Duration delay, ScheduledExecutorService scheduler) {
    return CompletableFuture.runAsync(
        () -> {},
        CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, scheduler));
  }

  private static Validator validator(Service service, Ground ground) {
    var client = ground.client().orElseThrow();
    var timeout = service.timeout();
    return switch (service.source()) {
      case Source.Service own ->
          new HttpValidator(own, service.largestBatch(), timeout, client, ground.clock());
      case Source.Telnyx telnyx -> new TelnyxLookup(telnyx, timeout, client, ground.clock());
      case Source.Twilio twilio -> new TwilioLookup(twilio, timeout, client, ground.clock());
      case Source.Rbm rbm -> new RbmCapabilities(rbm, timeout, client, ground.clock());
    };
  }

  private static void sweep(
      Duration every,
      ScheduledExecutorService scheduler,
      JobRuns runs,
      Rescoring rescoring,
      Claims claims) {
    var _ =
        scheduler.scheduleWithFixedDelay(
            () ->
                runs.beginLost()
                    .thenCompose(_ -> rescoring.beginLost())
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

  /** The validation jobs and the rescorings as operators see them. */
  public List<EntityKind> entityKinds() {
    return entityKinds;
  }

  public Route route() {
    return route;
  }
}
