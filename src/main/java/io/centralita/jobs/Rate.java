package io.centralita.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/** Items in a second, over the last ten seconds or so. */
final class Rate {
  private static final Duration SPAN = Duration.ofSeconds(10);

  /** Nothing for so long is not slow: it stands still. */
  private static final Duration STALE = Duration.ofMinutes(1);

  /** A shorter time says little: two windows may happen to end together. */
  private static final Duration SHORTEST = Duration.ofMillis(500);

  private record Sample(Instant at, long items) {}

  private final ArrayDeque<Sample> samples = new ArrayDeque<>();

  void sample(Instant at, long items) {
    if (!samples.isEmpty() && samples.getLast().items() > items) {
      samples.clear(); // the work began anew
    }
    samples.add(new Sample(at, items));
    prune(at);
  }

  void clear() {
    samples.clear();
  }

  double perSecond(Instant now) {
    prune(now);
    if (samples.size() < 2 || samples.getLast().at().plus(STALE).isBefore(now)) {
      return 0;
    }
    var first = samples.getFirst();
    var time = Duration.between(first.at(), now);
    return time.compareTo(SHORTEST) < 0
        ? 0
        : (samples.getLast().items() - first.items()) / (time.toNanos() / 1e9);
  }

  private void prune(Instant now) {
    while (samples.size() > 2 && samples.getFirst().at().plus(SPAN).isBefore(now)) {
      samples.removeFirst();
    }
  }
}
