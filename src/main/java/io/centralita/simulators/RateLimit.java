package io.centralita.simulators;

/** A token bucket that holds one second's worth of requests. */
final class RateLimit {
  private final double perSecond;
  private final double capacity;
  private double level;
  private long filledAt;

  /**
   * @param perSecond 0 is no limit
   * @param now {@link System#nanoTime()}
   */
  RateLimit(double perSecond, long now) {
    this.perSecond = perSecond;
    this.capacity = Math.max(1, perSecond);
    this.level = capacity;
    this.filledAt = now;
  }

  /** Takes one request in and returns 0, or the whole seconds after which one will fit. */
  int secondsToWait(long now) {
    if (perSecond == 0) {
      return 0;
    }
    level = Math.min(capacity, level + (now - filledAt) / 1e9 * perSecond);
    filledAt = now;
    if (level >= 1) {
      level--;
      return 0;
    }
    return (int) Math.max(1, Math.ceil((1 - level) / perSecond));
  }
}
