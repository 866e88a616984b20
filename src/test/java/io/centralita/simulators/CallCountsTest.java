package io.centralita.simulators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class CallCountsTest {

  @Test
  void counts_ofManyNumbers_agreeWithAPlainMap() {
    var counts = new CallCounts();
    var plain = new HashMap<Integer, PortalSimulator.Calls>();
    var random = new SplittableRandom(7);
    for (var i = 0; i < 200_000; i++) {
      var number = random.nextInt(600_000_000, 600_050_000);
      var answered = random.nextInt(3) > 0;
      counts.asked(number);
      if (answered) {
        counts.answered(number);
      }
      plain.merge(
          number,
          new PortalSimulator.Calls(1, answered ? 1 : 0),
          (a, b) -> new PortalSimulator.Calls(a.asked() + b.asked(), a.answered() + b.answered()));
    }

    assertEquals(plain, counts.copy());
    assertEquals(plain.size(), counts.size());
    assertEquals(new PortalSimulator.Calls(0, 0), counts.of(700_000_000));
  }

  @Test
  void counts_ofTheLeastAndTheGreatestNumber_areKept() {
    var counts = new CallCounts();

    counts.asked(0);
    counts.asked(999_999_999);

    assertEquals(1, counts.of(0).asked());
    assertEquals(1, counts.of(999_999_999).asked());
    counts.clear();
    assertTrue(counts.copy().isEmpty());
  }
}
