package io.centralita.phone;

/** One sign of a text in UTF-8. Nothing is refused: a byte that is not UTF-8 is one of Latin-1. */
final class Utf8 {
  private static final int WIDTH_BITS = 3;

  private Utf8() {}

  /** The sign whose first byte, not of ASCII, is at {@code i}: its code point and its width. */
  static int at(byte[] bytes, int i, int end) {
    var lead = bytes[i] & 0xFF;
    var width = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || i + width > end) {
      return latin1(lead);
    }
    var point = lead & (0x7F >> width);
    for (var next = i + 1; next < i + width; next++) {
      if ((bytes[next] & 0xC0) != 0x80) {
        return latin1(lead);
      }
      point = point << 6 | (bytes[next] & 0x3F);
    }
    var least = width == 4 ? 0x10000 : width == 3 ? 0x800 : 0x80;
    var sound =
        point >= least
            && point <= Character.MAX_CODE_POINT
            && (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE);
    return sound ? point << WIDTH_BITS | width : latin1(lead);
  }

  private static int latin1(int lead) {
    return lead << WIDTH_BITS | 1;
  }

  static int point(int sign) {
    return sign >> WIDTH_BITS;
  }

  static int width(int sign) {
    return sign & ((1 << WIDTH_BITS) - 1);
  }
}
