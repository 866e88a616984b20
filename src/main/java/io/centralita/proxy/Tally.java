package io.centralita.proxy;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of a proxy's calls, counted by outcome, and how well it does of late. */
final class Tally {
  private final Map<String, Long> counters = new HashMap<>();
  private Health health = Health.NEW;
  private @Nullable Double recalledScore;

  void add(Outcome outcome, long calls) {
    counters.merge(outcome.label(), calls, Long::sum);
    health = health.after(outcome, calls);
  }

  /** Nothing is in a row any more. */
  void rest() {
    health = health.rested();
  }

  /** Adds what was counted before a crash; only the first time, for later it is known here. */
  void recall(ProxyBoard.Statistics statistics) {
    if (recalledScore == null) {
      recalledScore = statistics.errorScore();
      statistics.counters().forEach((label, calls) -> counters.merge(label, calls, Long::sum));
      health =
          new Health(
              health.tlsInRow(),
              health.connectionInRow(),
              Math.max(health.score(), statistics.errorScore()));
    }
  }

  /**
   * Why the circuit is to open; empty where it is not.
   *
   * @param last what the last call came to, in words
   */
  String whyOpen(int inRow, String last) {
    if (health.tlsInRow() >= inRow) {
      return health.tlsInRow() + " TLS errors" + the(last);
    }
    return health.connectionInRow() >= inRow
        ? health.connectionInRow() + " connection errors" + the(last)
        : "";
  }

  private static String the(String last) {
    return last.isEmpty() ? "" : ", the last: " + last;
  }

  Map<String, Long> counters() {
    return Map.copyOf(counters);
  }

  double score() {
    return health.score();
  }
}
