package io.centralita.contacts;

import java.text.Normalizer;

/**
 * Text without what people leave out when they type: capitals, accents, punctuation.
 *
 * <p>The rule, for each code point by itself: it is decomposed (NFKD); of the code points that this
 * gives, marks (Unicode's Mn, Mc, Me) are dropped, letters and digits ({@link
 * Character#isLetterOrDigit(int)}) become small letters ({@link Character#toLowerCase(int)}), and
 * any other is a gap. Gaps at the beginning and at the end are dropped, each run of gaps between is
 * one blank. So {@code ñ} is {@code n}, {@code 1ª} is {@code 1a}, {@code O'Farrill} is {@code o
 * farrill}, and a mark alone divides nothing.
 */
public final class Folded {
  private static final int COMMON = 0x250;

  /** What each of the first code points becomes; {@code " "} where it is a gap. */
  private static final String[] FOLDED = new String[COMMON];

  static {
    for (var codePoint = 0; codePoint < COMMON; codePoint++) {
      FOLDED[codePoint] = folded(codePoint);
    }
  }

  private Folded() {}

  /** The name as places are known by: by the rule above. */
  public static String key(String name) {
    var key = new StringBuilder(name.length());
    var gap = false;
    for (var at = 0; at < name.length(); ) {
      var codePoint = name.codePointAt(at);
      at += Character.charCount(codePoint);
      var folded = of(codePoint);
      for (var i = 0; i < folded.length(); i++) {
        var c = folded.charAt(i);
        if (c == ' ') {
          gap = true;
        } else {
          if (gap && !key.isEmpty()) {
            key.append(' ');
          }
          gap = false;
          key.append(c);
        }
      }
    }
    return key.toString();
  }

  /** What a code point becomes by the rule; a blank in it is a gap. */
  static String of(int codePoint) {
    return codePoint < COMMON ? FOLDED[codePoint] : folded(codePoint);
  }

  private static String folded(int codePoint) {
    var folded = new StringBuilder();
    Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKD)
        .codePoints()
        .forEach(
            part -> {
              if (Character.isLetterOrDigit(part)) {
                folded.appendCodePoint(Character.toLowerCase(part));
              } else if (!isMark(part)) {
                folded.append(' ');
              }
            });
    return folded.toString();
  }

  private static boolean isMark(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }
}
