package io.centralita.lookup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.LinkedHashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NumberSetTest {

  @ParameterizedTest
  @CsvSource({
    "1,10,100",
    "2,5000,3000",
    "3,100000,300000",
    "4,300000,140000000",
    "5,2048,2147483646"
  })
  void set_holdsWhatAHashSetHolds_inTheOrderItCame(long seed, int count, int range) {
    var random = new Random(seed);
    var expected = new LinkedHashSet<Integer>();
    var set = new NumberSet();
    for (var i = 0; i < count; i++) {
      var number = 1 + random.nextInt(range);
      assertEquals(expected.add(number), set.add(number));
    }

    assertEquals(expected.size(), set.size());
    assertArrayEquals(expected.stream().mapToInt(Integer::intValue).toArray(), set.since(0));
    for (var i = 0; i < 1000; i++) {
      var number = 1 + random.nextInt(range);
      assertEquals(expected.contains(number), set.contains(number));
    }
  }

  @Test
  void since_givesWhatCameAfter() {
    var set = new NumberSet();
    set.add(7);
    set.add(5);
    set.add(7);
    set.add(6);

    assertArrayEquals(new int[] {5, 6}, set.since(1));
    assertArrayEquals(new int[0], set.since(3));
    assertFalse(new NumberSet().contains(7));
  }
}
