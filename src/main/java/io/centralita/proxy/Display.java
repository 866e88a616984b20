package io.centralita.proxy;

import io.centralita.proxy.ProxyCommand.Shown;
import io.centralita.proxy.ProxyCommand.Tick;
import io.centralita.proxy.ProxyState.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;

/**
 * Keeps the row that lists read up to date: at once after a change of state, every second where
 * only counters grew. One write is under way at a time. A command is answered when lists show its
 * effect.
 */
final class Display {
  private static final Duration COUNTERS_EVERY = Duration.ofSeconds(1);

  private record Unanswered(
      long mark, ProxyStatus status, ActorRef<StatusReply<ProxyStatus>> replyTo) {}

  private final ProxyBoard board;
  private final ActorContext<ProxyCommand> context;
  private final TimerScheduler<ProxyCommand> timers;
  private final List<Unanswered> unanswered = new ArrayList<>();
  private long mark;
  private long shown;
  private boolean recalled;
  private boolean writing;
  private boolean urgent;

  Display(
      ProxyBoard board, ActorContext<ProxyCommand> context, TimerScheduler<ProxyCommand> timers) {
    this.board = board;
    this.context = context;
    this.timers = timers;
  }

  /** The statistics are there: what is shown from now on is whole. */
  void begin(Supplier<ProxyStatus> now) {
    recalled = true;
    writing = false; // what was under way before a restart is never told
    proceed(now);
  }

  /** Only counters changed. */
  void touch() {
    mark++;
    if (!timers.isTimerActive(Tick.SHOW)) {
      timers.startSingleTimer(Tick.SHOW, Tick.SHOW, COUNTERS_EVERY);
    }
  }

  /** The state changed. */
  void show(Supplier<ProxyStatus> now) {
    mark++;
    urgent = true;
    proceed(now);
  }

  /** Shows what is now, and then answers the command that made it. */
  void answer(Supplier<ProxyStatus> now, ActorRef<StatusReply<ProxyStatus>> replyTo) {
    unanswered.add(new Unanswered(mark + 1, now.get(), replyTo));
    show(now);
  }

  void written(Shown written, Supplier<ProxyStatus> now) {
    writing = false;
    if (written.failed()) {
      timers.startSingleTimer(Tick.SHOW, Tick.SHOW, COUNTERS_EVERY);
      return;
    }
    shown = written.mark();
    unanswered.removeIf(
        waiting -> {
          var visible = waiting.mark() <= shown;
          if (visible) {
            waiting.replyTo().tell(StatusReply.success(waiting.status()));
          }
          return visible;
        });
    if (urgent) {
      proceed(now);
    }
  }

  /** The timer: what grew, or could not be written, is shown now. */
  void tick(Supplier<ProxyStatus> now) {
    urgent = true;
    proceed(now);
  }

  private void proceed(Supplier<ProxyStatus> now) {
    if (!recalled || writing || !urgent || shown == mark) {
      return;
    }
    writing = true;
    urgent = false;
    var status = now.get();
    var at = mark;
    var written =
        status.status() == Status.REMOVED ? board.remove(status.id()) : board.show(status);
    context.pipeToSelf(written, (_, failure) -> new Shown(at, failure != null));
  }
}
