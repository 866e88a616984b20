package io.centralita.lookup;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers for a moment after they were stored, for those who looked for them before. They are
 * forgotten a generation at a time, so that keeping them costs next to nothing. Thread-safe.
 */
final class JustStored {
  /** An answer is kept for as long as this, and for twice as long at most. */
  private static final long GENERATION_MS = 3_000;

  private final InstantSource clock;
  private volatile Map<Integer, Finding> newer = new ConcurrentHashMap<>();
  private volatile Map<Integer, Finding> older = Map.of();
  private volatile long endsMs;

  JustStored(InstantSource clock) {
    this.clock = clock;
    this.endsMs = clock.millis() + GENERATION_MS;
  }

  void put(int number, Finding finding) {
    turn();
    newer.put(number, finding);
  }

  /** The answer, if it was given no earlier than {@code since}. */
  @Nullable Finding since(int number, Instant since) {
    turn();
    var latest = newer.get(number);
    var finding = latest == null ? older.get(number) : latest;
    return finding != null && finding.answeredMs() >= since.toEpochMilli() ? finding : null;
  }

  private void turn() {
    if (clock.millis() < endsMs) {
      return;
    }
    synchronized (this) {
      var now = clock.millis();
      if (now >= endsMs) {
        var missedOne = now - endsMs >= GENERATION_MS;
        older = missedOne ? Map.of() : newer;
        newer = new ConcurrentHashMap<>();
        endsMs = (missedOne ? now : endsMs) + GENERATION_MS;
      }
    }
  }
}
