package io.centralita.proxy;

import io.centralita.actor.Cause;
import io.centralita.actor.Decision;
import io.centralita.actor.LiveEntities;
import io.centralita.actor.Overseen;
import io.centralita.actor.Vitals;
import io.centralita.proxy.ProxyCommand.Borrow;
import io.centralita.proxy.ProxyCommand.Get;
import io.centralita.proxy.ProxyCommand.Instruction;
import io.centralita.proxy.ProxyCommand.Ordered;
import io.centralita.proxy.ProxyCommand.Recalled;
import io.centralita.proxy.ProxyCommand.Refused;
import io.centralita.proxy.ProxyCommand.Report;
import io.centralita.proxy.ProxyCommand.Shown;
import io.centralita.proxy.ProxyCommand.Stop;
import io.centralita.proxy.ProxyCommand.TestNow;
import io.centralita.proxy.ProxyCommand.Tick;
import io.centralita.proxy.ProxyCommand.TrialDue;
import io.centralita.proxy.ProxyCommand.TrialFailed;
import io.centralita.proxy.ProxyCommand.Tried;
import io.centralita.proxy.ProxyEvent.Configured;
import io.centralita.proxy.ProxyEvent.ExitBlocked;
import io.centralita.proxy.ProxyEvent.Opened;
import io.centralita.proxy.ProxyState.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
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

  private static final Cause ITSELF = new Cause("itself", "", "");
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
      LiveEntities live,
      InstantSource clock,
      RandomGenerator random) {}

  private final Ground ground;
  private final ActorContext<ProxyCommand> context;
  private final ActorRef<ClusterSharding.ShardCommand> shard;
  private final Vitals vitals;
  private final Lending lending;
  private final Consequences consequences;
  private final Trials trials;
  private final Face face;

  static Behavior<ProxyCommand> create(
      long id, Ground ground, ActorRef<ClusterSharding.ShardCommand> shard) {
    return Overseen.behavior(
        ground.live(),
        KEY,
        ProxyCommand.class,
        Long.toString(id),
        Ordered::new,
        vitals ->
            Behaviors.setup(
                context ->
                    Behaviors.withTimers(
                        timers -> new Proxy(id, ground, context, timers, shard, vitals))));
  }

  private Proxy(
      long id,
      Ground ground,
      ActorContext<ProxyCommand> context,
      TimerScheduler<ProxyCommand> timers,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Vitals vitals) {
    // While the journal cannot be written or read the proxy waits and begins again from it.
    super(
        PersistenceId.of(KEY.name(), Long.toString(id)),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(10), 0.2));
    this.ground = ground;
    this.context = context;
    this.shard = shard;
    this.vitals = vitals;
    this.lending = new Lending(ground.rules(), ground.random());
    this.consequences = new Consequences(ground.rules());
    this.trials = new Trials(id, ground.call(), ground.clock(), context, timers, vitals);
    this.face =
        new Face(
            id,
            ground,
            context,
            timers,
            vitals,
            lending,
            consequences.tally(),
            trials,
            () -> lastSequenceNumber(context));
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
    return Overseen.watch(newSignalHandlerBuilder(), vitals)
        .onSignal(RecoveryCompleted.instance(), this::recovered)
        .build();
  }

  @Override
  public CommandHandlerWithReply<ProxyCommand, ProxyEvent, ProxyState> commandHandler() {
    return (state, command) -> {
      vitals.handled();
      return onCommand(state, command);
    };
  }

  private ReplyEffect<ProxyEvent, ProxyState> onCommand(ProxyState state, ProxyCommand command) {
    return switch (command) {
      case Instruction c -> decided(ProxyDecision.on(c, state, now()), c);
      case Get c -> Effect().reply(c.replyTo(), StatusReply.success(face.status(state)));
      case TestNow c -> testNow(state, c);
      case Borrow c -> borrow(state, c);
      case Report c -> report(state, c);
      case TrialDue c -> happens(ProxyDecision.on(c, state, now()));
      case TrialFailed c -> aside(() -> trials.failed(c));
      case Tried c -> tried(state, c);
      case Ordered c -> aside(() -> face.overseen(state, this::passivate).obey(c.order(), vitals));
      case Recalled c -> aside(() -> face.recalled(state, c));
      case Shown c -> aside(() -> face.written(state, c));
      case Tick tick -> aside(() -> tick(state, tick));
      case Stop _ -> Effect().stop().thenNoReply();
    };
  }

  private ReplyEffect<ProxyEvent, ProxyState> testNow(ProxyState state, TestNow c) {
    return switch (ProxyDecision.on(c, state, now())) {
      case Decision.Refused<ProxyEvent>(var why) ->
          Effect().reply(c.replyTo(), StatusReply.error(why));
      case Decision.Accepted<ProxyEvent>(var events) ->
          happen(
              events,
              c.cause(),
              changed -> {
                trials.begin(c.replyTo());
                face.show(changed);
              });
    };
  }

  private ReplyEffect<ProxyEvent, ProxyState> borrow(ProxyState state, Borrow c) {
    if (state.status() != Status.CLOSED) {
      return Effect().reply(c.replyTo(), new Refused(ProxyStatus.words(state), state.until()));
    }
    var borrowed = lending.borrow(state, now());
    face.touch();
    return Effect().reply(c.replyTo(), borrowed);
  }

  private ReplyEffect<ProxyEvent, ProxyState> report(ProxyState state, Report c) {
    c.returned().forEach(lending::returned);
    face.touch();
    return happens(consequences.told(state, c.told(), now()));
  }

  private ReplyEffect<ProxyEvent, ProxyState> tried(ProxyState state, Tried c) {
    if (!trials.ended(c)) {
      return Effect().noReply();
    }
    face.touch();
    return happens(consequences.tried(state, c.result(), now()));
  }

  // What follows

  private ReplyEffect<ProxyEvent, ProxyState> decided(
      Decision<ProxyEvent> decision, Instruction c) {
    return switch (decision) {
      case Decision.Refused<ProxyEvent>(var why) ->
          Effect().reply(c.replyTo(), StatusReply.error(why));
      case Decision.Accepted<ProxyEvent>(var events) ->
          happen(events, c.cause(), changed -> face.answer(changed, c.replyTo()));
    };
  }

  private ReplyEffect<ProxyEvent, ProxyState> happens(List<ProxyEvent> events) {
    return events.isEmpty() ? Effect().noReply() : happen(events, ITSELF, face::show);
  }

  private ReplyEffect<ProxyEvent, ProxyState> happen(
      List<ProxyEvent> events, Cause cause, Consumer<ProxyState> then) {
    return Effect()
        .persist(events)
        .thenRun(
            changed -> {
              events.forEach(this::happened);
              if (!events.isEmpty()) {
                follow(changed);
              }
              if (events.stream().anyMatch(event -> !(event instanceof ExitBlocked))) {
                face.log(changed, cause);
              }
              then.accept(changed);
            })
        .thenNoReply();
  }

  private void happened(ProxyEvent event) {
    vitals.journalled(event);
    if (event instanceof ExitBlocked blocked) {
      face.remember(blocked);
    } else if (event instanceof Configured) {
      trials.forget(); // a call under way goes through what was before
    } else if (event instanceof Opened opened) {
      vitals.failed(opened.reason());
    }
  }

  private void follow(ProxyState state) {
    if (state.status() != Status.CLOSED) {
      consequences.tally().rest();
    }
    trials.follow(state);
    face.tell(state);
  }

  /** After a start, a crash or a move: go on from where the journal ends. */
  private void recovered(ProxyState state) {
    face.recall();
    trials.forget();
    if (state.status() != Status.NEW) {
      follow(state);
    }
  }

  private void tick(ProxyState state, Tick tick) {
    switch (tick) {
      case SHOW -> face.tick(state);
      case RECALL_AGAIN -> face.recall();
      case IDLE -> {
        // Any other has a timer, or sessions of which it has to know.
        if (state.status() == Status.NEW || state.status() == Status.REMOVED) {
          passivate();
        }
      }
    }
  }

  private void passivate() {
    shard.tell(new ClusterSharding.Passivate<>(context.getSelf()));
  }

  private ReplyEffect<ProxyEvent, ProxyState> aside(Runnable effect) {
    effect.run();
    return Effect().noReply();
  }

  private Instant now() {
    return ground.clock().instant();
  }
}
