package io.centralita.proxy;

import io.centralita.actor.Cause;
import io.centralita.actor.CborSerializable;
import io.centralita.actor.Display;
import io.centralita.actor.EntityOrder;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/** What a proxy can be told. */
public sealed interface ProxyCommand extends CborSerializable {

  /** What people have done with it; it is answered when lists show the effect. */
  sealed interface Instruction extends ProxyCommand {
    Cause cause();

    ActorRef<StatusReply<ProxyStatus>> replyTo();
  }

  /** The proxy's row says so now; an older version than the known one changes nothing. */
  record Configure(
      Configuration configuration, Cause cause, ActorRef<StatusReply<ProxyStatus>> replyTo)
      implements Instruction {}

  record Disable(Cause cause, ActorRef<StatusReply<ProxyStatus>> replyTo) implements Instruction {}

  record Enable(Cause cause, ActorRef<StatusReply<ProxyStatus>> replyTo) implements Instruction {}

  /** Ends the proxy and removes its row. */
  record Remove(Cause cause, ActorRef<StatusReply<ProxyStatus>> replyTo) implements Instruction {}

  record Get(ActorRef<StatusReply<ProxyStatus>> replyTo) implements ProxyCommand {}

  /** Makes a call now; of an open proxy it is the trial. */
  record TestNow(Cause cause, ActorRef<StatusReply<Tested>> replyTo) implements ProxyCommand {}

  /** Asks for a session. */
  record Borrow(String owner, ActorRef<Borrowed> replyTo) implements ProxyCommand {}

  /** What became of calls, in their order, and which sessions are given back. */
  record Report(List<Told> told, List<Long> returned) implements ProxyCommand {}

  /**
   * Calls with the same outcome, one after another.
   *
   * @param detail of the last of them, in words; empty where there is nothing to say
   * @param blocked the exit, where it was turned away; null otherwise
   * @param owner whose calls they were; empty where it does not matter
   */
  record Told(Outcome outcome, long calls, String detail, @Nullable Exit blocked, String owner)
      implements CborSerializable {}

  /** The end of an entity that is moved or no longer needed in memory. */
  enum Stop implements ProxyCommand {
    STOP
  }

  /** An operator's order, from the proxy's own node. */
  record Ordered(EntityOrder order) implements ProxyCommand {}

  // From the proxy's own child and timers; these never leave the JVM.

  record TrialDue(Instant until) implements ProxyCommand {}

  record Tried(long number, Tested result) implements ProxyCommand {}

  /** A trial's call could not be made, and is made again. */
  record TrialFailed(long number, String failure) implements ProxyCommand {}

  record Recalled(ProxyBoard.@Nullable Statistics statistics) implements ProxyCommand {}

  record Shown(Display.Written written) implements ProxyCommand {}

  enum Tick implements ProxyCommand {
    SHOW,
    RECALL_AGAIN,
    IDLE
  }

  /** The answer to {@link Borrow}. */
  sealed interface Borrowed extends CborSerializable {}

  /**
   * A session to be used until it is returned, used up or too old.
   *
   * @param version of the configuration that the exit belongs to
   * @param uses the most look-ups
   * @param until when it is forgotten, returned or not
   */
  record Lent(long session, int version, Exit exit, int uses, Instant until) implements Borrowed {}

  /**
   * No session now.
   *
   * @param again when it may be worth asking again; null where nobody can tell
   */
  record Refused(String reason, @Nullable Instant again) implements Borrowed {}

  /** What a call of the proxy's own came to. */
  record Tested(Outcome outcome, String words, long millis) implements CborSerializable {
    boolean passed() {
      return !outcome.isProxysFault()
          && outcome != Outcome.TIMEOUT
          && outcome != Outcome.CUT
          && outcome != Outcome.BAD_ANSWER;
    }
  }
}
