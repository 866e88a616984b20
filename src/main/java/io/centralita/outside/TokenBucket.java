package io.centralita.outside;

/**
 * Calls in a second, with a little saved up in a pause: what a twentieth of a second brings, but
 * always one. A change of the rate takes nothing away but what is too much to be saved. Not
 * thread-safe.
 */
final class TokenBucket {
  private static final double SAVED_SECONDS = 0.05;
  private static final double NANOS = 1e9;

  private double perSecond;
  private double tokens = 1;
  private long filledAt;

  /**
   * @param perSecond infinite for as many as there are
   * @param now as {@link System#nanoTime} counts
   */
  TokenBucket(double perSecond, long now) {
    this.perSecond = perSecond;
    this.filledAt = now;
  }

  /** Takes one and says 0, or says in how many nanoseconds there will be one. */
  long take(long now) {
    if (perSecond == Double.POSITIVE_INFINITY) {
      return 0;
    }
    fill(now);
    if (tokens >= 1) {
      tokens--;
      return 0;
    }
    return perSecond == 0 ? Long.MAX_VALUE : (long) Math.ceil((1 - tokens) / perSecond * NANOS);
  }

  /** From now on another rate. */
  void rate(double newPerSecond, long now) {
    if (perSecond == Double.POSITIVE_INFINITY) {
      filledAt = now; // what was not counted is not saved
    }
    fill(now);
    perSecond = newPerSecond;
    tokens = Math.min(tokens, most());
  }

  private void fill(long now) {
    if (perSecond != Double.POSITIVE_INFINITY) {
      tokens = Math.min(most(), tokens + (now - filledAt) / NANOS * perSecond);
    }
    filledAt = now;
  }

  private double most() {
    return perSecond == Double.POSITIVE_INFINITY ? 1 : Math.max(1, perSecond * SAVED_SECONDS);
  }
}
