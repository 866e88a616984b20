package io.centralita.phone;

/**
 * One pass over a text in search of a telephone number of any country, as one writes it in Mexico.
 *
 * <p>What stands before the first digit and after the last, and which signs may stand between
 * digits, follows libphonenumber; beyond it every blank and every invisible sign may.
 */
final class PhoneText {
  private static final int NATIONAL = 10;
  private static final int ALL_OF_A_LONG = 18;

  /** With so few digits an x is no extension but a letter. */
  private static final int BEFORE_AN_EXTENSION = 7;

  /** So many digits a spreadsheet keeps of a number that it shows as 5.51235E+09. */
  private static final int IN_A_NARROW_CELL = 6;

  private PhoneText() {}

  /** The number's E.164 digits, or a negative code of a {@link PhoneFault}. */
  static long read(byte[] utf8, int offset, int length) {
    var end = offset + length;
    var value = 0L; // of the first 18 digits after leading zeros; more are too many in any case
    var digits = 0;
    var zeros = 0; // that lead
    var plus = false;
    var stray = false; // a sign that may end a number but not stand within one
    var gap = false; // a sign other than a dot since the last digit
    var grouped = false; // such a sign between two digits
    var dots = 0;
    var digitsBeforeDot = 0;
    var valueBeforeDot = 0L;
    var zerosAfterDot = true;
    var width = 1;
    for (var i = offset; i < end; i += width) {
      int c = utf8[i];
      width = 1;
      if (c < 0) {
        var sign = Utf8.at(utf8, i, end);
        c = Utf8.point(sign);
        width = Utf8.width(sign);
      }
      var digit = c < 0x80 ? c - '0' : Character.digit(c, 10);
      if (digit >= 0 && digit <= 9) {
        if (stray) {
          return PhoneFault.STRANGE_CHARACTER.code(0);
        }
        grouped |= gap && digits > 0;
        gap = false;
        if (digit == 0 && zeros == digits) {
          zeros++;
        }
        digits++;
        zerosAfterDot &= digit == 0;
        if (digits - zeros <= ALL_OF_A_LONG) {
          value = value * 10 + digit;
        }
      } else if (c == '.') {
        dots++;
        digitsBeforeDot = digits;
        valueBeforeDot = value;
        zerosAfterDot = true;
      } else if (PhoneSigns.separates(c)) {
        gap = true;
      } else if (Character.isLetter(c)) {
        var plain = digits > 0 && digits - zeros <= ALL_OF_A_LONG && dots <= 1;
        if ((c == 'E' || c == 'e') && plain && !plus && !gap && !grouped && !stray) {
          var fraction = dots == 0 ? 0 : digits - digitsBeforeDot;
          return scientific(utf8, i, end, value, fraction);
        }
        return letters(utf8, i, end, digits);
      } else if (c == '#' && digits >= BEFORE_AN_EXTENSION) {
        return PhoneFault.EXTENSION.code(0);
      } else if (digits == 0 && !plus) {
        plus = PhoneSigns.plus(c);
      } else if (c == '#' || PhoneSigns.otherNumber(c)) {
        return PhoneFault.STRANGE_CHARACTER.code(0);
      } else {
        stray = true;
      }
    }
    if (digits == 0) {
      return (isBlank(utf8, offset, end) ? PhoneFault.EMPTY : PhoneFault.NO_DIGITS).code(0);
    }
    if (dots == 1 && !grouped && zerosAfterDot && isFloat(digitsBeforeDot, digits)) {
      return Dialled.fromMexico(
          valueBeforeDot, digitsBeforeDot, Math.min(zeros, digitsBeforeDot), plus);
    }
    return Dialled.fromMexico(value, digits, zeros, plus);
  }

  /** Longer runs of zeros after fewer digits are a way of grouping: 551234.5000 */
  private static boolean isFloat(int whole, int digits) {
    return whole > 0 && digits > whole && (digits <= whole + 2 || whole >= NATIONAL);
  }

  /**
   * A float as programs print it, 5.512345678E9. They drop zeros at the end; a spreadsheet keeps
   * six digits at most, which is how the two are told apart.
   */
  private static long scientific(byte[] utf8, int e, int end, long value, int fraction) {
    var start = e + 1 < end && utf8[e + 1] == '+' ? e + 2 : e + 1;
    var stop = start;
    var exponent = 0;
    while (stop < end && stop < start + 2 && utf8[stop] >= '0' && utf8[stop] <= '9') {
      exponent = exponent * 10 + (utf8[stop++] - '0');
    }
    if (stop == start || !isBlank(utf8, stop, end)) {
      return letters(utf8, e, end, Powers.digits(value));
    }
    var kept = Powers.digits(value);
    var missing = exponent - fraction;
    if (missing > 0 && kept <= IN_A_NARROW_CELL) {
      return PhoneFault.ROUNDED.code(0);
    }
    if (kept + missing > ALL_OF_A_LONG) {
      return PhoneFault.TOO_LONG.code(kept + missing);
    }
    if (missing < 0 && value % Powers.of(Math.min(-missing, ALL_OF_A_LONG)) != 0) {
      return PhoneFault.STRANGE_CHARACTER.code(0); // the dot of a broken number
    }
    var whole =
        missing < 0
            ? value / Powers.of(Math.min(-missing, ALL_OF_A_LONG))
            : value * Powers.of(missing);
    return Dialled.fromMexico(whole, Powers.digits(whole), 0, false);
  }

  private static long letters(byte[] utf8, int i, int end, int digits) {
    var extension = digits >= BEFORE_AN_EXTENSION && PhoneSigns.extension(utf8, i, end);
    return (extension ? PhoneFault.EXTENSION : PhoneFault.LETTERS).code(0);
  }

  private static boolean isBlank(byte[] utf8, int from, int end) {
    var width = 1;
    for (var i = from; i < end; i += width) {
      int c = utf8[i];
      width = 1;
      if (c < 0) {
        var sign = Utf8.at(utf8, i, end);
        c = Utf8.point(sign);
        width = Utf8.width(sign);
      }
      if (!PhoneSigns.blank(c)) {
        return false;
      }
    }
    return true;
  }
}
