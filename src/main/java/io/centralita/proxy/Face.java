package io.centralita.proxy;

import io.centralita.actor.Cause;
import io.centralita.actor.Display;
import io.centralita.actor.Overseen;
import io.centralita.actor.Vitals;
import io.centralita.http.RequestId;
import io.centralita.proxy.ProxyCommand.Recalled;
import io.centralita.proxy.ProxyCommand.Shown;
import io.centralita.proxy.ProxyCommand.Tick;
import io.centralita.proxy.ProxyEvent.ExitBlocked;
import io.centralita.proxy.ProxyState.Status;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;
import org.slf4j.MDC;

/**
 * What is seen of a proxy from outside: its row, the news for all nodes, its lines in the log, and
 * what it answers operators. Belongs to the {@link Proxy}.
 */
final class Face {
  private static final Duration RECALL_AGAIN_AFTER = Duration.ofSeconds(1);

  private final long id;
  private final Proxy.Ground ground;
  private final ActorContext<ProxyCommand> context;
  private final TimerScheduler<ProxyCommand> timers;
  private final Vitals vitals;
  private final Lending lending;
  private final Tally tally;
  private final Trials trials;
  private final LongSupplier sequenceNr;
  private final Display<ProxyStatus, ProxyCommand> display;

  /**
   * @param sequenceNr of the proxy's last event
   */
  Face(
      long id,
      Proxy.Ground ground,
      ActorContext<ProxyCommand> context,
      TimerScheduler<ProxyCommand> timers,
      Vitals vitals,
      Lending lending,
      Tally tally,
      Trials trials,
      LongSupplier sequenceNr) {
    this.id = id;
    this.ground = ground;
    this.context = context;
    this.timers = timers;
    this.vitals = vitals;
    this.lending = lending;
    this.tally = tally;
    this.trials = trials;
    this.sequenceNr = sequenceNr;
    this.display = new Display<>(this::write, context, timers, Shown::new, Tick.SHOW);
  }

  ProxyStatus status(ProxyState state) {
    return new ProxyStatus(
        id,
        sequenceNr.getAsLong(),
        state.configuration().version(),
        state.status(),
        ProxyStatus.words(state),
        state.since(),
        state.until(),
        tally.counters(),
        tally.score(),
        lending.count(ground.clock().instant()),
        state.blocked());
  }

  // Its row

  /** Asks for the statistics that its row holds; until they are there it shows nothing. */
  void recall() {
    context.pipeToSelf(
        ground.board().recall(id), (statistics, _) -> new Recalled(statistics)); // null: failed
  }

  void recalled(ProxyState state, Recalled c) {
    if (c.statistics() == null) {
      timers.startSingleTimer(Tick.RECALL_AGAIN, Tick.RECALL_AGAIN, RECALL_AGAIN_AFTER);
      return;
    }
    tally.recall(c.statistics());
    display.begin(() -> status(state));
    if (state.status() != Status.NEW) {
      show(state);
    }
  }

  /** The state changed. */
  void show(ProxyState state) {
    display.show(() -> status(state));
  }

  /** Shows the state, and then answers the command that made it so. */
  void answer(ProxyState state, ActorRef<StatusReply<ProxyStatus>> replyTo) {
    display.answer(() -> status(state), replyTo);
  }

  /** Only counters changed. */
  void touch() {
    display.touch();
  }

  void written(ProxyState state, Shown c) {
    display.written(c.written(), () -> status(state));
  }

  void tick(ProxyState state) {
    display.tick(() -> status(state));
  }

  private CompletionStage<?> write(ProxyStatus status) {
    return status.status() == Status.REMOVED
        ? ground.board().remove(id)
        : ground.board().show(status);
  }

  /** Puts a blocked exit into the list of them. */
  void remember(ExitBlocked e) {
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

  // Those who hear of it

  /** Tells all nodes how it stands. */
  void tell(ProxyState state) {
    ground.heralds().tell(status(state));
  }

  void log(ProxyState state, Cause cause) {
    try (var _ = MDC.putCloseable(RequestId.MDC_KEY, cause.requestId())) {
      context
          .getLog()
          .atInfo()
          .addKeyValue("by", cause.by())
          .log("proxy {} is {}", id, ProxyStatus.words(state));
    }
  }

  // Operators

  /**
   * @param passivate lets the proxy leave memory
   */
  Overseen overseen(ProxyState state, Runnable passivate) {
    var lent = lending.count(ground.clock().instant());
    return new Overseen(
        () ->
            ProxyKind.inspection(
                state, sequenceNr.getAsLong(), trials.children(), lent, vitals.snapshot().held()),
        stays(state, lent),
        "a trial under way is made again, and %d sessions lent end by their age".formatted(lent),
        passivate,
        this::lastWords);
  }

  private void lastWords() {
    trials.refuse("it begins again from its journal: test it again");
    display.answerAll();
  }

  private String stays(ProxyState state, int lent) {
    if (state.status() == Status.OPEN) {
      return "a clock will wake it for its trial: disable it first";
    }
    if (!trials.children().isEmpty()) {
      return "a call of its own is under way: wait for it";
    }
    if (lent > 0) {
      return lent + " of its sessions are lent: disable it first, and wait for them";
    }
    return display.isCurrent() ? "" : "what it counted is being written: try again";
  }
}
