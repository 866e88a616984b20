package io.centralita.jobs;

import io.centralita.jobs.RunState.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what others see of a run up to date: the row that lists read, and those who watch.
 *
 * <p>One write is under way at a time and only the newest progress waits behind it, so a fast run
 * writes no more often than the database takes it. A command is answered when lists show its
 * effect.
 */
final class Display {
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);
  private static final Duration WATCHERS_EVERY = Duration.ofMillis(250);

  private record Unanswered(Progress progress, ActorRef<StatusReply<Progress>> replyTo) {}

  private final RunKind.View view;
  private final ActorContext<RunCommand> context;
  private final TimerScheduler<RunCommand> timers;

  private final List<Unanswered> unanswered = new ArrayList<>();
  private final Set<ActorRef<Progress>> watchers = new HashSet<>();
  private @Nullable Progress newest;

  /** What is being written; null where nothing is. */
  private @Nullable Progress underWay;

  Display(RunKind.View view, ActorContext<RunCommand> context, TimerScheduler<RunCommand> timers) {
    this.view = view;
    this.context = context;
    this.timers = timers;
  }

  void show(Progress progress) {
    newest = progress;
    // The timers are asked, for a run that begins again from its journal has lost them.
    if (underWay == null && !timers.isTimerActive(RunCommand.Tick.SHOW_AGAIN)) {
      write(progress);
    }
    if (!watchers.isEmpty() && !timers.isTimerActive(RunCommand.Tick.TELL_WATCHERS)) {
      timers.startSingleTimer(RunCommand.Tick.TELL_WATCHERS, WATCHERS_EVERY);
    }
  }

  /** Shows the progress, and then answers the command that made it. */
  void answer(Progress progress, ActorRef<StatusReply<Progress>> replyTo) {
    unanswered.add(new Unanswered(progress, replyTo));
    show(progress);
  }

  private void write(Progress progress) {
    underWay = progress;
    var written =
        progress.status() == Status.CANCELLED ? view.remove(progress.id()) : view.show(progress);
    context.pipeToSelf(
        written, (_, failure) -> new RunCommand.Shown(progress.revision(), failure != null));
  }

  void written(RunCommand.Shown shown) {
    var written = underWay;
    underWay = null;
    if (shown.failed()) {
      timers.startSingleTimer(RunCommand.Tick.SHOW_AGAIN, AGAIN_AFTER);
      return;
    }
    unanswered.removeIf(
        waiting -> {
          var visible = waiting.progress().revision() <= shown.revision();
          if (visible) {
            waiting.replyTo().tell(StatusReply.success(waiting.progress()));
          }
          return visible;
        });
    // Of the same revision, too: why it waits is no event.
    if (newest != null && !newest.equals(written)) {
      write(newest);
    }
  }

  void writeAgain() {
    if (newest != null && underWay == null) {
      write(newest);
    }
  }

  void watch(ActorRef<Progress> watcher, Progress now) {
    if (watchers.add(watcher)) {
      context.watchWith(watcher, new RunCommand.Unwatch(watcher));
    }
    watcher.tell(now);
  }

  void unwatch(ActorRef<Progress> watcher) {
    watchers.remove(watcher);
  }

  void tellWatchers(Progress now) {
    watchers.forEach(watcher -> watcher.tell(now));
  }

  boolean watched() {
    return !watchers.isEmpty();
  }
}
