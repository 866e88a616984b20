package io.centralita.contacts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WordBytesTest {
  private static final String SIGNS =
      "aeiou AEIOU  dela DE LA y, ñÑáÉüç ½ﬁⅣßŁø٣ 12-#.'\"\\\t\n\u0301\u200b\u00a0中文😀𝔘ǅ";

  private static List<String> words(String... texts) {
    var words = new WordBytes();
    words.clear();
    for (var text : texts) {
      words.add(text.getBytes(StandardCharsets.UTF_8));
    }
    var all = new ArrayList<String>();
    for (var i = 0; i < words.count(); i++) {
      all.add(
          new String(
              words.bytes(),
              words.start(i),
              words.start(i + 1) - words.start(i),
              StandardCharsets.UTF_8));
    }
    return all;
  }

  @Test
  void words_address_areFoldedAndTakenOnce() {
    assertEquals(
        List.of("jose", "perez", "calle", "5", "mayo", "s", "n"),
        words("José  PÉREZ", "", "Calle 5 de Mayo, s/n José"));
  }

  @Test
  void words_anyText_areThoseOfWords() {
    var random = new Random(7);
    var signs = SIGNS.codePoints().toArray();
    for (var run = 0; run < 20_000; run++) {
      var text = new StringBuilder();
      var length = random.nextInt(run % 50 == 0 ? 900 : 40);
      for (var i = 0; i < length; i++) {
        text.appendCodePoint(
            run % 3 == 0 ? random.nextInt(0xd800) : signs[random.nextInt(signs.length)]);
      }
      assertEquals(Words.of(text.toString()), words(text.toString()), text.toString());
    }
  }
}
