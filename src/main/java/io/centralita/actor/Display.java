package io.centralita.actor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the row that lists read of an entity up to date: at once after a change of state, every
 * second where only counters grew.
 *
 * <p>One write is under way at a time and only what is newest then waits behind it, so a fast
 * entity writes no more often than the database takes it. A command is answered when lists show its
 * effect. Belongs to its entity.
 *
 * @param <S> what is shown
 * @param <C> the entity's commands
 */
public final class Display<S, C> {
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** What became of a write; for the entity, which passes it on to {@link #written}. */
  public record Written(long mark, boolean failed) {}

  private record Unanswered<S>(long mark, S shown, ActorRef<StatusReply<S>> replyTo) {}

  private final Function<S, CompletionStage<?>> write;
  private final ActorContext<C> context;
  private final TimerScheduler<C> timers;
  private final Function<Written, C> told;
  private final C tick;
  private final List<Unanswered<S>> unanswered = new ArrayList<>();

  /** Rises with each change, and no earlier display of this entity has counted the same. */
  private long mark = System.nanoTime();

  private long shown = mark;
  private @Nullable Long underWay;
  private boolean begun;
  private boolean urgent;
  private boolean failed;

  /**
   * @param told makes a command of what became of a write
   * @param tick after which the entity calls {@link #tick}
   */
  public Display(
      Function<S, CompletionStage<?>> write,
      ActorContext<C> context,
      TimerScheduler<C> timers,
      Function<Written, C> told,
      C tick) {
    this.write = write;
    this.context = context;
    this.timers = timers;
    this.told = told;
    this.tick = tick;
  }

  /** From now on it is shown; before the first time, and after each restart of the entity. */
  public void begin(Supplier<S> now) {
    begun = true;
    underWay = null; // what became of an earlier write may never be told
    failed = false;
    proceed(now);
  }

  /** Only counters changed. */
  public void touch() {
    mark++;
    if (!timers.isTimerActive(tick)) {
      timers.startSingleTimer(tick, EVERY);
    }
  }

  /** The state changed. */
  public void show(Supplier<S> now) {
    mark++;
    urgent = true;
    proceed(now);
  }

  /** Shows what is now, and then answers the command that made it so. */
  public void answer(Supplier<S> now, ActorRef<StatusReply<S>> replyTo) {
    unanswered.add(new Unanswered<>(mark + 1, now.get(), replyTo));
    show(now);
  }

  /** A write ended. */
  public void written(Written written, Supplier<S> now) {
    if (underWay != null && underWay == written.mark()) {
      underWay = null;
    }
    if (written.failed()) {
      failed = true;
      timers.startSingleTimer(tick, EVERY);
      return;
    }
    shown = Math.max(shown, written.mark());
    unanswered.removeIf(
        waiting -> {
          var visible = waiting.mark() <= shown;
          if (visible) {
            waiting.replyTo().tell(StatusReply.success(waiting.shown()));
          }
          return visible;
        });
    proceed(now);
  }

  /** Answers at once, for who knows when lists show it: all of it is in the journal. */
  public void answerAll() {
    unanswered.forEach(waiting -> waiting.replyTo().tell(StatusReply.success(waiting.shown())));
    unanswered.clear();
  }

  /** The time has come for what grew, or could not be written. */
  public void tick(Supplier<S> now) {
    failed = false;
    urgent = true;
    proceed(now);
  }

  /** Whether lists show all there is. */
  public boolean isCurrent() {
    return shown == mark;
  }

  private void proceed(Supplier<S> now) {
    if (!begun || underWay != null || failed || !urgent || isCurrent()) {
      return;
    }
    var at = mark;
    underWay = at;
    urgent = false;
    context.pipeToSelf(
        write.apply(now.get()), (_, failure) -> told.apply(new Written(at, failure != null)));
  }
}
