package io.centralita.proxy;

import io.centralita.proxy.ProxyCommand.Tested;
import io.centralita.proxy.ProxyCommand.Tried;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/** The one trial that a proxy may have under way, and those who wait for what comes of it. */
final class Trials {
  private final long id;
  private final Trial.Call call;
  private final ActorContext<ProxyCommand> context;
  private final List<ActorRef<StatusReply<Tested>>> waiting = new ArrayList<>();
  private @Nullable ActorRef<Trial.Message> underWay;
  private long number;

  Trials(long id, Trial.Call call, ActorContext<ProxyCommand> context) {
    this.id = id;
    this.call = call;
    this.context = context;
  }

  /** Begins one, where none is under way. */
  void begin() {
    if (underWay == null) {
      number++;
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

  /** Tells those who wait; false where it is an earlier trial that was dropped. */
  boolean ended(Tried tried) {
    if (tried.number() != number || underWay == null) {
      return false;
    }
    underWay = null;
    waiting.forEach(replyTo -> replyTo.tell(StatusReply.success(tried.result())));
    waiting.clear();
    return true;
  }
}
