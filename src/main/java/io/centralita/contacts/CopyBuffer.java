package io.centralita.contacts;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/**
 * Rows as PostgreSQL's binary COPY takes them: a field is its length in bytes (-1 for null) and the
 * value in network byte order (PostgreSQL's manual, COPY, "Binary Format").
 */
final class CopyBuffer {
  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final byte[] TRAILER = {(byte) 0xff, (byte) 0xff};

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes;
  private int size;

  CopyBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  static byte[] header() {
    return HEADER.clone();
  }

  static byte[] trailer() {
    return TRAILER.clone();
  }

  void clear() {
    size = 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length + (bytes.length >> 1)));
    }
  }

  /** Begins a row. */
  void row(int fields) {
    reserve(2);
    SHORT.set(bytes, size, (short) fields);
    size += 2;
  }

  void int16(int value) {
    reserve(6);
    INT.set(bytes, size, 2);
    SHORT.set(bytes, size + 4, (short) value);
    size += 6;
  }

  void int32(int value) {
    reserve(8);
    INT.set(bytes, size, 4);
    INT.set(bytes, size + 4, value);
    size += 8;
  }

  void int64(long value) {
    reserve(12);
    INT.set(bytes, size, 8);
    LONG.set(bytes, size + 4, value);
    size += 12;
  }

  /** A null. */
  void none() {
    reserve(4);
    INT.set(bytes, size, -1);
    size += 4;
  }

  /** A timestamptz: microseconds since 2000. */
  void timestamp(Instant value) {
    int64(ChronoUnit.MICROS.between(EPOCH, value));
  }

  /** A text, in UTF-8; null where it is empty. */
  void text(byte[] value) {
    reserve(4 + value.length);
    INT.set(bytes, size, value.length == 0 ? -1 : value.length);
    System.arraycopy(value, 0, bytes, size + 4, value.length);
    size += 4 + value.length;
  }

  /** A jsonb: a version before its text. */
  void json(byte[] value) {
    reserve(5 + value.length);
    INT.set(bytes, size, 1 + value.length);
    bytes[size + 4] = 1;
    System.arraycopy(value, 0, bytes, size + 5, value.length);
    size += 5 + value.length;
  }

  /**
   * A one-dimensional text[] without nulls: dimensions, a flag, the element's type, then bounds.
   */
  void texts(String... values) {
    var start = size;
    reserve(24);
    size += 4;
    for (var part : new int[] {1, 0, 25, values.length, 1}) {
      INT.set(bytes, size, part);
      size += 4;
    }
    for (var value : values) {
      var text = value.getBytes(StandardCharsets.UTF_8);
      reserve(4 + text.length);
      INT.set(bytes, size, text.length);
      System.arraycopy(text, 0, bytes, size + 4, text.length);
      size += 4 + text.length;
    }
    INT.set(bytes, start, size - start - 4);
  }

  /** A tsvector without positions: the number of words, then each, ended by a zero byte. */
  void words(WordBytes words) {
    var length = 4 + words.size() + 3 * words.count();
    reserve(4 + length);
    INT.set(bytes, size, length);
    INT.set(bytes, size + 4, words.count());
    size += 8;
    for (var i = 0; i < words.count(); i++) {
      var from = words.start(i);
      var word = words.start(i + 1) - from;
      System.arraycopy(words.bytes(), from, bytes, size, word);
      size += word;
      bytes[size++] = 0;
      SHORT.set(bytes, size, (short) 0);
      size += 2;
    }
  }
}
