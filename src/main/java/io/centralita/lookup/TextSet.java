package io.centralita.lookup;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Distinct short texts in the order they came, each with a reason: their bytes one behind the other
 * in one array, and an open-addressing hash set of their places. Twenty bytes a text beside its
 * own, where strings in a map take a hundred and fifty.
 */
final class TextSet {
  private static final SecureRandom RANDOM = new SecureRandom();

  // Drawn anew for each set, so that nobody can choose texts that meet in one slot.
  private final long multiplier = RANDOM.nextLong() | 1;

  private byte[] bytes = new byte[1 << 10];
  private int[] ends = new int[1 << 6];
  private int[] reasons = new int[1 << 6];
  private int[] slots = new int[1 << 8]; // a place and one; 0 is free
  private int size;

  private final List<String> knownReasons = new ArrayList<>();
  private final Map<String, Integer> reasonCodes = new HashMap<>();

  /** True where the text was not in the set; where it was, its first reason stays. */
  boolean add(String text, String reason) {
    var added = text.getBytes(StandardCharsets.UTF_8);
    if (size * 2 >= slots.length) {
      grow();
    }
    var slot = slot(added, 0, added.length);
    if (slots[slot] != 0) {
      return false;
    }
    slots[slot] = size + 1;
    var end = bytes() + added.length;
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length + bytes.length / 2));
    }
    System.arraycopy(added, 0, bytes, end - added.length, added.length);
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, size + size / 2);
      reasons = Arrays.copyOf(reasons, size + size / 2);
    }
    ends[size] = end;
    reasons[size] = code(reason);
    size++;
    return true;
  }

  private int code(String reason) {
    return reasonCodes.computeIfAbsent(
        reason,
        fresh -> {
          knownReasons.add(fresh);
          return knownReasons.size() - 1;
        });
  }

  int size() {
    return size;
  }

  /** The bytes of all texts together. */
  int bytes() {
    return size == 0 ? 0 : ends[size - 1];
  }

  /** Where the text stands in the order, from 0; -1 where it is not in the set. */
  int placeOf(String text) {
    var sought = text.getBytes(StandardCharsets.UTF_8);
    return slots[slot(sought, 0, sought.length)] - 1;
  }

  String text(int place) {
    var start = start(place);
    return new String(bytes, start, ends[place] - start, StandardCharsets.UTF_8);
  }

  String reason(int place) {
    return knownReasons.get(reasons[place]);
  }

  private int start(int place) {
    return place == 0 ? 0 : ends[place - 1];
  }

  private void grow() {
    slots = new int[slots.length * 2];
    for (var place = 0; place < size; place++) {
      slots[slot(bytes, start(place), ends[place])] = place + 1;
    }
  }

  /** Where the text is, or the free slot where it belongs. */
  private int slot(byte[] of, int from, int to) {
    var hash = 0L;
    for (var i = from; i < to; i++) {
      hash = hash * multiplier + of[i] + 1;
    }
    var mask = slots.length - 1;
    var slot = (int) (hash ^ (hash >>> 32)) & mask;
    while (slots[slot] != 0 && !isAt(slots[slot] - 1, of, from, to)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private boolean isAt(int place, byte[] of, int from, int to) {
    return Arrays.equals(bytes, start(place), ends[place], of, from, to);
  }
}
