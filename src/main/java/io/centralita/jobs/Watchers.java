package io.centralita.jobs;

import io.centralita.jobs.RunCommand.Tick;
import io.centralita.jobs.RunCommand.Unwatch;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/** Those who watch a run: told now, and a few times a second while it changes. */
final class Watchers {
  private static final Duration EVERY = Duration.ofMillis(250);

  private final ActorContext<RunCommand> context;
  private final TimerScheduler<RunCommand> timers;
  private final Set<ActorRef<Progress>> all = new HashSet<>();

  Watchers(ActorContext<RunCommand> context, TimerScheduler<RunCommand> timers) {
    this.context = context;
    this.timers = timers;
  }

  void add(ActorRef<Progress> watcher, Progress now) {
    if (all.add(watcher)) {
      context.watchWith(watcher, new Unwatch(watcher));
    }
    watcher.tell(now);
  }

  void remove(ActorRef<Progress> watcher) {
    all.remove(watcher);
  }

  /** There is news; they are told soon. */
  void changed() {
    if (!all.isEmpty() && !timers.isTimerActive(Tick.TELL_WATCHERS)) {
      timers.startSingleTimer(Tick.TELL_WATCHERS, EVERY);
    }
  }

  void tell(Progress now) {
    all.forEach(watcher -> watcher.tell(now));
  }

  boolean isEmpty() {
    return all.isEmpty();
  }
}
