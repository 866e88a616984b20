package io.centralita.proxy;

import io.centralita.actor.Inspection;
import io.centralita.actor.Vitals;
import io.centralita.proxy.ProxyCommand.Tested;
import io.centralita.proxy.ProxyCommand.TrialDue;
import io.centralita.proxy.ProxyCommand.TrialFailed;
import io.centralita.proxy.ProxyCommand.Tried;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/** The one trial that a proxy may have under way, and those who wait for what comes of it. */
final class Trials {
  private final long id;
  private final Trial.Call call;
  private final InstantSource clock;
  private final ActorContext<ProxyCommand> context;
  private final TimerScheduler<ProxyCommand> timers;
  private final Vitals vitals;
  private final List<ActorRef<StatusReply<Tested>>> waiting = new ArrayList<>();
  private @Nullable ActorRef<Trial.Message> underWay;
  private long number;
  private Instant since = Instant.EPOCH;
  private int tries;
  private String failure = "";

  Trials(
      long id,
      Trial.Call call,
      InstantSource clock,
      ActorContext<ProxyCommand> context,
      TimerScheduler<ProxyCommand> timers,
      Vitals vitals) {
    this.id = id;
    this.call = call;
    this.clock = clock;
    this.context = context;
    this.timers = timers;
    this.vitals = vitals;
  }

  /** Begins one where the state wants it, or sees to it that one is begun in time. */
  void follow(ProxyState state) {
    timers.cancel(TrialDue.class);
    switch (state.status()) {
      case HALF_OPEN -> begin();
      case OPEN -> {
        var until = Objects.requireNonNull(state.until());
        var left = Duration.between(clock.instant(), until);
        timers.startSingleTimer(
            TrialDue.class, new TrialDue(until), left.isNegative() ? Duration.ZERO : left);
      }
      case NEW, CLOSED, DISABLED, REMOVED -> {}
    }
  }

  private void begin() {
    if (underWay == null) {
      number++;
      since = clock.instant();
      tries = 1;
      failure = "";
      underWay =
          context.spawn(Trial.create(call, id, number, context.getSelf()), "trial-" + number);
    }
  }

  /** Begins one, or waits for that which is under way. */
  void begin(ActorRef<StatusReply<Tested>> replyTo) {
    waiting.add(replyTo);
    begin();
  }

  /** Drops the one under way and begins another for those who wait. */
  void forget() {
    if (underWay != null) {
      context.stop(underWay);
      underWay = null;
      if (!waiting.isEmpty()) {
        begin();
      }
    }
  }

  /** Those who wait need not wait longer. */
  void refuse(String why) {
    waiting.forEach(replyTo -> replyTo.tell(StatusReply.error(why)));
    waiting.clear();
  }

  /** The call could not be made, by our own side's fault, and is made again. */
  void failed(TrialFailed failed) {
    if (failed.number() == number) {
      tries++;
      failure = failed.failure();
      vitals.failed("a trial could not be made: " + failure);
    }
  }

  /** Tells those who wait; false where it is an earlier trial that was dropped. */
  boolean ended(Tried tried) {
    if (tried.number() != number || underWay == null) {
      return false;
    }
    underWay = null;
    vitals.step(Duration.ofMillis(tried.result().millis()));
    waiting.forEach(replyTo -> replyTo.tell(StatusReply.success(tried.result())));
    waiting.clear();
    return true;
  }

  /** The trial under way, as an operator sees it. */
  List<Inspection.Child> children() {
    return underWay == null
        ? List.of()
        : List.of(
            new Inspection.Child(
                "trial " + number,
                since,
                tries,
                failure.isEmpty()
                    ? "the answer to its call"
                    : "the answer to its call, which could not be made before: " + failure));
  }
}
