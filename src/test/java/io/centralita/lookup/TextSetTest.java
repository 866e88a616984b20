package io.centralita.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextSetTest {

  @ParameterizedTest
  @CsvSource({"1,10,5", "2,5000,3000", "3,200000,1000000", "4,100000,300"})
  void set_holdsWhatAMapHolds_inTheOrderItCame(long seed, int count, int range) {
    var random = new Random(seed);
    var expected = new LinkedHashMap<String, String>();
    var set = new TextSet();
    for (var i = 0; i < count; i++) {
      var text = "ñ".repeat(random.nextInt(3)) + random.nextInt(range);
      var reason = "reason " + random.nextInt(20);
      assertEquals(expected.putIfAbsent(text, reason) == null, set.add(text, reason));
    }

    assertEquals(expected.size(), set.size());
    var texts = new ArrayList<>(expected.keySet());
    for (var place = 0; place < texts.size(); place++) {
      assertEquals(texts.get(place), set.text(place));
      assertEquals(expected.get(texts.get(place)), set.reason(place));
      assertEquals(place, set.placeOf(texts.get(place)));
    }
    assertEquals(-1, set.placeOf("none of them"));
  }

  @Test
  void bytes_areThoseOfTheTexts_eachOnce() {
    var set = new TextSet();
    assertEquals(0, set.bytes());

    set.add("", "empty");
    set.add("ñandú", "letters");
    set.add("ñandú", "letters");

    assertEquals(7, set.bytes());
    assertEquals("", set.text(0));
    assertEquals("ñandú", set.text(1));
  }
}
