package io.centralita.phone;

import io.centralita.phone.SpanishNumber.Fault;

/**
 * One pass over a text in search of a Spanish mobile.
 *
 * <p>The answer is a {@code long}, so that nothing is allocated: the nine national digits, or a
 * negative code that holds a {@link Fault} and one small number about it. What stands before the
 * first digit and after the last, and which signs may stand between digits, follows libphonenumber.
 */
final class SpanishDigits {
  private static final int NATIONAL = 9;
  private static final int FAULTS = 16;
  private static final long ALL_OF_A_LONG = 18;

  private SpanishDigits() {}

  static Fault fault(long read) {
    var code = (-read - 1) % FAULTS;
    for (var fault : Fault.values()) {
      if (fault.code == code) {
        return fault;
      }
    }
    throw new IllegalArgumentException("no fault has the code " + code);
  }

  /** How many digits there were, or which country code. */
  static int detail(long read) {
    return (int) ((-read - 1) / FAULTS);
  }

  private static long refuse(Fault fault, long detail) {
    return -1 - fault.code - FAULTS * detail;
  }

  static long read(CharSequence text) {
    var length = text.length();
    var value = 0L; // of the first 18 digits; more digits are too many whatever their value
    var digits = 0;
    var zeros = 0; // that lead
    var plus = -2; // where the leading plus stands
    var stray = false; // a sign that may end a number but not stand within one
    var dots = 0;
    var digitsBeforeDot = 0;
    var others = 0; // signs that are neither digits nor dots; blanks at either end do not count
    var blank = false;
    for (var i = 0; i < length; i++) {
      var c = text.charAt(i);
      var digit = c - '0';
      if (digit < 0 || digit > 9) {
        digit = c < 0x80 ? -1 : Character.digit(c, 10);
      }
      if (digit >= 0) {
        if (stray) {
          return refuse(Fault.STRANGE_CHARACTER, 0);
        }
        if (blank) {
          others++;
          blank = false;
        }
        if (digit == 0 && zeros == digits) {
          zeros++;
        }
        if (++digits <= ALL_OF_A_LONG) {
          value = value * 10 + digit;
        }
        continue;
      }
      if (c == '.') {
        dots++;
        digitsBeforeDot = digits;
        continue;
      }
      if (Character.isLetter(c)) {
        return (c == 'E' || c == 'e') && digits > 0
            ? scientific(text, i)
            : refuse(Fault.LETTERS, 0);
      }
      if (c == ' ' || c == '\u00A0') {
        blank = digits > 0;
        continue;
      }
      others++;
      var started = digits > 0 || plus >= 0;
      if (isPlus(c) && digits == 0 && plus == i - 1) {
        return refuse(Fault.STRANGE_CHARACTER, 0); // libphonenumber takes any number of them
      } else if (isPlus(c) && digits == 0 && plus < 0) {
        plus = i;
      } else if (started && !separates(c)) {
        stray = true;
        if (c == '#' || isOtherNumber(c)) {
          return refuse(Fault.STRANGE_CHARACTER, 0);
        }
      }
    }
    if (digits == 0) {
      return refuse(isBlank(text) ? Fault.EMPTY : Fault.NO_DIGITS, 0);
    }
    if (dots == 1 && others == 0) {
      var whole = digitsBeforeDot;
      var fraction = digits - whole;
      // Longer runs of zeros after fewer digits are a way of grouping: 600123.000
      if (fraction > 0 && whole > 0 && (fraction <= 2 || whole >= NATIONAL)) {
        var unit = power(Math.min(fraction, 17));
        if (digits <= ALL_OF_A_LONG && value % unit == 0) {
          value /= unit;
          digits = whole;
        }
      }
    }
    return international(value, digits, zeros, plus >= 0);
  }

