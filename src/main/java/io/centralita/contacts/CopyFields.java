package io.centralita.contacts;

import java.util.Arrays;

/** Reads back the fields of a row of a {@link CopyBuffer}, in order. */
final class CopyFields {
  private final byte[] bytes;
  private int at;

  /**
   * @param row where the row begins
   */
  CopyFields(byte[] bytes, int row) {
    this.bytes = bytes;
    this.at = row + 2; // the number of fields
  }

  /** The next field, a whole number of any width. */
  long number() {
    var length = length();
    var value = (long) bytes[at];
    for (var i = 1; i < length; i++) {
      value = (value << 8) | (bytes[at + i] & 0xff);
    }
    at += length;
    return value;
  }

  byte[] bytes() {
    var length = length();
    if (length < 0) {
      return Utf8.NONE;
    }
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  private int length() {
    var length = 0;
    for (var i = 0; i < 4; i++) {
      length = (length << 8) | (bytes[at + i] & 0xff);
    }
    at += 4;
    return length;
  }
}
