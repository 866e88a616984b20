package io.centralita.contacts;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text as UTF-8 bytes, without a String for each: millions of them pass on their way to a COPY. */
final class Utf8 {
  /** What programs that know no UTF-8 wrote in this part of the world. */
  private static final Charset OLD = Charset.forName("windows-1252");

  static final byte[] NONE = {};

  private Utf8() {}

  /**
   * The text without blanks around it, in UTF-8, without zero bytes, which PostgreSQL does not
   * take; bytes that are no UTF-8 are read as Windows-1252. Empty where nothing is left.
   */
  static byte[] clean(byte[] raw) {
    var from = 0;
    var to = raw.length;
    while (from < to && isBlank(raw[from])) {
      from++;
    }
    while (to > from && isBlank(raw[to - 1])) {
      to--;
    }
    if (from == to) {
      return NONE;
    }
    var plain = true; // no zero byte, and ASCII
    var zero = false;
    for (var i = from; i < to; i++) {
      plain &= raw[i] > 0;
      zero |= raw[i] == 0;
    }
    if (!plain) {
      if (zero) {
        return clean(withoutZeros(raw, from, to));
      }
      if (!isValid(raw, from, to)) {
        return new String(raw, from, to - from, OLD).getBytes(StandardCharsets.UTF_8);
      }
    }
    return from == 0 && to == raw.length ? raw : Arrays.copyOfRange(raw, from, to);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }

  private static byte[] withoutZeros(byte[] raw, int from, int to) {
    var kept = new byte[to - from];
    var size = 0;
    for (var i = from; i < to; i++) {
      if (raw[i] != 0) {
        kept[size++] = raw[i];
      }
    }
    return Arrays.copyOf(kept, size);
  }

  /** Whether the bytes are UTF-8 as RFC 3629 has it: no surrogates, nothing longer than need be. */
  static boolean isValid(byte[] text, int from, int to) {
    for (var i = from; i < to; ) {
      var length = length(text, i, to);
      if (length == 0) {
        return false;
      }
      i += length;
    }
    return true;
  }

  /** How many bytes the code point at {@code i} has; 0 where they are no UTF-8. */
  private static int length(byte[] text, int i, int to) {
    var b = text[i] & 0xff;
    if (b < 0x80) {
      return 1;
    }
    var length =
        b >= 0xc2 && b < 0xe0 ? 2 : b >= 0xe0 && b < 0xf0 ? 3 : b >= 0xf0 && b < 0xf5 ? 4 : 0;
    if (length == 0 || i + length > to) {
      return 0;
    }
    for (var k = 1; k < length; k++) {
      if ((text[i + k] & 0xc0) != 0x80) {
        return 0;
      }
    }
    var second = text[i + 1] & 0xff;
    var wellFormed =
        switch (b) {
          case 0xe0 -> second >= 0xa0; // shorter forms exist
          case 0xed -> second < 0xa0; // surrogates
          case 0xf0 -> second >= 0x90;
          case 0xf4 -> second < 0x90; // beyond Unicode
          default -> true;
        };
    return wellFormed ? length : 0;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
