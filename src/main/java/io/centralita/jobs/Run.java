package io.centralita.jobs;

import io.centralita.actor.Cause;
import io.centralita.actor.Decision;
import io.centralita.actor.Display;
import io.centralita.actor.Inspection;
import io.centralita.actor.LiveEntities;
import io.centralita.actor.Overseen;
import io.centralita.actor.Vitals;
import io.centralita.http.RequestId;
import io.centralita.jobs.RunCommand.Fail;
import io.centralita.jobs.RunCommand.Get;
import io.centralita.jobs.RunCommand.Granted;
import io.centralita.jobs.RunCommand.Held;
import io.centralita.jobs.RunCommand.Ordered;
import io.centralita.jobs.RunCommand.Pause;
import io.centralita.jobs.RunCommand.PauseEnds;
import io.centralita.jobs.RunCommand.Remove;
import io.centralita.jobs.RunCommand.Resume;
import io.centralita.jobs.RunCommand.Shown;
import io.centralita.jobs.RunCommand.Start;
import io.centralita.jobs.RunCommand.Stop;
import io.centralita.jobs.RunCommand.Tick;
import io.centralita.jobs.RunCommand.Unwatch;
import io.centralita.jobs.RunCommand.Waiting;
import io.centralita.jobs.RunCommand.Watch;
import io.centralita.jobs.RunCommand.WindowDone;
import io.centralita.jobs.RunCommand.WindowFailed;
import io.centralita.jobs.RunCommand.WindowLeft;
import io.centralita.jobs.RunCommand.WindowReady;
import io.centralita.jobs.RunEvent.Failed;
import io.centralita.jobs.RunEvent.Resumed;
import io.centralita.jobs.RunEvent.WindowFinished;
import io.centralita.jobs.RunState.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * One long run over many items: sharded, event-sourced, resumed where its journal ends.
 *
 * <p>It owns the run's progress and whether it may go on. Items and results are rows that the
 * kind's work reads and writes a window at a time; a window's results are stored before the event
 * that counts them, so a crash between the two repeats a window and changes nothing.
 */
