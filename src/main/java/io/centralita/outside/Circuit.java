package io.centralita.outside;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps calls away from a target that answers nobody, as far as this node can tell. It opens when
 * so many calls in a row came to nothing, whoever made them; from then on one call is let through
 * after each of a series of growing waits, until one is answered.
 *
 * <p>Thread-safe. Nothing that it calls is called under its lock.
 */
public final class Circuit {

  /**
   * When it opens, and how long it waits.
   *
   * @param opensAfter calls in a row that came to nothing
   * @param waits before the first trial, the second, and so on
   */
  public record Settings(int opensAfter, Backoff waits) {
    public Settings {
      if (opensAfter < 1) {
        throw new IllegalArgumentException("a circuit opens after one failure at least");
      }
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Circuit.class);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

  /** What is known of the target while it answers nobody. */
  private record Outage(Instant since, String why, int trials, Instant nextTrial, Duration delay) {
    Outage because(String now) {
      return new Outage(since, now, trials, nextTrial, delay);
    }

    boolean isSame(Outage other) {
      return since.equals(other.since) && trials == other.trials;
    }
  }

  /** Somebody who waits; told apart by identity. */
  private static final class Parked {
    final CompletableFuture<Void> passed = new CompletableFuture<>();
    final String owner;

    Parked(String owner) {
      this.owner = owner;
    }
  }

  private final String target;
  private final Settings settings;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Function<Duration, CompletionStage<Void>> after;

  // All guarded by this
  private final FairQueue<Parked> parked = new FairQueue<>();
  private int failuresInRow;
  private @Nullable Outage outage;
  private boolean trialAllowed;

  /**
   * @param target as people call it: {@code the portal}
   * @param random spreads the trials of several nodes
   * @param after completes when so much time has passed; fails when nobody wants to know any more
   */
  public Circuit(
      String target,
      Settings settings,
      InstantSource clock,
      RandomGenerator random,
      Function<Duration, CompletionStage<Void>> after) {
    this.target = target;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    this.after = after;
  }

  /**
   * Completes when this owner may make a call; at once where that is so. Whoever no longer wants to
   * call cancels it. Trials are made by the owners in turn.
   */
  public CompletionStage<Void> passable(String owner) {
    var comer = new Parked(owner);
    synchronized (this) {
      if (outage == null || trialAllowed) {
        return CompletableFuture.completedFuture(null);
      }
      parked.add(owner, comer);
    }
    var _ =
        comer.passed.whenComplete(
            (_, withdrawn) -> {
              if (withdrawn != null) {
                forget(comer);
              }
            });
    return comer.passed;
  }

  private synchronized void forget(Parked withdrawn) {
    parked.remove(withdrawn.owner, withdrawn);
  }

  /** Whether a call may be made now; where it is the trial, nobody else may for a while. */
  public synchronized boolean enter() {
    if (outage == null) {
      return true;
    }
    var trial = trialAllowed;
    trialAllowed = false;
    return trial;
  }

  /** Whether the target is known to answer nobody. */
  public synchronized boolean isOpen() {
    return outage != null;
  }

  /** Why no call may be made; empty where it may. */
  public synchronized String reason() {
    return outage == null ? "" : reason(outage);
  }

  private String reason(Outage now) {
    return target
        + " has answered nobody since "
        + TIME.format(now.since())
        + " UTC ("
        + now.why()
        + "); it is tried again at "
        + TIME.format(now.nextTrial())
        + " UTC";
  }

  /** A call was answered, by whatever the target had to say. */
  public void answered() {
    var released = new ArrayList<Parked>();
    Outage over;
    synchronized (this) {
      failuresInRow = 0;
      if (outage == null) {
        return;
      }
      over = outage;
      outage = null;
      trialAllowed = false;
      while (!parked.isEmpty()) {
        released.add(parked.poll().orElseThrow());
      }
    }
    if (over.trials() > 1) { // it was told that it had begun
      LOG.info("{} answers again; it answered nobody since {}", target, over.since());
    }
    released.forEach(comer -> comer.passed.complete(null));
  }

  /**
   * A call came to nothing, and not for a reason of its own.
   *
   * @param why for people
   */
  public void failed(String why) {
    Outage begun;
    synchronized (this) {
      failuresInRow++;
      if (outage != null) {
        outage = outage.because(why);
        return;
      }
      if (failuresInRow < settings.opensAfter()) {
        return;
      }
      begun = opened(clock.instant(), why, 0);
    }
    awaitTrial(begun);
  }

  /** Guarded by this: each trial comes after a longer wait than the one before. */
  private Outage opened(Instant since, String why, int trials) {
    var wait = settings.waits().delay(trials, random);
    var now = new Outage(since, why, trials + 1, clock.instant().plus(wait), wait);
    outage = now;
    return now;
  }

  private void awaitTrial(Outage expected) {
    var _ =
        after
            .apply(expected.delay())
            .whenComplete(
                (_, closed) -> {
                  if (closed == null) {
                    letOneThrough(expected);
                  }
                });
  }

  private void letOneThrough(Outage expected) {
    Outage next;
    Optional<Parked> first;
    synchronized (this) {
      if (outage == null || !outage.isSame(expected)) {
        return; // it was over in the meantime
      }
      trialAllowed = true;
      next = opened(outage.since(), outage.why(), outage.trials());
      first = parked.poll();
    }
    if (expected.trials() == 1) { // a hiccup is over before its first trial
      LOG.warn("{} answers nobody since {}: {}", target, next.since(), next.why());
    }
    awaitTrial(next);
    first.ifPresent(comer -> comer.passed.complete(null));
  }
}
