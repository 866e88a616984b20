package io.centralita.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration CAP = Duration.ofMinutes(1);

  private static Optional<Duration> retryAfter(String header) {
    return RetryAfter.parse(header, NOW, CAP);
  }

  @Test
  void delay_moreAttempts_growsUpToTheMost() {
    var backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), 2);
    var random = new Random(1);
    for (int round = 0; round < 1000; round++) {
      for (int attempt = 0; attempt < 2000; attempt += 7) {
        long full = attempt == 0 ? 100 : Math.min(1000, attempt >= 4 ? 1000 : 100L << attempt);
        long delay = backoff.delay(attempt, random).toMillis();
        assertTrue(delay >= full / 2 && delay <= full, attempt + ": " + delay);
      }
    }
  }

  @Test
  void backoff_withoutSense_isRefused() {
    var second = Duration.ofSeconds(1);
    assertThrows(IllegalArgumentException.class, () -> new Backoff(Duration.ZERO, second, 2));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(second, second, Double.NaN));
  }

  @Test
  void retryAfter_secondsOrDate_isReadAndCapped() {
    assertEquals(Optional.of(Duration.ofSeconds(7)), retryAfter(" 7 "));
    assertEquals(Optional.of(CAP), retryAfter("3600"));
    assertEquals(Optional.of(CAP), retryAfter("99999999999999999999"));
    assertEquals(Optional.of(Duration.ofSeconds(30)), retryAfter("Thu, 01 Jan 2026 00:00:30 GMT"));
    assertEquals(Optional.of(Duration.ZERO), retryAfter("Wed, 31 Dec 2025 00:00:00 GMT"));
  }

  @Test
  void retryAfter_unreadable_isNotThere() {
    assertEquals(Optional.empty(), retryAfter("soon"));
    assertEquals(Optional.empty(), retryAfter("-5"));
    assertEquals(Optional.empty(), retryAfter(""));
    assertEquals(Optional.empty(), RetryAfter.parse(null, NOW, CAP));
  }
}
