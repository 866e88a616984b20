package io.centralita.jobs;

import io.centralita.actor.CborSerializable;
import io.centralita.http.RequestId;
import io.centralita.jobs.RunEvent.Cancelled;
import io.centralita.jobs.RunEvent.Extended;
import io.centralita.jobs.RunEvent.Failed;
import io.centralita.jobs.RunEvent.Paused;
import io.centralita.jobs.RunEvent.Reopened;
import io.centralita.jobs.RunEvent.Resumed;
import io.centralita.jobs.RunEvent.WindowFinished;
import io.centralita.jobs.RunState.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
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
    extends EventSourcedBehaviorWithEnforcedReplies<Run.Command, RunEvent, RunState> {

  /** What a run can be told. */
  public sealed interface Command extends CborSerializable {}

  /**
   * There are so many windows with so many items: go on, or begin.
   *
   * @param again what of the finished work is to be done again
   */
  public record Start(
      String owner,
      int windows,
      long items,
      Again again,
      Cause cause,
      ActorRef<StatusReply<Progress>> replyTo)
      implements Command {}

  /** What of the finished work is done again by a {@link Start}. */
  public enum Again {
    /** Of a completed run the items that another try may better; of any other run nothing. */
    UNSETTLED,
    /** Everything, from fresh answers. */
    ALL
  }

  /**
   * @param until when the run goes on by itself; null for not before it is told to
   */
  public record Pause(Cause cause, @Nullable Instant until, ActorRef<StatusReply<Progress>> replyTo)
      implements Command {}

  public record Resume(Cause cause, ActorRef<StatusReply<Progress>> replyTo) implements Command {}

  /** Ends the run and removes everything stored for it. */
  public record Remove(Cause cause, ActorRef<StatusReply<Progress>> replyTo) implements Command {}

  public record Get(ActorRef<StatusReply<Progress>> replyTo) implements Command {}

  /** Tells {@code watcher} of the progress now and whenever it changes, until the watcher ends. */
  public record Watch(ActorRef<Progress> watcher) implements Command {}

  /** The end of an entity that is moved or no longer needed in memory. */
  public enum Stop implements Command {
    STOP
  }

  // From the run's own children and timers; these never leave the JVM.

  record WindowDone(int window, int round, Map<String, Long> counts, boolean settled)
      implements Command {}

  record Waiting(int window, String reason) implements Command {}

  record Fail(String reason) implements Command {}

  enum Granted implements Command {
    SLOT
  }

  record Unwatch(ActorRef<Progress> watcher) implements Command {}

  record Shown(long revision, boolean failed) implements Command {}

  enum Tick implements Command {
    SHOW_AGAIN,
    TELL_WATCHERS,
    IDLE
  }

  private record PauseEnds(Instant until) implements Command {}

  /** The scheduler refuses what is further away than 248 days. */
  private static final Duration LONGEST_TIMER = Duration.ofDays(1);

  private static final Duration IDLE_AFTER = Duration.ofSeconds(60);

  private final RunKind kind;
  private final String id;
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final InstantSource clock;
  private final Workers workers;
  private final Display display;
  private final Rate rate = new Rate();

  static Behavior<Command> create(
      RunKind kind,
      String id,
      ActorRef<Pace.Message> pace,
      ActorRef<ClusterSharding.ShardCommand> shard,
      InstantSource clock) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new Run(kind, id, context, timers, pace, shard, clock)));
  }

  private Run(
      RunKind kind,
      String id,
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ActorRef<Pace.Message> pace,
      ActorRef<ClusterSharding.ShardCommand> shard,
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
    this.clock = clock;
    this.workers = new Workers(kind, id, context, pace);
    this.display = new Display(kind.view(), context, timers);
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
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::recovered)
        .build();
  }

  @Override
  public CommandHandlerWithReply<Command, RunEvent, RunState> commandHandler() {
    return (state, command) ->
        switch (command) {
          case Start c -> start(state, c);
          case Pause c -> pause(state, c);
          case Resume c -> resume(state, c);
          case Remove c -> remove(state, c);
          case Get c -> Effect().reply(c.replyTo(), StatusReply.success(progress(state)));
          case Watch c -> aside(() -> display.watch(c.watcher(), progress(state)));
          case Unwatch c -> aside(() -> display.unwatch(c.watcher()));
          case Granted _ -> aside(() -> workers.granted(state));
          case Waiting c -> aside(() -> waits(state, c));
          case Shown c -> aside(() -> display.written(c));
          case Tick tick -> aside(() -> tick(state, tick));
          case WindowDone c -> windowDone(state, c);
          case Fail c -> fail(state, c);
          case PauseEnds c -> pauseEnds(state, c);
          case Stop _ -> Effect().stop().thenNoReply();
        };
  }

  // Decisions

  private ReplyEffect<RunEvent, RunState> start(RunState state, Start c) {
    if (state.status() == Status.CANCELLED) {
      return refuse(c.replyTo(), "it was removed");
    }
    var now = clock.instant();
    var events = new ArrayList<RunEvent>();
    var next = state;
    // Two deliveries may be told in another order than they were taken: the larger is the later.
    if (c.windows() > state.windows() || state.status() == Status.PENDING) {
      events.add(new Extended(c.owner(), c.windows(), c.items(), c.cause(), now));
      next = next.apply(events.getLast());
    } else if (state.status() == Status.PAUSED || state.status() == Status.FAILED) {
      events.add(new Resumed(c.cause(), now));
      next = next.apply(events.getLast());
    }
    if (c.again() == Again.ALL && next.windows() > 0) {
      events.add(new Reopened(true, Map.of(), c.cause(), now));
    } else if (state.status() == Status.COMPLETED && !state.round().unsettled().isEmpty()) {
      events.add(new Reopened(false, kept(state), c.cause(), now));
    }
    return Effect()
        .persist(events)
        .thenRun(
            changed -> {
              if (changed.round().number() != state.round().number()) {
                workers.stopAll();
              }
              note("set to work", c.cause());
              proceed(changed);
              display.answer(progress(changed), c.replyTo());
            })
        .thenNoReply();
  }

  private static long dealtWith(RunState state) {
    return state.round().counts().values().stream().mapToLong(Long::longValue).sum();
  }

  private Map<String, Long> kept(RunState state) {
    var kept = new HashMap<>(state.round().counts());
    kept.keySet().retainAll(kind.finalOutcomes());
    return Map.copyOf(kept);
  }

  private ReplyEffect<RunEvent, RunState> pause(RunState state, Pause c) {
    var now = clock.instant();
    return switch (state.status()) {
      case PROCESSING ->
          c.until() != null && !c.until().isAfter(now)
              ? refuse(c.replyTo(), "the pause would end before it begins")
              : Effect()
                  .persist(new Paused(c.cause(), c.until(), now))
                  .thenRun(
                      changed -> {
                        note("paused", c.cause());
                        halt(changed);
                        display.answer(progress(changed), c.replyTo());
                      })
                  .thenNoReply();
      case PAUSED -> refuse(c.replyTo(), "it is paused already");
      case PENDING, COMPLETED, FAILED, CANCELLED ->
          refuse(c.replyTo(), "it cannot be paused: it is " + name(state.status()));
    };
  }

  private ReplyEffect<RunEvent, RunState> resume(RunState state, Resume c) {
    return switch (state.status()) {
      case PAUSED, FAILED ->
          Effect()
              .persist(new Resumed(c.cause(), clock.instant()))
              .thenRun(
                  changed -> {
                    note("resumed", c.cause());
                    proceed(changed);
                    display.answer(progress(changed), c.replyTo());
                  })
              .thenNoReply();
      case PENDING, PROCESSING, COMPLETED, CANCELLED ->
          refuse(c.replyTo(), "it cannot be resumed: it is " + name(state.status()));
    };
  }

  private ReplyEffect<RunEvent, RunState> remove(RunState state, Remove c) {
    var events = new ArrayList<RunEvent>();
    if (state.status() != Status.CANCELLED) {
      events.add(new Cancelled(c.cause(), clock.instant()));
    }
    return Effect()
        .persist(events)
        .thenRun(
            changed -> {
              note("removed", c.cause());
              halt(changed);
              display.answer(progress(changed), c.replyTo());
            })
        .thenNoReply();
  }

  private ReplyEffect<RunEvent, RunState> windowDone(RunState state, WindowDone c) {
    workers.finished(c.window());
    var wanted = state.status() == Status.PROCESSING || state.status() == Status.PAUSED;
    if (!wanted
        || c.round() != state.round().number()
        || state.round().done().contains(c.window())) {
      return Effect().noReply();
    }
    return Effect()
        .persist(new WindowFinished(c.window(), c.counts(), c.settled(), clock.instant()))
        .thenRun(
            changed -> {
              rate.sample(clock.instant(), dealtWith(changed));
              workers.proceed(changed);
              display.show(progress(changed));
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
    return Effect()
        .persist(new Failed(c.reason(), clock.instant()))
        .thenRun(
            changed -> {
              halt(changed);
              display.show(progress(changed));
            })
        .thenNoReply();
  }

  private ReplyEffect<RunEvent, RunState> pauseEnds(RunState state, PauseEnds c) {
    var pause = state.pause();
    if (pause == null || !c.until().equals(pause.until())) {
      return Effect().noReply();
    }
    if (c.until().isAfter(clock.instant())) {
      return aside(() -> wakeAtPauseEnd(state));
    }
    return Effect()
        .persist(new Resumed(new Cause("the clock", "the pause ended", ""), clock.instant()))
        .thenRun(
            changed -> {
              proceed(changed);
              display.show(progress(changed));
            })
        .thenNoReply();
  }

  private ReplyEffect<RunEvent, RunState> refuse(
      ActorRef<StatusReply<Progress>> replyTo, String reason) {
    return Effect().reply(replyTo, StatusReply.error(reason));
  }

  // What follows from a decision

  /** After a start, a crash or a move: go on from where the journal ends. */
  private void recovered(RunState state) {
    workers.stopAll();
    rate.clear();
    if (state.status() == Status.PENDING) {
      return;
    }
    wakeAtPauseEnd(state);
    workers.proceed(state);
    display.show(progress(state));
  }

  private void proceed(RunState state) {
    timers.cancel(PauseEnds.class);
    workers.proceed(state);
  }

  private void halt(RunState state) {
    workers.stopAll();
    rate.clear();
    wakeAtPauseEnd(state);
  }

  private void wakeAtPauseEnd(RunState state) {
    var pause = state.pause();
    if (pause != null && pause.until() != null) {
      var left = Duration.between(clock.instant(), pause.until());
      var wait = left.compareTo(LONGEST_TIMER) > 0 ? LONGEST_TIMER : left;
      timers.startSingleTimer(
          PauseEnds.class, new PauseEnds(pause.until()), wait.isNegative() ? Duration.ZERO : wait);
    }
  }

  private void waits(RunState state, Waiting c) {
    if (workers.waits(c.window(), c.reason())) {
      display.show(progress(state));
    }
  }

  private void tick(RunState state, Tick tick) {
    switch (tick) {
      case SHOW_AGAIN -> display.writeAgain();
      case TELL_WATCHERS -> display.tellWatchers(progress(state));
      case IDLE -> passivateIfIdle(state);
    }
  }

  /**
   * A run that works, or that a clock will wake, stays in memory and is remembered over a crash.
   */
  private void passivateIfIdle(RunState state) {
    var pause = state.pause();
    var wakesByItself = pause != null && pause.until() != null;
    if (state.status() != Status.PROCESSING && !wakesByItself && !display.watched()) {
      shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
    }
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
        state,
        state.status() == Status.PROCESSING ? rate.perSecond(clock.instant()) : 0,
        workers.waiting());
  }

  private static String name(Status status) {
    return status.name().toLowerCase(java.util.Locale.ROOT);
  }
}
