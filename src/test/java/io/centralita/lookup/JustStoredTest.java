package io.centralita.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class JustStoredTest {
  private static final Instant BEGIN = Instant.parse("2026-01-06T12:00:00Z");
  private static final Operator MOVISTAR = new Operator("Telefonica", "Movistar", "12");

  private final AtomicReference<Instant> now = new AtomicReference<>(BEGIN);
  private final JustStored stored = new JustStored(now::get);
  private final Finding finding =
      Finding.found(MOVISTAR, Source.SCRAPING, BEGIN.plusSeconds(2).toEpochMilli());

  private void at(Duration time) {
    now.set(BEGIN.plus(time));
  }

  @Test
  void answer_isKeptForThreeSecondsAtLeast_andForSixAtMost() {
    at(Duration.ofSeconds(2));
    stored.put(600_000_001, finding);

    at(Duration.ofMillis(5_900));
    assertEquals(finding, stored.since(600_000_001, Instant.EPOCH));
    at(Duration.ofMillis(8_100));
    assertNull(stored.since(600_000_001, Instant.EPOCH));
  }

  @Test
  void answer_afterALongPause_isForgottenAtOnce() {
    at(Duration.ofSeconds(2));
    stored.put(600_000_001, finding);

    at(Duration.ofMinutes(1));

    assertNull(stored.since(600_000_001, Instant.EPOCH));
  }

  @Test
  void answer_thatIsTooOld_isNone() {
    stored.put(600_000_001, finding);

    assertEquals(finding, stored.since(600_000_001, BEGIN.plusSeconds(2)));
    assertNull(stored.since(600_000_001, BEGIN.plusMillis(2_001)));
    assertNull(stored.since(600_000_002, Instant.EPOCH));
  }
}
