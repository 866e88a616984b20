package io.centralita.contacts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class WordsTest {

  @Test
  void key_dropsCapitalsAccentsAndPunctuation() {
    assertEquals("nunez", Folded.key("NÚÑEZ"));
    assertEquals("nunez", Folded.key("Nu\u0301n\u0303ez")); // decomposed
    assertEquals("edo mex", Folded.key("  Edo.\tMex. "));
    assertEquals("o farrill 1a n o 2", Folded.key("O'Farrill, 1ª (n°o) ²"));
    assertEquals("san luis potosi", Folded.key("San Luis\u00a0Potosí"));
    assertEquals("", Folded.key(" .,\u0000\u0301 "));
    assertEquals("東京 𝒞".replace("𝒞", "c"), Folded.key("東京 𝒞"));
  }

  @Test
  void key_anyText_isItsOwnKey() {
    var random = new Random(7);
    for (var i = 0; i < 20_000; i++) {
      var text =
          random
              .ints(12, 0, i % 3 == 0 ? 0x1ffff : 0x300)
              .filter(c -> c < 0xd800 || c > 0xdfff)
              .mapToObj(Character::toString)
              .collect(Collectors.joining());
      var key = Folded.key(text);

      assertEquals(key, key.strip());
      assertEquals(-1, key.indexOf("  "));
      assertEquals(key, Folded.key(key), () -> text.codePoints().boxed().toList().toString());
    }
  }

  @Test
  void words_areDistinctShortAndFew() {
    assertEquals(
        List.of("maria", "angeles", "calle", "2"),
        Words.of("María de los Ángeles", "CALLE MARIA 2", "La"));
    assertEquals(List.of(), Words.of("de la", ""));
    assertEquals(List.of("x".repeat(40)), Words.of("X".repeat(10_000)));
    assertEquals(List.of("𐐨".repeat(40)), Words.of("𐐀".repeat(50)));
    var many = IntStream.range(0, 200).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    assertEquals(64, Words.of("a b", many).size());
    assertEquals("b", Words.of("a b", many).getFirst());
  }

  @Test
  void draw_isStableAndEven() {
    assertEquals(0, Draw.of(0));
    var parts = new int[16];
    for (var phone = 525500000000L; phone < 525500160000L; phone++) {
      assertTrue(Draw.of(phone) >= 0);
      parts[Draw.of(phone) >>> 27]++;
    }
    for (var part : parts) {
      assertTrue(part > 9_500 && part < 10_500, () -> "a part has " + part);
    }
  }
}
