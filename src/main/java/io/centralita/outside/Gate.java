package io.centralita.outside;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many calls to one target this node has under way at once and begins in a second, shared
 * evenly between owners: they take turns, and who has more than an even part of the places already
 * lets the others go first. Urgent calls overtake all others, within the same bounds. It is told
 * its share, which may lapse, and says when it has calls waiting for more.
 *
 * <p>Thread-safe. Admitted calls begin on the executor, which may be whatever thread made room:
 * whoever enters or leaves holds no lock.
 */
public final class Gate {

  /** Who goes first. */
  public enum Lane {
    /** A person waits for the answer. */
    URGENT,
    ORDINARY
  }

  /**
   * What may be let in.
   *
   * @param atOnce calls under way at once
   * @param perSecond calls begun in a second, infinite for as many as there are; a pause saves up a
   *     twentieth of them at most, but always one
   */
  public record Share(int atOnce, double perSecond) {
    /** Nothing at all. */
    public static final Share NONE = new Share(0, 0);
  }

  /**
   * What the gate was used for.
   *
   * @param inside calls under way now
   * @param most the most under way at any moment since this was last asked for
   * @param waiting calls that wait now
   * @param begun calls let in since this was last asked for
   * @param answeredWell calls that ended well since then
   * @param pause the longest that the target asked for since then, zero where it never complained
   */
  public record Use(
      int inside, int most, int waiting, long begun, long answeredWell, Duration pause) {}

  private enum Stage {
    NEW,
    WAITING,
    GONE
  }

  /** A place in the queue, once entered, or in the target's presence once admitted. */
  public final class Ticket {
    private final String owner;
    private final Runnable call;
    private Lane lane;
    private Stage stage = Stage.NEW;

    private Ticket(String owner, Lane lane, Runnable call) {
      this.owner = owner;
      this.lane = lane;
      this.call = call;
    }

    /** Queues the call, unless it was cancelled before. */
    public void enter() {
      Ticket first;
      boolean others;
      synchronized (Gate.this) {
        if (stage != Stage.NEW) {
          return;
        }
        stage = Stage.WAITING;
        if (lane == Lane.URGENT) {
          urgent.add(this);
        } else {
          ordinary.add(owner, this);
        }
        first = next();
        others = somebodyWaits();
      }
      if (first != null) {
        executor.execute(first.call);
      }
      if (others) {
        admit();
      }
    }

    /** Leaves the queue; false where the call has begun already. */
    public boolean cancel() {
      synchronized (Gate.this) {
        var before = stage;
        stage = Stage.GONE;
        return switch (before) {
          case NEW -> true;
          case WAITING -> lane == Lane.URGENT ? urgent.remove(this) : ordinary.remove(owner, this);
          case GONE -> false;
        };
      }
    }

    /** Overtakes, for somebody now waits for what so far nobody waited for. */
    public void hurry() {
      synchronized (Gate.this) {
        if (stage == Stage.WAITING && lane == Lane.ORDINARY && ordinary.remove(owner, this)) {
          urgent.add(this);
        }
        lane = Lane.URGENT;
      }
    }
  }

  private static final long FOR_EVER = Long.MAX_VALUE;
  private static final Duration LEAST_PAUSE = Duration.ofMillis(1);

  /** A pause that goes round the cluster comes back a little longer or shorter than it was. */
  private static final Duration SAME_PAUSE = Duration.ofMillis(500);

  private final Executor executor;
  private final ScheduledExecutorService scheduler;
  private final LongSupplier nanoTime;
  private final TokenBucket bucket;
  private final ArrayDeque<Ticket> urgent = new ArrayDeque<>();
  private final FairQueue<Ticket> ordinary = new FairQueue<>();
  private volatile Runnable shortage = () -> {};
  private volatile Consumer<Duration> closing = _ -> {};

  // All guarded by this
  private Share share;
  private long lapsesAt = FOR_EVER;
  private long closedUntil;
  private long wakesAt;
  private boolean shortageTold;
  private final Map<String, Integer> insideByOwner = new HashMap<>();
  private int inside;
  private int most;
  private long begun;
  private long answeredWell;
  private Duration pause = Duration.ZERO;

  /** A gate with a share that does not lapse. */
  public Gate(Share share, Executor executor, ScheduledExecutorService scheduler) {
    this(share, executor, scheduler, System::nanoTime);
  }

  /**
   * @param nanoTime the clock that rates, pauses and lapses go by
   */
  public Gate(
      Share share, Executor executor, ScheduledExecutorService scheduler, LongSupplier nanoTime) {
    this.share = share;
    this.executor = executor;
    this.scheduler = scheduler;
    this.nanoTime = nanoTime;
    this.closedUntil = nanoTime.getAsLong();
    this.wakesAt = closedUntil;
    this.bucket = new TokenBucket(share.perSecond(), closedUntil);
  }

  /**
   * A call that is to be made, and must call {@link #leave} when it is over, however it ends. It
   * waits for nothing before it is entered, so that whoever may cancel it can be told of it first.
   */
  public Ticket ticket(String owner, Lane lane, Runnable call) {
    return new Ticket(owner, lane, call);
  }

