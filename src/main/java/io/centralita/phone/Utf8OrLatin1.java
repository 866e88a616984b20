package io.centralita.phone;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;

/** The text of a file that is UTF-8, Latin-1 or some of each, without a byte order mark. */
final class Utf8OrLatin1 extends Reader {
  private static final int LONGEST_SIGN = 4;
  private static final int BYTE_ORDER_MARK = 0xFEFF;

  private final InputStream in;
  private final byte[] bytes = new byte[16 * 1024];
  private final char[] decoded = new char[bytes.length]; // no sign has more chars than bytes
  private int kept; // bytes that may be the first of a longer sign
  private int given;
  private int ready;
  private boolean begun;
  private boolean ended;
  private int last; // of the signs so far

  Utf8OrLatin1(InputStream in) {
    this.in = in;
  }

  @Override
  public int read(char[] chars, int offset, int length) throws IOException {
    while (given == ready && !ended) {
      decode();
    }
    if (given == ready) {
      return -1;
    }
    var count = Math.min(length, ready - given);
    System.arraycopy(decoded, given, chars, offset, count);
    given += count;
    return count;
  }

  private void decode() throws IOException {
    var read = in.read(bytes, kept, bytes.length - kept);
    ended = read < 0;
    var end = kept + Math.max(0, read);
    var at = 0;
    given = 0;
    ready = 0;
    while (at < end && (ended || end - at >= LONGEST_SIGN)) {
      var point = (int) bytes[at];
      var width = 1;
      if (point < 0) {
        var sign = Utf8.at(bytes, at, end);
        point = Utf8.point(sign);
        width = Utf8.width(sign);
      }
      at += width;
      if (begun || point != BYTE_ORDER_MARK) {
        ready += Character.toChars(point, decoded, ready);
      }
      begun = true;
      last = point;
    }
    kept = end - at;
    System.arraycopy(bytes, at, bytes, 0, kept);
  }

  /** Whether the last line so far is whole. */
  boolean endsWithLine() {
    return last == '\n' || last == '\r';
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
