package io.centralita.actor;

import io.centralita.actor.LiveEntities.EventName;
import io.centralita.actor.LiveEntities.Name;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRefWithCell;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * The few numbers that one living entity keeps for whoever looks: a constant amount of memory. The
 * entity writes them, others read. They outlive a restart of the entity, and end with it.
 */
public final class Vitals {

  /** The memory of a rate: what was longer ago hardly counts. */
  private static final double MEMORY_SECONDS = 60;

  /** How much of a mean the newest measurement is. */
  private static final double NEWEST = 0.2;

  /** What went wrong last. */
  public record Failure(String text, Instant at) implements CborSerializable {}

  /**
   * The numbers at one moment.
   *
   * @param since in memory
   * @param messages taken from the mailbox
   * @param rate messages in a second, over the last minute or so
   * @param stepMillis how long a step of its work takes, on the average of the latest; 0 where none
   *     has ended
   * @param held messages taken from the mailbox that wait for an event to be written
   * @param mailbox messages that wait in the mailbox
   */
  public record Snapshot(
      String type,
      String id,
      Instant since,
      long messages,
      double rate,
      double stepMillis,
      int restarts,
      @Nullable Failure lastFailure,
      long held,
      int mailbox)
      implements CborSerializable {}

  private final LiveEntities registry;
  private final Name name;
  private final ActorRef<?> self;
  private final Consumer<EntityOrder> orders;
  private final Instant since = Instant.now();
  private long received;
  private long handled;
  private double recent;
  private long recentAt = System.nanoTime();
  private double stepMillis;
  private int restarts;
  private @Nullable Failure lastFailure;

  Vitals(LiveEntities registry, Name name, ActorRef<?> self, Consumer<EntityOrder> orders) {
    this.registry = registry;
    this.name = name;
    this.self = self;
    this.orders = orders;
  }

  public Name name() {
    return name;
  }

  public ActorRef<?> self() {
    return self;
  }

  /** Passes an operator's order on to the entity. */
  public void order(EntityOrder order) {
    orders.accept(order);
  }

  /** The entity's behavior, its messages counted, its end noted. */
  public <T> Behavior<T> watching(Class<T> messages, Behavior<T> behavior) {
    return Behaviors.intercept(() -> new Watching<>(messages, this), behavior);
  }

  /** The entity deals with a message now; what it received before and did not deal with is held. */
  public synchronized void handled() {
    handled++;
  }

  /** An event is in the journal. */
  public void journalled(Object event) {
    registry.journalled(new EventName(name.type(), event.getClass().getSimpleName()));
  }

  /** A step of the entity's work ended; a window, a call. */
  public synchronized void step(Duration took) {
    var millis = took.toNanos() / 1e6;
    stepMillis = stepMillis == 0 ? millis : stepMillis + NEWEST * (millis - stepMillis);
  }

  /** Something went wrong, and the entity goes on. */
  public synchronized void failed(String text) {
    lastFailure = new Failure(text, Instant.now());
  }

  /** Something went wrong, and the entity begins again from its journal. */
  public void restarting(String text) {
    synchronized (this) {
      failed(text);
      restarts++;
      handled = received; // what was held is lost, or comes again through the mailbox
    }
    registry.restarted(name.type());
  }

  public synchronized Snapshot snapshot() {
    return new Snapshot(
        name.type(),
        name.id(),
        since,
        received,
        recent * decay(System.nanoTime()) / MEMORY_SECONDS,
        stepMillis,
        restarts,
        lastFailure,
        Math.max(0, received - handled),
        mailbox());
  }

  private int mailbox() {
    return Adapter.toClassic(self) instanceof ActorRefWithCell local
        ? local.underlying().numberOfMessages()
        : 0;
  }

  private double decay(long now) {
    return Math.exp((recentAt - now) / 1e9 / MEMORY_SECONDS);
  }

  private synchronized void received() {
    received++;
    var now = System.nanoTime();
    recent = recent * decay(now) + 1;
    recentAt = now;
  }

  private void ended() {
    registry.end(this);
  }

  private static final class Watching<T> extends BehaviorInterceptor<T, T> {
    private final Vitals vitals;

    Watching(Class<T> messages, Vitals vitals) {
      super(messages);
      this.vitals = vitals;
    }

    @Override
    public Behavior<T> aroundReceive(TypedActorContext<T> context, T message, ReceiveTarget<T> to) {
      vitals.received();
      return to.apply(context, message);
    }

    @Override
    public Behavior<T> aroundSignal(
        TypedActorContext<T> context, Signal signal, SignalTarget<T> to) {
      if (signal instanceof PostStop) {
        vitals.ended();
      }
      return to.apply(context, signal);
    }
  }
}
