package io.centralita.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

final class WindowSetTest {

  @Test
  void with_leavesTheOriginalAsItWas() {
    var none = WindowSet.EMPTY;

    var one = none.with(7, true);

    assertFalse(none.contains(7));
    assertTrue(one.contains(7));
    assertEquals(0, one.with(7, false).size());
  }

  @Test
  void nextAbsent_skipsWhatIsThere() {
    var set = WindowSet.EMPTY.with(0, true).with(1, true).with(3, true);

    assertEquals(2, set.nextAbsent(0));
    assertEquals(4, set.nextAbsent(3));
  }

  @Test
  void without_takesTheOthersOut() {
    var set = WindowSet.EMPTY.with(1, true).with(2, true);

    assertEquals(WindowSet.EMPTY.with(1, true), set.without(WindowSet.EMPTY.with(2, true)));
  }

  @Test
  void json_roundTrip_isSmall() throws Exception {
    var set = WindowSet.EMPTY;
    for (var window = 0; window < 640; window += 2) {
      set = set.with(window, true);
    }
    var mapper = new ObjectMapper();

    var json = mapper.writeValueAsString(set);

    assertEquals(set, mapper.readValue(json, WindowSet.class));
    assertTrue(json.length() < 640, json);
  }
}