  private static boolean isBlank(CharSequence text) {
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (!Character.isWhitespace(c)
          && !Character.isSpaceChar(c)
          && Character.getType(c) != Character.FORMAT) {
        return false;
      }
    }
    return true;
  }

  private static long international(long value, int digits, int zeros, boolean plus) {
    if (zeros == 2 && digits > 2) {
      return afterCountryCode(value, digits - 2); // 00 is how Spain dials abroad
    }
    if (plus && zeros == 0) {
      return afterCountryCode(value, digits);
    }
    if (digits == NATIONAL + 2 && value / 1_000_000_000L == 34) {
      return national(value % 1_000_000_000L, NATIONAL);
    }
    return national(value, digits);
  }

  private static long afterCountryCode(long value, int digits) {
    if (digits > 15) {
      return refuse(Fault.TOO_LONG, digits);
    }
    if (digits < 2) {
      return refuse(Fault.TOO_SHORT, digits);
    }
    var rest = power(digits - 2);
    return value / rest == 34
        ? national(value % rest, digits - 2)
        : refuse(Fault.FOREIGN, countryCode(value, digits));
  }

  /** Country calling codes have one, two or three digits (ITU-T E.164). */
  private static long countryCode(long value, int digits) {
    var two = (int) (value / power(digits - 2));
    return switch (two) {
      case 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 -> 1;
      case 70, 71, 72, 73, 74, 75, 76, 77, 78, 79 -> 7;
      case 20, 27, 30, 31, 32, 33, 36, 39 -> two;
      case 40, 41, 43, 44, 45, 46, 47, 48, 49 -> two;
      case 51, 52, 53, 54, 55, 56, 57, 58 -> two;
      case 60, 61, 62, 63, 64, 65, 66 -> two;
      case 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98 -> two;
      default -> digits == 2 ? two : value / power(digits - 3);
    };
  }

  private static long national(long value, int digits) {
    if (digits != NATIONAL) {
      return refuse(digits < NATIONAL ? Fault.TOO_SHORT : Fault.TOO_LONG, digits);
    }
    var second = (int) (value / 10_000_000 % 10);
    return switch ((int) (value / 100_000_000)) {
      case 6 -> value;
      case 7 ->
          switch (second) {
            case 1, 2, 3, 4, 8 -> value;
            case 0 -> refuse(Fault.PERSONAL, 0);
            default -> refuse(Fault.UNASSIGNED, 0);
          };
      case 8, 9 -> refuse(second == 0 ? Fault.SPECIAL : Fault.LANDLINE, 0);
      case 5 -> refuse(second == 1 ? Fault.SPECIAL : Fault.UNASSIGNED, 0);
      default -> refuse(Fault.UNASSIGNED, 0);
    };
  }

  /**
   * A float as programs print it, 6.00123456E8. Programs drop zeros at the end; a spreadsheet keeps
   * six digits at most and so loses three or more, which is how the two are told apart.
   */
  private static long scientific(CharSequence text, int e) {
    var value = 0L;
    var digits = 0;
    var fraction = -1;
    for (var i = 0; i < e; i++) {
      var c = text.charAt(i);
      if (c == ' ' && digits == 0) {
        continue;
      }
      if (c >= '0' && c <= '9' && digits < 15) {
        value = value * 10 + (c - '0');
        digits++;
        fraction += fraction >= 0 ? 1 : 0;
      } else if (c == '.' && fraction < 0 && digits > 0) {
        fraction = 0;
      } else {
        return refuse(Fault.LETTERS, 0);
      }
    }
    var exponent = 0;
    var start = e + 1 < text.length() && text.charAt(e + 1) == '+' ? e + 2 : e + 1;
    for (var i = start; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c < '0' || c > '9' || i > start + 1) {
        return refuse(Fault.LETTERS, 0);
      }
      exponent = exponent * 10 + (c - '0');
    }
    if (start == text.length()) {
      return refuse(Fault.LETTERS, 0);
    }
    var missing = exponent - Math.max(fraction, 0);
    if (missing > 2) {
      return refuse(Fault.ROUNDED, 0);
    }
    if (missing < 0 && value % power(-missing) != 0) {
      return refuse(Fault.STRANGE_CHARACTER, 0);
    }
    value = missing < 0 ? value / power(-missing) : value * power(missing);
    return international(value, lengthOf(value), 0, false);
  }

  private static int lengthOf(long value) {
    var length = 1;
    for (var rest = value / 10; rest > 0; rest /= 10) {
      length++;
    }
    return length;
  }

  private static long power(int exponent) {
    var power = 1L;
    for (var i = 0; i < exponent; i++) {
      power *= 10;
    }
    return power;
  }

  private static boolean isPlus(char c) {
    return c == '+' || c == '\uFF0B';
  }

  /** Superscripts, fractions and Roman numerals, which libphonenumber does not take for an end. */
  private static boolean isOtherNumber(char c) {
    var type = Character.getType(c);
    return type == Character.OTHER_NUMBER || type == Character.LETTER_NUMBER;
  }

  /** Signs that may stand between digits: libphonenumber's, and all of Unicode's spaces. */
  private static boolean separates(char c) {
    return switch (c) {
      case '-', '/', '(', ')', '[', ']', '*', '\t', '\u00AD' -> true;
      default ->
          c >= 0x2000
              && (c <= 0x2015 // spaces, marks of direction, dashes
                  || (c >= 0x202A && c <= 0x202F)
                  || (c >= 0x2060 && c <= 0x2069)
                  || c == 0x2053
                  || c == 0x2212
                  || c == 0x223C
                  || c == 0x3000
                  || c == 0xFEFF
                  || c == 0xFF08
                  || c == 0xFF09
                  || (c >= 0xFF0D && c <= 0xFF0F)
                  || c == 0xFF3B
                  || c == 0xFF3D);
    };
  }
}
