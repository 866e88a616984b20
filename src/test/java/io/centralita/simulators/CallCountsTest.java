package io.centralita.simulators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class CallCountsTest {

  @Test
  void counts_ofManyNumbers_agreeWithAPlainMap() {
    var counts = new CallCounts();
    var plain = new HashMap<Integer, Calls>();
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
          new Calls(1, answered ? 1 : 0),
          (a, b) -> new Calls(a.asked() + b.asked(), a.answered() + b.answered()));
    }

    assertEquals(plain, counts.copy(Math::toIntExact));
    assertEquals(plain.size(), counts.size());
    assertEquals(new Calls(0, 0), counts.of(700_000_000));
  }

  @Test
  void counts_ofTheLeastAndTheGreatestNumber_areKept() {
    var counts = new CallCounts();

    counts.asked(0);
    counts.asked(999_999_999);

    assertEquals(1, counts.of(0).asked());
    assertEquals(1, counts.of(999_999_999).asked());
    counts.clear();
    assertTrue(counts.copy(Long::valueOf).isEmpty());
  }

  @Test
  void counts_beyondTheirLimit_keepTheFirstNumbers() {
    var counts = new CallCounts(1);

    assertTrue(counts.asked(525_512_345_678L));
    assertFalse(counts.asked(525_512_345_679L));
    assertTrue(counts.asked(525_512_345_678L));
    counts.answered(525_512_345_679L);

    assertEquals(Map.of(525_512_345_678L, new Calls(2, 0)), counts.copy(Long::valueOf));
  }
}
