package io.centralita.simulators;

import io.centralita.phone.PhoneNumbers;
import java.util.regex.Pattern;

/** Numbers as validators are asked for them. */
final class E164 {
  static final long NONE = -1;

  private static final Pattern NUMBER = Pattern.compile("\\+[1-9][0-9]{7,14}");

  private E164() {}

  /** The digits of a number with its plus, or {@link #NONE}. */
  static long digits(String text) {
    return NUMBER.matcher(text).matches() ? Long.parseLong(text, 1, text.length(), 10) : NONE;
  }

  /** Whether carrier look-ups know the number's country. */
  static boolean known(long number) {
    return PhoneNumbers.isMexican(number) || PhoneNumbers.isSpanish(number);
  }

  static String country(long number) {
    return PhoneNumbers.isSpanish(number) ? "ES" : "MX";
  }

  static String callingCode(long number) {
    return PhoneNumbers.isSpanish(number) ? "34" : "52";
  }

  /** As the number is written at home: 55 1234 5678, 612 34 56 78. */
  static String atHome(long number) {
    var national = PhoneNumbers.national(number);
    var parts = PhoneNumbers.isSpanish(number) ? "(...)(..)(..)(..)" : "(..)(....)(....)";
    var spaced = PhoneNumbers.isSpanish(number) ? "$1 $2 $3 $4" : "$1 $2 $3";
    return national.replaceFirst(parts, spaced);
  }
}
