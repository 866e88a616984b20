package io.centralita.outside;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: {@code base · factor^attempt}, at most {@code max}, of
 * which a random half is taken off, so that those who failed together do not return together.
 */
public record Backoff(Duration base, Duration max, double factor) {

  public Backoff {
    if (!base.isPositive() || max.compareTo(base) < 0 || !(factor >= 1)) {
      throw new IllegalArgumentException("a back-off needs 0 < base <= max and a factor >= 1");
    }
  }

  /** The wait after a failed attempt, counted from 0. */
  public Duration delay(int attempt, RandomGenerator random) {
    double full =
        Math.min((double) max.toNanos(), base.toNanos() * Math.pow(factor, Math.max(0, attempt)));
    return Duration.ofNanos((long) (full * (0.5 + random.nextDouble() / 2)));
  }
}
