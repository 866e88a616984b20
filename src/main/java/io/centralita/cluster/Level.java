package io.centralita.cluster;

import java.time.Duration;

/**
 * How much of its limit a target is given now: halved when it complains, once a second at most;
 * raised by success, by one call for as many as are let in and at least by a sixtieth of the whole
 * in a second. Closed altogether for as long as the target asks. Times are in nanoseconds of one
 * clock. Not thread-safe.
 */
final class Level {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final double SECONDS_TO_THE_TOP = 60;

  private double part = 1;
  private long cutAt;
  private long raisedAt;
  private long closedUntil;

  Level(long now) {
    cutAt = now - SECOND; // the first complaint counts
    raisedAt = now;
    closedUntil = now;
  }

  /** The target complained somewhere and wants a pause; it may be zero. */
  void throttled(Duration pause, Limit whole, long now) {
    if (now - cutAt >= SECOND) { // many calls are told the same at once
      cutAt = now;
      part = Math.max(1.0 / whole.atOnce(), part / 2);
    }
    close(pause, now);
  }

  /** Nobody calls for so long. */
  void close(Duration time, long now) {
    if (now + time.toNanos() - closedUntil > 0) {
      closedUntil = now + time.toNanos();
    }
  }

  /** Calls were answered well; those that began before a complaint say nothing of what is borne. */
  void succeeded(long calls, Limit whole, long now) {
    if (calls > 0 && part < 1 && !closedFor(now).isPositive()) {
      var seconds = Math.min(1, (now - raisedAt) / (double) SECOND);
      var byCalls = calls / (part * whole.atOnce() * whole.atOnce());
      part = Math.min(1, part + Math.max(byCalls, seconds / SECONDS_TO_THE_TOP));
    }
    raisedAt = calls > 0 || now - raisedAt > SECOND ? now : raisedAt;
  }

  /** A node remembers what the target was given before this level was made. */
  void atMost(double known) {
    part = Math.min(part, known);
  }

  /** More than 0, at most 1. */
  double part() {
    return part;
  }

  Duration closedFor(long now) {
    return closedUntil - now > 0 ? Duration.ofNanos(closedUntil - now) : Duration.ZERO;
  }
}
