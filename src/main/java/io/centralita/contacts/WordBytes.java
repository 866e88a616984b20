package io.centralita.contacts;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * {@link Words} for texts that are bytes, an import's hot path: the same words by the same rule,
 * with no object for any of them. For one thread; a test holds the two together.
 */
final class WordBytes {
  private static final int TABLE = 0x800; // all code points of one or two bytes

  /** What each code point becomes; an empty array drops it, a blank is a gap. */
  private static final byte[][] FOLDED = new byte[TABLE][];

  /** The same for ASCII, where one byte becomes one; 0 is a gap. */
  private static final byte[] ASCII = new byte[0x80];

  static {
    for (var codePoint = 0; codePoint < TABLE; codePoint++) {
      FOLDED[codePoint] = Folded.of(codePoint).getBytes(StandardCharsets.UTF_8);
    }
    for (var c = 0; c < ASCII.length; c++) {
      ASCII[c] = FOLDED[c][0] == ' ' ? 0 : FOLDED[c][0];
    }
  }

  /** The words that say nothing, by their lengths from 1. */
  private static final byte[][][] SHORT =
      IntStream.rangeClosed(1, 3)
          .mapToObj(
              length ->
                  Words.SAY_NOTHING.stream()
                      .filter(word -> word.length() == length)
                      .map(Utf8::bytes)
                      .toArray(byte[][]::new))
          .toArray(byte[][][]::new);

  private byte[] bytes = new byte[4096];
  private int size;
  private int wordStart;
  private int wordPoints;
  private int count;
  private final int[] starts = new int[Words.MOST + 1];
  private final int[] hashes = new int[Words.MOST];

  void clear() {
    size = 0;
    wordStart = 0;
    wordPoints = 0;
    count = 0;
  }

  /** How many words there are. */
  int count() {
    return count;
  }

  /** How many bytes all words have together. */
  int size() {
    return size;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Where the n-th word begins; it ends where the next begins. */
  int start(int n) {
    return starts[n];
  }

  /** Adds the words of a text, which must be UTF-8. */
  void add(byte[] text) {
    for (var i = 0; i < text.length && count < Words.MOST; ) {
      var b = text[i];
      if (b >= 0) {
        if (ASCII[b] == 0) {
          endWord();
        } else {
          letter(ASCII[b]);
        }
        i++;
      } else {
        var codePoint = codePoint(text, i);
        i += codePoint < TABLE ? 2 : codePoint < 0x10000 ? 3 : 4;
        folded(
            codePoint < TABLE
                ? FOLDED[codePoint]
                : Folded.of(codePoint).getBytes(StandardCharsets.UTF_8));
      }
    }
    endWord();
  }

  private static int codePoint(byte[] text, int i) {
    var b = text[i] & 0xff;
    if (b < 0xe0) {
      return ((b & 0x1f) << 6) | (text[i + 1] & 0x3f);
    }
    if (b < 0xf0) {
      return ((b & 0x0f) << 12) | ((text[i + 1] & 0x3f) << 6) | (text[i + 2] & 0x3f);
    }
    return ((b & 0x07) << 18)
        | ((text[i + 1] & 0x3f) << 12)
        | ((text[i + 2] & 0x3f) << 6)
        | (text[i + 3] & 0x3f);
  }

  private void folded(byte[] folded) {
    for (var b : folded) {
      if (b == ' ') {
        endWord();
      } else {
        letter(b);
      }
    }
  }

  private void letter(byte b) {
    var begins = (b & 0xc0) != 0x80; // a code point
    if (begins) {
      wordPoints++;
    }
    if (wordPoints > Words.LONGEST) {
      return; // the rest of a long word
    }
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    bytes[size++] = b;
  }

  private void endWord() {
    var length = size - wordStart;
    if (length > 0) {
      var hash = hash(wordStart, size);
      if (count == Words.MOST || saysNothing(length) || isKnown(hash, length)) {
        size = wordStart;
      } else {
        starts[count] = wordStart;
        hashes[count++] = hash;
        starts[count] = size;
        wordStart = size;
      }
    }
    wordPoints = 0;
  }

  private int hash(int from, int to) {
    var hash = 1;
    for (var i = from; i < to; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash;
  }

  private boolean saysNothing(int length) {
    return length <= SHORT.length && isOf(SHORT[length - 1], wordStart, length);
  }

  private boolean isOf(byte[][] words, int from, int length) {
    for (var word : words) {
      if (Arrays.equals(word, 0, length, bytes, from, from + length)) {
        return true;
      }
    }
    return false;
  }

  private boolean isKnown(int hash, int length) {
    for (var i = 0; i < count; i++) {
      if (hashes[i] == hash
          && Arrays.equals(bytes, starts[i], starts[i + 1], bytes, wordStart, wordStart + length)) {
        return true;
      }
    }
    return false;
  }
}