public final class Run
    extends EventSourcedBehaviorWithEnforcedReplies<RunCommand, RunEvent, RunState> {

  /** The scheduler refuses what is further away than 248 days. */
  private static final Duration LONGEST_TIMER = Duration.ofDays(1);

  private static final Duration IDLE_AFTER = Duration.ofSeconds(60);

  private final RunKind kind;
  private final String id;
  private final ActorContext<RunCommand> context;
  private final TimerScheduler<RunCommand> timers;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final InstantSource clock;
  private final Workers workers;
  private final Display<Progress, RunCommand> display;
  private final Watchers watchers;
  private final Rate rate = new Rate();
  private final Vitals vitals;
  private RunState.@Nullable Pause hold;

  static Behavior<RunCommand> create(
      RunKind kind,
      String id,
      ActorRef<Pace.Message> pace,
      ActorRef<ClusterSharding.ShardCommand> shard,
      LiveEntities live,
      InstantSource clock) {
    return Overseen.behavior(
        live,
        kind.key(),
        RunCommand.class,
        id,
        Ordered::new,
        vitals ->
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(
                        timers -> new Run(kind, id, context, timers, pace, shard, vitals, clock))));
  }

  private Run(
      RunKind kind,
      String id,
      ActorContext<RunCommand> context,
      TimerScheduler<RunCommand> timers,
      ActorRef<Pace.Message> pace,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Vitals vitals,
      InstantSource clock) {
    // While the journal cannot be written or read the run waits and begins again from it.
    super(
        PersistenceId.of(kind.key().name(), id),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(10), 0.2));
    this.kind = kind;
    this.id = id;
    this.context = context;
    this.timers = timers;
    this.shard = shard;
    this.vitals = vitals;
    this.clock = clock;
    this.workers = new Workers(kind, id, context, pace);
    this.display = new Display<>(this::write, context, timers, Shown::new, Tick.SHOW);
    this.watchers = new Watchers(context, timers);
    context.setReceiveTimeout(IDLE_AFTER, Tick.IDLE);
  }

  @Override
  public RunState emptyState() {
    return RunState.EMPTY;
  }

  @Override
  public EventHandler<RunState, RunEvent> eventHandler() {
    return RunState::apply;
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(200, 1);
  }

  @Override
  public SignalHandler<RunState> signalHandler() {
    return Overseen.watch(newSignalHandlerBuilder(), vitals)
        .onSignal(RecoveryCompleted.instance(), this::recovered)
        .onSignal(PreRestart.class, (_, _) -> workers.stopAll())
        .build();
  }

  @Override
  public CommandHandlerWithReply<RunCommand, RunEvent, RunState> commandHandler() {
    return (state, command) -> {
      vitals.handled();
      return onCommand(state, command);
    };
  }

  private ReplyEffect<RunEvent, RunState> onCommand(RunState state, RunCommand command) {
    return switch (command) {
      case Start c ->
          decided(
              state, RunDecision.on(c, state, kind, now()), "set to work", c.cause(), c.replyTo());
      case Pause c ->
          decided(state, RunDecision.on(c, state, now()), "paused", c.cause(), c.replyTo());
      case Resume c when hold != null && state.status() == Status.PROCESSING ->
          Effect().reply(c.replyTo(), StatusReply.error("an operator paused it"));
      case Resume c ->
          decided(state, RunDecision.on(c, state, now()), "resumed", c.cause(), c.replyTo());
      case Remove c ->
          decided(state, RunDecision.on(c, state, now()), "removed", c.cause(), c.replyTo());
      case Get c -> Effect().reply(c.replyTo(), StatusReply.success(progress(state)));
      case Watch c -> aside(() -> watchers.add(c.watcher(), progress(state)));
      case Unwatch c -> aside(() -> watchers.remove(c.watcher()));
      case Granted _ when hold != null -> aside(workers::giveBack); // granted before it was held
      case Granted _ -> aside(() -> workers.granted(state, now()));
      case Waiting c -> aside(() -> going(state, () -> workers.waits(c)));
      case WindowReady c -> aside(() -> going(state, () -> workers.ready(c)));
      case WindowFailed c -> aside(() -> going(state, () -> windowFailed(c)));
      case WindowLeft c -> aside(() -> going(state, () -> workers.left(c)));
      case Held c -> aside(() -> held(state, c.pause()));
      case Ordered c -> aside(() -> overseen(state).obey(c.order(), vitals));
      case Shown c -> aside(() -> display.written(c.written(), () -> progress(state)));
      case Tick tick -> aside(() -> tick(state, tick));
      case WindowDone c -> windowDone(state, c);
      case Fail c -> fail(state, c);
      case PauseEnds c -> pauseEnds(state, c);
      case Stop _ -> Effect().stop().thenNoReply();
    };
  }

  private Overseen overseen(RunState state) {
    return new Overseen(
        () -> inspection(state),
        restsIn(state) ? "" : "it is at work, or a clock will wake it: pause it first",
        workers.children().size() + " windows under way are done again",
        this::passivate,
        display::answerAll);
  }

  private Inspection inspection(RunState state) {
    var pause = state.pause();
    var timers = new ArrayList<Inspection.Timer>();
    if (pause != null && pause.until() != null) {
      timers.add(new Inspection.Timer("the pause ends", pause.until()));
    }
    return new Inspection(
        state.status().name(),
        RunView.state(state),
        lastSequenceNumber(context),
        timers,
        workers.children(),
        kind.work().inFlight(id).entrySet().stream()
            .map(entry -> new Inspection.InFlight(entry.getKey(), entry.getValue()))
            .toList(),
        vitals.snapshot().held());
  }

  private ReplyEffect<RunEvent, RunState> decided(
      RunState before,
      Decision<RunEvent> decision,
      String what,
      Cause cause,
      ActorRef<StatusReply<Progress>> replyTo) {
    return switch (decision) {
      case Decision.Refused<RunEvent>(var why) -> Effect().reply(replyTo, StatusReply.error(why));
      case Decision.Accepted<RunEvent>(var events) ->
          Effect()
              .persist(events)
              .thenRun(
                  changed -> {
                    events.forEach(vitals::journalled);
                    note(what, cause);
                    follow(before, changed);
                    display.answer(() -> progress(changed), replyTo);
                    watchers.changed();
                  })
              .thenNoReply();
    };
  }

  private ReplyEffect<RunEvent, RunState> windowDone(RunState state, WindowDone c) {
    workers.finished(c.window()).ifPresent(since -> vitals.step(Duration.between(since, now())));
    var wanted = state.status() == Status.PROCESSING || state.status() == Status.PAUSED;
    if (!wanted
        || c.round() != state.round().number()
        || state.round().done().contains(c.window())) {
      return Effect().noReply();
    }
    var event = new WindowFinished(c.window(), c.counts(), c.settled(), now());
    return Effect()
        .persist(event)
        .thenRun(
            changed -> {
              vitals.journalled(event);
              rate.sample(now(), changed.round().dealtWith());
              proceed(changed);
              show(changed);
              if (changed.status() == Status.COMPLETED) {
                note("completed", new Cause("the last window", "", ""));
              }
            })
        .thenNoReply();
  }

  private ReplyEffect<RunEvent, RunState> fail(RunState state, Fail c) {
    if (state.status() != Status.PROCESSING) {
      return Effect().noReply();
    }
    var event = new Failed(c.reason(), now());
    return Effect()
        .persist(event)
        .thenRun(
            changed -> {
              vitals.journalled(event);
              vitals.failed(c.reason());
              follow(state, changed);
              show(changed);
            })
        .thenNoReply();
  }

  private ReplyEffect<RunEvent, RunState> pauseEnds(RunState state, PauseEnds c) {
    var pause = state.pause();
    if (pause == null || !c.until().equals(pause.until())) {
      return Effect().noReply();
    }
    if (c.until().isAfter(now())) {
      return aside(() -> wakeAtPauseEnd(state));
    }
    var event = new Resumed(new Cause("the clock", "the pause ended", ""), now());
    return Effect()
        .persist(event)
        .thenRun(
            changed -> {
              vitals.journalled(event);
              follow(state, changed);
              show(changed);
            })
        .thenNoReply();
  }

  // What follows from a decision

  /** After a start, a crash or a move: go on from where the journal ends. */
  private void recovered(RunState state) {
    workers.stopAll();
    rate.clear();
    hold = null; // told again when slots are asked for
    display.begin(() -> progress(state));
    if (state.status() == Status.PENDING) {
      return;
    }
    wakeAtPauseEnd(state);
    proceed(state);
    show(state);
  }

  private void follow(RunState before, RunState changed) {
    if (changed.status() != Status.PROCESSING
        || changed.round().number() != before.round().number()) {
      workers.stopAll();
      rate.clear();
    }
    wakeAtPauseEnd(changed);
    proceed(changed);
  }

  private void proceed(RunState state) {
    if (hold == null) {
      workers.proceed(state);
    }
  }

  private void held(RunState state, RunState.@Nullable Pause by) {
    hold = by;
    if (by == null) {
      workers.proceed(state);
    } else {
      workers.stopAll();
      rate.clear();
    }
    show(state);
  }

  private void windowFailed(WindowFailed c) {
    workers.failed(c);
    vitals.failed("window " + c.window() + ": " + c.failure());
  }

  private void wakeAtPauseEnd(RunState state) {
    timers.cancel(PauseEnds.class);
    var pause = state.pause();
    if (pause != null && pause.until() != null) {
      var left = Duration.between(now(), pause.until());
      var wait = left.compareTo(LONGEST_TIMER) > 0 ? LONGEST_TIMER : left;
      timers.startSingleTimer(
          PauseEnds.class, new PauseEnds(pause.until()), wait.isNegative() ? Duration.ZERO : wait);
    }
  }

  /** What a child tells of its window may leave slots to others, or want some. */
  private void going(RunState state, Runnable told) {
    var before = workers.waiting();
    told.run();
    proceed(state);
    if (!before.equals(workers.waiting())) {
      show(state);
    }
  }

  private void tick(RunState state, Tick tick) {
    switch (tick) {
      case SHOW -> display.tick(() -> progress(state));
      case TELL_WATCHERS -> watchers.tell(progress(state));
      case IDLE -> passivateIfIdle(state);
    }
  }

  /**
   * A run that works, or that a clock will wake, stays in memory and is remembered over a crash.
   */
  private void passivateIfIdle(RunState state) {
    if (restsIn(state) && watchers.isEmpty()) {
      passivate();
    }
  }

  private void passivate() {
    shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
  }

  private static boolean restsIn(RunState state) {
    var pause = state.pause();
    var wakesByItself = pause != null && pause.until() != null;
    return state.status() != Status.PROCESSING && !wakesByItself;
  }

  private void show(RunState state) {
    display.show(() -> progress(state));
    watchers.changed();
  }

  private CompletionStage<?> write(Progress progress) {
    return progress.status() == Status.CANCELLED
        ? kind.view().remove(progress.id())
        : kind.view().show(progress);
  }

  private void note(String what, Cause cause) {
    try (var _ = MDC.putCloseable(RequestId.MDC_KEY, cause.requestId())) {
      context
          .getLog()
          .atInfo()
          .addKeyValue("by", cause.by())
          .log("{} {} {}", kind.key().name(), id, what);
    }
  }

  private ReplyEffect<RunEvent, RunState> aside(Runnable effect) {
    effect.run();
    return Effect().noReply();
  }

  private Progress progress(RunState state) {
    return Progress.of(
        id,
        lastSequenceNumber(context),
        hold == null ? state : state.under(hold),
        state.status() == Status.PROCESSING ? rate.perSecond(now()) : 0,
        workers.waiting());
  }

  private Instant now() {
    return clock.instant();
  }
}
