package io.centralita.outside;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How many calls to one target are under way at once, shared evenly between owners. Urgent calls
 * overtake all others. When the target asks for less, fewer are let in; success slowly raises the
 * number again (additive increase, multiplicative decrease).
 *
 * <p>Thread-safe. Admitted calls begin on the executor, never on the thread that made room.
 */
public final class Gate {

  /** Who goes first. */
  public enum Lane {
    /** A person waits for the answer. */
    URGENT,
    ORDINARY
  }

  /** A place in the queue, or in the target's presence once admitted. */
  public final class Ticket {
    private final String owner;
    private final Runnable call;
    private Lane lane;
    private boolean waiting = true;

    private Ticket(String owner, Lane lane, Runnable call) {
      this.owner = owner;
      this.lane = lane;
      this.call = call;
    }

    /** Leaves the queue; false where the call has begun already. */
    public boolean cancel() {
      synchronized (Gate.this) {
        if (!waiting) {
          return false;
        }
        waiting = false;
        return lane == Lane.URGENT ? urgent.remove(this) : ordinary.remove(owner, this);
      }
    }

    /** Overtakes, for somebody now waits for what so far nobody waited for. */
    public void hurry() {
      synchronized (Gate.this) {
        if (waiting && lane == Lane.ORDINARY && ordinary.remove(owner, this)) {
          lane = Lane.URGENT;
          urgent.add(this);
        }
      }
    }
  }

  private static final Duration BETWEEN_CUTS = Duration.ofSeconds(1);

  private final int most;
  private final Executor executor;
  private final ScheduledExecutorService scheduler;
  private final ArrayDeque<Ticket> urgent = new ArrayDeque<>();
  private final FairQueue<Ticket> ordinary = new FairQueue<>();
  private double limit;
  private int inside;
  private long closedUntil = System.nanoTime();
  private long lastCut = System.nanoTime() - BETWEEN_CUTS.toNanos();

  /**
   * @param most calls under way at once while the target never complains
   */
  public Gate(int most, Executor executor, ScheduledExecutorService scheduler) {
    this.most = most;
    this.limit = most;
    this.executor = executor;
    this.scheduler = scheduler;
  }

  /** Queues the call; it must call {@link #leave} when it is over, however it ends. */
  public Ticket enter(String owner, Lane lane, Runnable call) {
    var ticket = new Ticket(owner, lane, call);
    synchronized (this) {
      if (lane == Lane.URGENT) {
        urgent.add(ticket);
      } else {
        ordinary.add(owner, ticket);
      }
    }
    admit();
    return ticket;
  }

  /** The call is over; where the target answered well, a little more is let in. */
  public void leave(boolean answeredWell) {
    synchronized (this) {
      inside--;
      if (answeredWell) {
        limit = Math.min(most, limit + 1 / limit);
      }
    }
    admit();
  }

  /** The target asked to be left alone for so long. */
  public void throttled(Duration pause) {
    synchronized (this) {
      var now = System.nanoTime();
      if (now - lastCut >= BETWEEN_CUTS.toNanos()) { // many calls are told the same at once
        lastCut = now;
        limit = Math.max(1, limit / 2);
      }
      if (closedUntil - now < pause.toNanos()) {
        closedUntil = now + pause.toNanos();
      }
    }
    var _ = scheduler.schedule(this::admit, pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** For how long nobody is let in; zero where the gate is open. */
  public synchronized Duration closedFor() {
    var left = closedUntil - System.nanoTime();
    return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
  }

  /** Calls that wait to be let in. */
  public synchronized int waiting() {
    return urgent.size() + ordinary.size();
  }

  private void admit() {
    for (var ticket = next(); ticket != null; ticket = next()) {
      executor.execute(ticket.call);
    }
  }

  private synchronized @Nullable Ticket next() {
    if (inside >= (int) limit || closedUntil - System.nanoTime() > 0) {
      return null;
    }
    var ticket = urgent.isEmpty() ? ordinary.poll().orElse(null) : urgent.poll();
    if (ticket != null) {
      ticket.waiting = false;
      inside++;
    }
    return ticket;
  }
}
