package io.centralita.contacts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.centralita.contacts.Restoration.Change;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestorationTest {
  private static final ContactRow NOW =
      new ContactRow(
          525511110001L,
          1,
          3,
          140,
          7,
          14,
          false,
          55,
          2,
          1,
          Utf8.bytes("5511110001"),
          Utf8.bytes("now"),
          Utf8.NONE,
          Utf8.NONE);

  private static Change change(int importId, boolean stands, String before) {
    try {
      return new Change(importId, stands, new ObjectMapper().readTree(before));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String name(ContactRow row) {
    return Utf8.text(row.name());
  }

  @Test
  void restoration_lastChangeIsUndone_fieldIsWhatItWasBeforeThemAll() {
    var row =
        Restoration.of(
            NOW,
            List.of(
                change(2, true, "{\"name\":\"first\"}"),
                change(3, false, "{\"name\":\"second\",\"address\":\"A\"}"),
                change(4, false, "{\"name\":\"third\",\"kind\":2,\"carrier\":9}")));

    assertEquals("second", name(row));
    assertEquals("A", Utf8.text(row.address()));
    assertEquals(2, row.changedBy());
    assertEquals(1, row.kind(), "the numbering plan's");
    assertEquals(2, row.carrier());
  }

  @Test
  void restoration_laterChangeStands_fieldStays() {
    var row =
        Restoration.of(
            NOW,
            List.of(
                change(2, false, "{\"name\":\"first\",\"neighborhood\":\"N\"}"),
                change(0, true, "{\"name\":\"second\"}")));

    assertEquals("now", name(row));
    assertEquals("N", Utf8.text(row.neighborhood()));
    assertEquals(0, row.changedBy());
  }

  @Test
  void restoration_stateAndMunicipality_goTogether() {
    var both = "{\"state\":9,\"municipality\":90}";
    var one = "{\"municipality\":139}";

    var standing = Restoration.of(NOW, List.of(change(2, false, both), change(3, true, one)));
    var undone = Restoration.of(NOW, List.of(change(2, false, both), change(3, false, one)));

    assertEquals(14, standing.state());
    assertEquals(140, standing.municipality());
    assertEquals(9, undone.state());
    assertEquals(90, undone.municipality());
  }

  @Test
  void restoration_everythingStands_nothingChanges() {
    var row = Restoration.of(NOW, List.of(change(3, true, "{\"name\":\"x\",\"city\":1}")));

    assertEquals("{}", Difference.of(NOW, row).before());
    assertArrayEquals(NOW.original(), row.original());
    assertEquals(1, Restoration.of(NOW, List.of()).changedBy());
  }
}
