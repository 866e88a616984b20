package io.centralita.actor;

import com.typesafe.config.Config;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.AbstractNodeQueue;
import org.apache.pekko.dispatch.Envelope;
import org.apache.pekko.dispatch.MailboxType;
import org.apache.pekko.dispatch.MessageQueue;
import org.apache.pekko.dispatch.ProducesMessageQueue;
import org.apache.pekko.dispatch.UnboundedMessageQueueSemantics;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * Pekko's usual mailbox for typed actors, which also measures how long one message in 32 waits. No
 * message is wrapped: the one being timed is known by identity, so that all others cost a counter
 * and a comparison.
 */
public final class MeasuredMailbox
    implements MailboxType, ProducesMessageQueue<MeasuredMailbox.Queue> {

  /** Made by Pekko, by reflection. */
  @SuppressWarnings("unused") // Pekko's own signature
  public MeasuredMailbox(ActorSystem.Settings settings, Config config) {}

  @Override
  public MessageQueue create(Option<ActorRef> owner, Option<ActorSystem> system) {
    var times =
        system.isEmpty()
            ? null
            : system.get().settings().setup().get(MailboxTimes.class).orElse(null);
    return new Queue(owner.isEmpty() ? "other" : type(owner.get()), times);
  }

  // Entities are at: /system/sharding/{type}/{shard}/{id}
  private static String type(ActorRef owner) {
    var names = owner.path().getElements().iterator();
    var depth = 0;
    var sharding = false;
    while (names.hasNext()) {
      var name = names.next();
      if (depth == 1) {
        sharding = name.equals("sharding");
      } else if (depth == 2 && sharding) {
        return name;
      }
      depth++;
    }
    return "other";
  }

  /** The queue of one actor. */
  @SuppressWarnings("serial") // its base is an AtomicReference; no queue is ever written
  static final class Queue extends AbstractNodeQueue<Envelope>
      implements MessageQueue, UnboundedMessageQueueSemantics {
    private static final int ONE_IN = 32;

    private final String type;
    private final transient @Nullable MailboxTimes times;
    // Counted without care for races: the sample need not be exact.
    private int since = ONE_IN - 1;
    private volatile @Nullable Envelope timed;
    private long enqueuedAt;

    Queue(String type, @Nullable MailboxTimes times) {
      this.type = type;
      this.times = times;
    }

    @Override
    public void enqueue(ActorRef receiver, Envelope message) {
      if (times != null && ++since >= ONE_IN && timed == null) {
        since = 0;
        enqueuedAt = System.nanoTime();
        timed = message; // publishes the time, too
      }
      add(message);
    }

    @SuppressWarnings("ReferenceEquality") // this very message, not one like it
    @Override
    public @Nullable Envelope dequeue() {
      var message = poll();
      if (message != null && message == timed) {
        var waited = System.nanoTime() - enqueuedAt;
        timed = null;
        if (times != null) {
          times.waited(type, waited);
        }
      }
      return message;
    }

    @Override
    public int numberOfMessages() {
      return count();
    }

    @Override
    public boolean hasMessages() {
      return !isEmpty();
    }

    @Override
    public void cleanUp(ActorRef owner, MessageQueue deadLetters) {
      for (var message = dequeue(); message != null; message = dequeue()) {
        deadLetters.enqueue(owner, message);
      }
    }
  }
}
