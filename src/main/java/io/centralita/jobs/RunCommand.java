package io.centralita.jobs;

import io.centralita.actor.Cause;
import io.centralita.actor.CborSerializable;
import io.centralita.actor.Display;
import io.centralita.actor.EntityOrder;
import java.time.Instant;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/** What a run can be told. */
public sealed interface RunCommand extends CborSerializable {

  /**
   * There are so many windows with so many items: go on, or begin.
   *
   * @param lanes as in {@link RunState}; a run with several is given all its windows at once
   * @param again what of the finished work is to be done again
   */
  record Start(
      String owner,
      int windows,
      int lanes,
      long items,
      Again again,
      Cause cause,
      ActorRef<StatusReply<Progress>> replyTo)
      implements RunCommand {

    /** With one lane. */
    public Start(
        String owner,
        int windows,
        long items,
        Again again,
        Cause cause,
        ActorRef<StatusReply<Progress>> replyTo) {
      this(owner, windows, 1, items, again, cause, replyTo);
    }
  }

  /** What of the finished work is done again by a {@link Start}. */
  enum Again {
    /** Of a completed run the items that another try may better; of any other run nothing. */
    UNSETTLED,
    /** Everything, from fresh answers. */
    ALL
  }

  /**
   * @param until when the run goes on by itself; null for not before it is told to
   */
  record Pause(Cause cause, @Nullable Instant until, ActorRef<StatusReply<Progress>> replyTo)
      implements RunCommand {}

  record Resume(Cause cause, ActorRef<StatusReply<Progress>> replyTo) implements RunCommand {}

  /** Ends the run and removes everything stored for it. */
  record Remove(Cause cause, ActorRef<StatusReply<Progress>> replyTo) implements RunCommand {}

  record Get(ActorRef<StatusReply<Progress>> replyTo) implements RunCommand {}

  /** Tells {@code watcher} of the progress now and whenever it changes, until the watcher ends. */
  record Watch(ActorRef<Progress> watcher) implements RunCommand {}

  /** The end of an entity that is moved or no longer needed in memory. */
  enum Stop implements RunCommand {
    STOP
  }

  /** An operator's order, from the run's own node. */
  record Ordered(EntityOrder order) implements RunCommand {}

  // From the run's own children and timers; these never leave the JVM.

  record WindowDone(int window, int round, Map<String, Long> counts, boolean settled)
      implements RunCommand {}

  /**
   * A window does not move, or, where there is no reason, moves again.
   *
   * @param child told apart from an earlier one of the same window
   */
  record Waiting(int window, long child, String reason) implements RunCommand {}

  /** A window is to be tried, which its child does when it is told to. */
  record WindowReady(int window, long child) implements RunCommand {}

  /** A window failed, and is tried again. */
  record WindowFailed(int window, long child, String failure) implements RunCommand {}

  /** A window that was given up has come to its end. */
  record WindowLeft(int window, long child) implements RunCommand {}

  record Fail(String reason) implements RunCommand {}

  /**
   * An operator lets no run of this owner go on.
   *
   * @param pause null where that is over
   */
  record Held(RunState.@Nullable Pause pause) implements RunCommand {}

  enum Granted implements RunCommand {
    SLOT
  }

  record Unwatch(ActorRef<Progress> watcher) implements RunCommand {}

  record Shown(Display.Written written) implements RunCommand {}

  enum Tick implements RunCommand {
    SHOW,
    TELL_WATCHERS,
    IDLE
  }

  record PauseEnds(Instant until) implements RunCommand {}
}
