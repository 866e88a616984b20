package io.centralita.phone;

/** What signs other than digits mean in a telephone number. */
final class PhoneSigns {
  private PhoneSigns() {}

  /** Blanks, invisible signs, and what libphonenumber lets stand between digits. */
  static boolean separates(int c) {
    if (c < 0x80) {
      return switch (c) {
        case ' ', '-', '/', '(', ')', '[', ']', '*' -> true;
        default -> c >= '\t' && c <= '\r';
      };
    }
    return blank(c)
        || (c >= 0x2010 && c <= 0x2015) // hyphens and dashes
        || c == 0x2053
        || c == 0x2212
        || c == 0x223C
        || c == 0xFF08
        || c == 0xFF09
        || (c >= 0xFF0D && c <= 0xFF0F)
        || c == 0xFF3B
        || c == 0xFF3D;
  }

  /** A sign that nobody sees: a space of any kind, or a mark of direction, of joining, of order. */
  static boolean blank(int c) {
    return Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || Character.getType(c) == Character.FORMAT;
  }

  static boolean plus(int c) {
    return c == '+' || c == 0xFF0B;
  }

  /** Superscripts, fractions and Roman numerals, which libphonenumber does not take for an end. */
  static boolean otherNumber(int c) {
    var type = Character.getType(c);
    return type == Character.OTHER_NUMBER || type == Character.LETTER_NUMBER;
  }

  /** Whether the letters from {@code i} on announce an extension: x, ext, int (interior). */
  static boolean extension(byte[] ascii, int i, int end) {
    var first = ascii[i] | 0x20;
    if (first == 'x') {
      return i + 1 == end || !Character.isLetter(ascii[i + 1]);
    }
    if (i + 2 >= end) {
      return false;
    }
    var second = ascii[i + 1] | 0x20;
    var third = ascii[i + 2] | 0x20;
    return (first == 'e' && second == 'x' && third == 't')
        || (first == 'i' && second == 'n' && third == 't');
  }
}
