package io.centralita.proxy;

import io.centralita.actor.Cause;
import io.centralita.http.RequestId;
import io.centralita.proxy.ProxyCommand.Borrow;
import io.centralita.proxy.ProxyCommand.Configure;
import io.centralita.proxy.ProxyCommand.Disable;
import io.centralita.proxy.ProxyCommand.Enable;
import io.centralita.proxy.ProxyCommand.Get;
import io.centralita.proxy.ProxyCommand.Recalled;
import io.centralita.proxy.ProxyCommand.Refused;
import io.centralita.proxy.ProxyCommand.Remove;
import io.centralita.proxy.ProxyCommand.Report;
import io.centralita.proxy.ProxyCommand.Shown;
import io.centralita.proxy.ProxyCommand.Stop;
import io.centralita.proxy.ProxyCommand.TestNow;
import io.centralita.proxy.ProxyCommand.Tick;
import io.centralita.proxy.ProxyCommand.Told;
import io.centralita.proxy.ProxyCommand.TrialDue;
import io.centralita.proxy.ProxyCommand.Tried;
import io.centralita.proxy.ProxyEvent.Closed;
import io.centralita.proxy.ProxyEvent.Configured;
import io.centralita.proxy.ProxyEvent.Disabled;
import io.centralita.proxy.ProxyEvent.Enabled;
import io.centralita.proxy.ProxyEvent.ExitBlocked;
import io.centralita.proxy.ProxyEvent.Opened;
import io.centralita.proxy.ProxyEvent.Removed;
import io.centralita.proxy.ProxyEvent.TrialStarted;
import io.centralita.proxy.ProxyState.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.slf4j.MDC;

/**
 * One configured proxy: sharded, event-sourced. It lends sessions, hears what became of the calls
 * through them, and keeps the circuit: errors in a row open it, after a while one trial decides
 * whether it is closed again.
 *
 * <p>Address and credentials are in its row, and it never sees the latter: whoever borrows a
 * session knows them from there.
 */
