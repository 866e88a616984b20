package io.centralita.simulators;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Draws which request meets which fault. The same seed and the same order give the same draws. */
final class Dice<K extends Enum<K>> {
  private final Map<K, Double> shares;
  private final int latencyMinMs;
  private final int latencyMaxMs;
  private final SplittableRandom random;

  Dice(Map<K, Double> shares, int latencyMinMs, int latencyMaxMs, long seed) {
    this.shares = shares;
    this.latencyMinMs = latencyMinMs;
    this.latencyMaxMs = latencyMaxMs;
    this.random = new SplittableRandom(seed);
  }

  /** The fault of the next request, or null where it goes well. */
  @Nullable K next() {
    if (shares.isEmpty()) {
      return null;
    }
    var drawn = random.nextDouble();
    for (var share : shares.entrySet()) {
      drawn -= share.getValue();
      if (drawn < 0) {
        return share.getKey();
      }
    }
    return null;
  }

  boolean hits(double share) {
    return share > 0 && random.nextDouble() < share;
  }

  @SafeVarargs
  final <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** Evenly between the two limits, both included. */
  long latencyMs() {
    return latencyMaxMs == 0 ? 0 : random.nextLong(latencyMinMs, latencyMaxMs + 1L);
  }

  /** A copy in the order of the enum, without zeros; their sum may not pass 1. */
  static <K extends Enum<K>> Map<K, Double> checkedShares(Class<K> type, Map<K, Double> shares) {
    var copy = new EnumMap<K, Double>(type);
    var sum = 0.0;
    for (var share : shares.entrySet()) {
      checkShare(share.getKey().toString(), share.getValue());
      sum += share.getValue();
      if (share.getValue() > 0) {
        copy.put(share.getKey(), share.getValue());
      }
    }
    if (sum > 1 + 1e-9) {
      throw new IllegalArgumentException("the shares add up to " + sum + ", more than 1");
    }
    return Collections.unmodifiableMap(copy);
  }

  static void checkShare(String what, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(what + " is " + share + ", not a share from 0 to 1");
    }
  }

  static void checkLatency(int minMs, int maxMs) {
    if (minMs < 0 || maxMs < minMs) {
      throw new IllegalArgumentException(
          "latency from " + minMs + " to " + maxMs + " ms is not a range");
    }
  }
}