  /** The owner's call is over; whether the target answered it well. */
  public void leave(String owner, boolean well) {
    synchronized (this) {
      inside--;
      insideByOwner.computeIfPresent(owner, (_, calls) -> calls == 1 ? null : calls - 1);
      answeredWell += well ? 1 : 0;
      if (!somebodyWaits()) {
        return;
      }
    }
    admit();
  }

  /**
   * Lets in so much from now on. Calls under way go on, also where there are more of them.
   *
   * @param lapsesAt the moment, as {@link System#nanoTime} counts, from which nothing is let in
   *     until there is another share
   */
  public void share(Share share, long lapsesAt) {
    synchronized (this) {
      this.share = share;
      this.lapsesAt = lapsesAt;
      bucket.rate(share.perSecond(), nanoTime.getAsLong());
    }
    admit();
  }

  /** The target asked this node to be left alone for so long; a complaint counts without a time. */
  public void throttled(Duration asked) {
    synchronized (this) {
      var counted = asked.compareTo(LEAST_PAUSE) > 0 ? asked : LEAST_PAUSE;
      pause = counted.compareTo(pause) > 0 ? counted : pause;
    }
    close(asked);
    shortage.run();
  }

  /** Lets nobody in for so long. */
  public void close(Duration time) {
    boolean news;
    synchronized (this) {
      var now = nanoTime.getAsLong();
      var until = now + time.toNanos();
      var known = Math.max(closedUntil - now, 0);
      news = time.toNanos() - known > SAME_PAUSE.toNanos();
      if (until - closedUntil > 0) {
        closedUntil = until;
      }
    }
    if (news) {
      closing.accept(time);
    }
    admit(); // which sees to it that somebody comes back when the time is over
  }

  /** For how long nobody is let in; zero where the gate is open. */
  public synchronized Duration closedFor() {
    var left = closedUntil - nanoTime.getAsLong();
    return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
  }

  /** What may be let in now. */
  public synchronized Share share() {
    return lapsed(nanoTime.getAsLong()) ? Share.NONE : share;
  }

  /** Calls under way. */
  public synchronized int inside() {
    return inside;
  }

  /** Calls that wait to be let in. */
  public synchronized int waiting() {
    return urgent.size() + ordinary.size();
  }

  /**
   * Is told when a call has to wait for a larger share, once until {@link #use} is asked for again,
   * and whenever the target complains. It must not block.
   */
  public void onShortage(Runnable listener) {
    shortage = listener;
  }

  /**
   * Is told when the gate is closed for longer than it was, on account of any node's calls, and for
   * how long. It must not block.
   */
  public void onClosed(Consumer<Duration> listener) {
    closing = listener;
  }

  /** What the gate was used for; the sums begin anew. */
  public synchronized Use use() {
    var use = new Use(inside, most, urgent.size() + ordinary.size(), begun, answeredWell, pause);
    most = inside;
    begun = 0;
    answeredWell = 0;
    pause = Duration.ZERO;
    shortageTold = false;
    return use;
  }

  /** Lets in whoever may come in now. */
  void admit() {
    for (var ticket = next(); ticket != null; ticket = next()) {
      executor.execute(ticket.call);
    }
    if (shortOfShare()) {
      shortage.run();
    }
  }

  private synchronized @Nullable Ticket next() {
    if (!somebodyWaits()) {
      return null;
    }
    var now = nanoTime.getAsLong();
    if (closedUntil - now > 0) {
      wakeAfter(closedUntil - now, now);
      return null;
    }
    if (inside >= share.atOnce() || lapsed(now)) {
      return null;
    }
    var wait = bucket.take(now);
    if (wait > 0) {
      wakeAfter(wait, now);
      return null;
    }
    var ticket = urgent.isEmpty() ? ordinary.poll(this::hasLess).orElseThrow() : urgent.remove();
    ticket.stage = Stage.GONE;
    inside++;
    insideByOwner.merge(ticket.owner, 1, Integer::sum);
    most = Math.max(most, inside);
    begun++;
    return ticket;
  }

  /** Whether an owner has less than an even part of the places. */
  private boolean hasLess(String owner) {
    var calls = insideByOwner.getOrDefault(owner, 0);
    return calls == 0 || calls * insideByOwner.size() < share.atOnce();
  }

  private boolean somebodyWaits() {
    return !urgent.isEmpty() || !ordinary.isEmpty();
  }

  private boolean lapsed(long now) {
    return lapsesAt != FOR_EVER && lapsesAt - now <= 0;
  }

  /** What is left waiting now waits for its share, unless the gate is closed to all. */
  private synchronized boolean shortOfShare() {
    if (shortageTold || !somebodyWaits() || closedUntil - nanoTime.getAsLong() > 0) {
      return false;
    }
    shortageTold = true;
    return true;
  }

  /** One wake-up at a time is enough, unless an earlier one is needed. */
  private void wakeAfter(long nanos, long now) {
    if (nanos == Long.MAX_VALUE || (wakesAt - now > 0 && wakesAt - now <= nanos)) {
      return;
    }
    wakesAt = now + nanos;
    var _ = scheduler.schedule(this::admit, nanos, TimeUnit.NANOSECONDS);
  }
}