public final class Proxy
    extends EventSourcedBehaviorWithEnforcedReplies<ProxyCommand, ProxyEvent, ProxyState> {

  /** The entity type, in the cluster and in the journal. */
  public static final EntityTypeKey<ProxyCommand> KEY =
      EntityTypeKey.create(ProxyCommand.class, "Proxy");

  private static final Duration RECALL_AGAIN_AFTER = Duration.ofSeconds(1);
  private static final Duration IDLE_AFTER = Duration.ofSeconds(60);

  /**
   * What a proxy stands on.
   *
   * @param heralds told of every change of state, for all nodes
   */
  record Ground(
      Rules rules,
      ProxyBoard board,
      Trial.Call call,
      ActorRef<ProxyStatus> heralds,
      InstantSource clock,
      RandomGenerator random) {}

  private final long id;
  private final Ground ground;
  private final ActorContext<ProxyCommand> context;
  private final TimerScheduler<ProxyCommand> timers;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final Display display;
  private final Lending lending;
  private final Tally tally = new Tally();
  private final Trials trials;

  static Behavior<ProxyCommand> create(
      long id, Ground ground, ActorRef<ClusterSharding.ShardCommand> shard) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new Proxy(id, ground, context, timers, shard)));
  }

  private Proxy(
      long id,
      Ground ground,
      ActorContext<ProxyCommand> context,
      TimerScheduler<ProxyCommand> timers,
      ActorRef<ClusterSharding.ShardCommand> shard) {
    // While the journal cannot be written or read the proxy waits and begins again from it.
    super(
        PersistenceId.of(KEY.name(), Long.toString(id)),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(10), 0.2));
    this.id = id;
    this.ground = ground;
    this.context = context;
    this.timers = timers;
    this.shard = shard;
    this.display = new Display(ground.board(), context, timers);
    this.lending = new Lending(ground.rules(), ground.random());
    this.trials = new Trials(id, ground.call(), context);
    context.setReceiveTimeout(IDLE_AFTER, Tick.IDLE);
  }

  @Override
  public ProxyState emptyState() {
    return ProxyState.EMPTY;
  }

  @Override
  public EventHandler<ProxyState, ProxyEvent> eventHandler() {
    return ProxyState::apply;
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(100, 1);
  }

  @Override
  public SignalHandler<ProxyState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::recovered)
        .build();
  }

  @Override
  public CommandHandlerWithReply<ProxyCommand, ProxyEvent, ProxyState> commandHandler() {
    return (state, command) ->
        switch (command) {
          case Configure c -> configure(state, c);
          case Disable c -> disable(state, c);
          case Enable c -> enable(state, c);
          case Remove c -> remove(state, c);
          case Get c -> Effect().reply(c.replyTo(), StatusReply.success(status(state)));
          case TestNow c -> testNow(state, c);
          case Borrow c -> borrow(state, c);
          case Report c -> report(state, c);
          case TrialDue c -> trialDue(state, c);
          case Tried c -> tried(state, c);
          case Recalled c -> aside(() -> recalled(state, c));
          case Shown c -> aside(() -> display.written(c, () -> status(state)));
          case Tick tick -> aside(() -> tick(state, tick));
          case Stop _ -> Effect().stop().thenNoReply();
        };
  }

  // What people and nodes ask for

  private ReplyEffect<ProxyEvent, ProxyState> configure(ProxyState state, Configure c) {
    if (state.status() == Status.REMOVED) {
      return refuse(c.replyTo(), "it is removed");
    }
    if (c.configuration().version() <= state.configuration().version()) {
      return aside(() -> display.answer(() -> status(state), c.replyTo()));
    }
    var events = new ArrayList<ProxyEvent>();
    events.add(new Configured(c.configuration(), c.cause(), now()));
    if (state.status() == Status.OPEN) { // what was wrong may have been put right
      events.add(new TrialStarted("the configuration changed", now()));
    }
    return changed(state, events, c.cause(), c.replyTo());
  }

  private ReplyEffect<ProxyEvent, ProxyState> disable(ProxyState state, Disable c) {
    return switch (state.status()) {
      case NEW, REMOVED -> refuse(c.replyTo(), "it is not configured");
      case DISABLED -> Effect().reply(c.replyTo(), StatusReply.success(status(state)));
      case CLOSED, OPEN, HALF_OPEN ->
          changed(state, List.of(new Disabled(c.cause(), now())), c.cause(), c.replyTo());
    };
  }

  private ReplyEffect<ProxyEvent, ProxyState> enable(ProxyState state, Enable c) {
    return switch (state.status()) {
      case NEW, REMOVED -> refuse(c.replyTo(), "it is not configured");
      case CLOSED, HALF_OPEN -> Effect().reply(c.replyTo(), StatusReply.success(status(state)));
      case OPEN, DISABLED ->
          changed(state, List.of(new Enabled(c.cause(), now())), c.cause(), c.replyTo());
    };
  }

  private ReplyEffect<ProxyEvent, ProxyState> remove(ProxyState state, Remove c) {
    return state.status() == Status.REMOVED
        ? aside(() -> display.answer(() -> status(state), c.replyTo()))
        : changed(state, List.of(new Removed(c.cause(), now())), c.cause(), c.replyTo());
  }

  private ReplyEffect<ProxyEvent, ProxyState> testNow(ProxyState state, TestNow c) {
    return switch (state.status()) {
      case NEW, REMOVED -> refuse(c.replyTo(), "it is not configured");
      case CLOSED, HALF_OPEN, DISABLED -> aside(() -> trials.begin(c.replyTo()));
      case OPEN ->
          Effect()
              .persist(new TrialStarted("a test was asked for " + c.cause().words(), now()))
              .thenRun(
                  changed -> {
                    follow(changed);
                    trials.begin(c.replyTo());
                  })
              .thenNoReply();
    };
  }

  private ReplyEffect<ProxyEvent, ProxyState> borrow(ProxyState state, Borrow c) {
    if (state.status() != Status.CLOSED) {
      return Effect().reply(c.replyTo(), new Refused(ProxyStatus.words(state), state.until()));
    }
    var borrowed = lending.borrow(state, now());
    display.touch();
    return Effect().reply(c.replyTo(), borrowed);
  }

  // What becomes of calls

  private ReplyEffect<ProxyEvent, ProxyState> report(ProxyState state, Report c) {
    c.returned().forEach(lending::returned);
    var events = new ArrayList<ProxyEvent>();
    var after = state;
    for (var told : c.told()) {
      tally.add(told.outcome(), told.calls());
      for (var event : follows(after, told)) {
        events.add(event);
        after = after.apply(event);
      }
    }
    display.touch();
    return changed(events);
  }

  private List<ProxyEvent> follows(ProxyState state, Told told) {
    if (told.blocked() != null && state.status() != Status.REMOVED) {
      return List.of(blocked(state, told, told.blocked()));
    }
    if (state.status() != Status.CLOSED) {
      return List.of(); // late news from before it was set aside
    }
    var why = tally.whyOpen(ground.rules().errorsInRow(), told.detail());
    return why.isEmpty() ? List.of() : List.of(opened(why));
  }

  private ProxyEvent blocked(ProxyState state, Told told, Exit exit) {
    var before = state.resting().get(exit.place());
    var retries = exit.isFixed() && before != null ? before.retries() + 1 : 1;
    return new ExitBlocked(
        exit,
        told.owner(),
        told.detail(),
        retries,
        exit.isFixed() ? now().plus(ground.rules().rest(retries)) : null,
        now());
  }

  private Opened opened(String why) {
    return new Opened(why, now().plus(ground.rules().openFor()), now());
  }

  private ReplyEffect<ProxyEvent, ProxyState> trialDue(ProxyState state, TrialDue c) {
    if (state.status() != Status.OPEN || !c.until().equals(state.until())) {
      return Effect().noReply();
    }
    return changed(List.of(new TrialStarted("one call decides", now())));
  }

  private ReplyEffect<ProxyEvent, ProxyState> tried(ProxyState state, Tried c) {
    if (!trials.ended(c)) {
      return Effect().noReply();
    }
    var result = c.result();
    tally.add(result.outcome(), 1);
    display.touch();
    return switch (state.status()) {
      case NEW, OPEN, DISABLED, REMOVED -> Effect().noReply();
      case CLOSED -> {
        var why = tally.whyOpen(ground.rules().errorsInRow(), result.words());
        yield changed(why.isEmpty() ? List.of() : List.of(opened(why)));
      }
      case HALF_OPEN ->
          changed(
              List.of(
                  result.passed()
                      ? new Closed(
                          "the trial passed in " + result.millis() + " ms, " + result.words(),
                          now())
                      : opened("the trial failed: " + result.words())));
    };
  }

  // What follows from an event

  private ReplyEffect<ProxyEvent, ProxyState> changed(
      ProxyState before,
      List<ProxyEvent> events,
      Cause cause,
      ActorRef<StatusReply<ProxyStatus>> replyTo) {
    return Effect()
        .persist(events)
        .thenRun(
            changed -> {
              note(changed, cause);
              if (before.configuration().version() != changed.configuration().version()) {
                trials.forget(); // a call under way goes through what was before
              }
              follow(changed);
              display.answer(() -> status(changed), replyTo);
            })
        .thenNoReply();
  }

  private ReplyEffect<ProxyEvent, ProxyState> changed(List<ProxyEvent> events) {
    if (events.isEmpty()) {
      return Effect().noReply();
    }
    return Effect()
        .persist(events)
        .thenRun(
            changed -> {
              for (var event : events) {
                if (event instanceof ExitBlocked e) {
                  remember(e);
                } else {
                  note(changed, new Cause("itself", "", ""));
                }
              }
              follow(changed);
              display.show(() -> status(changed));
            })
        .thenNoReply();
  }

  private void follow(ProxyState state) {
    timers.cancel(TrialDue.class);
    if (state.status() != Status.CLOSED) {
      tally.rest();
    }
    switch (state.status()) {
      case HALF_OPEN -> trials.begin();
      case OPEN -> {
        var until = Objects.requireNonNull(state.until());
        var left = Duration.between(now(), until);
        timers.startSingleTimer(
            TrialDue.class, new TrialDue(until), left.isNegative() ? Duration.ZERO : left);
      }
      case REMOVED, DISABLED, CLOSED, NEW -> {}
    }
    ground.heralds().tell(status(state));
  }

  private void remember(ExitBlocked e) {
    var _ =
        ground
            .board()
            .blocked(id, e.exit(), e.owner(), e.retries(), e.reason(), e.at())
            .whenComplete(
                (_, failure) -> {
                  if (failure != null) { // the journal has it
                    context.getSystem().log().warn("a blocked exit is not in the list", failure);
                  }
                });
  }

  /** After a start, a crash or a move: go on from where the journal ends. */
  private void recovered(ProxyState state) {
    recall();
    trials.forget();
    if (state.status() != Status.NEW) {
      follow(state);
    }
  }

  private void recall() {
    context.pipeToSelf(
        ground.board().recall(id), (statistics, _) -> new Recalled(statistics)); // null: failed
  }

  private void recalled(ProxyState state, Recalled c) {
    if (c.statistics() == null) {
      timers.startSingleTimer(Tick.RECALL_AGAIN, Tick.RECALL_AGAIN, RECALL_AGAIN_AFTER);
      return;
    }
    tally.recall(c.statistics());
    display.begin(() -> status(state));
    if (state.status() != Status.NEW) {
      display.show(() -> status(state));
    }
  }

  private void tick(ProxyState state, Tick tick) {
    switch (tick) {
      case SHOW -> display.tick(() -> status(state));
      case RECALL_AGAIN -> recall();
      case IDLE -> {
        // Any other has a timer, or sessions of which it has to know.
        if (state.status() == Status.NEW || state.status() == Status.REMOVED) {
          shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
        }
      }
    }
  }

  private ReplyEffect<ProxyEvent, ProxyState> aside(Runnable effect) {
    effect.run();
    return Effect().noReply();
  }

  private <T> ReplyEffect<ProxyEvent, ProxyState> refuse(
      ActorRef<StatusReply<T>> replyTo, String why) {
    return Effect().reply(replyTo, StatusReply.error(why));
  }

  private void note(ProxyState state, Cause cause) {
    try (var _ = MDC.putCloseable(RequestId.MDC_KEY, cause.requestId())) {
      context
          .getLog()
          .atInfo()
          .addKeyValue("by", cause.by())
          .log("proxy {} is {}", id, ProxyStatus.words(state));
    }
  }

  private ProxyStatus status(ProxyState state) {
    return new ProxyStatus(
        id,
        lastSequenceNumber(context),
        state.configuration().version(),
        state.status(),
        ProxyStatus.words(state),
        state.since(),
        state.until(),
        tally.counters(),
        tally.score(),
        lending.count(now()),
        state.blocked());
  }

  private Instant now() {
    return ground.clock().instant();
  }
}
