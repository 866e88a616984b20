package io.centralita.lookup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.http.ProblemException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DeliveryTest {
  private final Delivery delivery = new Delivery(100);

  private List<String> texts() {
    return IntStream.range(0, delivery.invalid().size())
        .mapToObj(delivery.invalid()::text)
        .toList();
  }

  private List<String> reasons() {
    return IntStream.range(0, delivery.invalid().size())
        .mapToObj(delivery.invalid()::reason)
        .toList();
  }

  @Test
  void add_sameNumberInManyForms_isADuplicate() {
    List.of("600123456", "+34 600 123 456", "0034600123456", "6.00123456E8", " 611222333 ")
        .forEach(delivery::add);

    assertArrayEquals(new int[] {600_123_456, 611_222_333}, delivery.numbers().since(0));
    assertEquals(5, delivery.received());
    assertEquals(3, delivery.duplicates());
    assertEquals(0, delivery.invalid().size());
  }

  @Test
  void add_whatIsNone_isKeptWithItsReason() {
    List.of("912345678", "hola", "", "912345678").forEach(delivery::add);

    assertEquals(List.of("912345678", "hola", ""), texts());
    assertEquals(List.of("landline", "contains letters", "empty"), reasons());
    assertEquals(1, delivery.duplicates());
    assertEquals(4, delivery.received());
  }

  @Test
  void add_longOrUnprintableTexts_areCutAndMadePrintable() {
    var pairs = "a" + "\uD83D\uDE00".repeat(40); // its 63rd character would be half of one
    List.of("x".repeat(64), "y".repeat(65), "a\u0000\n\u007Fb", pairs).forEach(delivery::add);

    assertEquals(
        List.of(
            "x".repeat(64),
            "y".repeat(63) + "…",
            "a\uFFFD\uFFFD\uFFFDb",
            "a" + "\uD83D\uDE00".repeat(31) + "…"),
        texts());
  }

  @Test
  void add_moreThanMayCome_throws() {
    for (var i = 0; i < 60; i++) {
      delivery.add(Integer.toString(600_000_000 + i));
      delivery.add(Integer.toString(600_000_000 + i)); // a duplicate takes no room
    }
    for (var i = 0; i < 40; i++) {
      delivery.add("no number " + i);
    }

    assertThrows(Delivery.TooMany.class, () -> delivery.add("one more"));
  }

  @Test
  void add_moreThanHalfAMillionLandlines_isTaken_andABookIsNot() {
    var large = new Delivery(5_000_000);
    for (var i = 0; i < 600_000; i++) {
      large.add(Integer.toString(910_000_000 + i));
    }

    assertEquals(600_000, large.invalid().size());
    var padding = "x".repeat(55);
    var book =
        assertThrows(
            Delivery.TooMany.class,
            () -> IntStream.range(0, 600_000).forEach(i -> large.add(i + padding)));
    assertTrue(String.valueOf(book.getMessage()).contains("wrong column"));
  }

  @Test
  void checked_emptyOrTooMany_isAProblemOfThatField() {
    var empty = assertThrows(ProblemException.class, () -> delivery.checked("number", 5));
    assertEquals("number: empty: send at least one number", empty.problem().detail());
    delivery.add("600000001");
    delivery.add("600000002");

    assertSame(delivery, delivery.checked("number", 2));
    var tooMany = assertThrows(ProblemException.class, () -> delivery.checked("numbers", 1));
    assertEquals("numbers: more than 1: divide the file", tooMany.problem().detail());
  }
}
