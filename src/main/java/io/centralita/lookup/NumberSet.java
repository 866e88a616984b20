package io.centralita.lookup;

import java.util.Arrays;

/**
 * Distinct numbers in the order they came: an open-addressing hash set of ints, twelve bytes a
 * number where boxed ones take fifty. Zero is no member.
 */
final class NumberSet {
  private int[] slots = new int[1 << 12];
  private int[] inOrder = new int[1 << 11];
  private int size;

  /** True where the number was not in the set. */
  boolean add(int number) {
    if (size * 2 >= slots.length) {
      grow();
    }
    var slot = slot(slots, number);
    if (slots[slot] == number) {
      return false;
    }
    slots[slot] = number;
    if (size == inOrder.length) {
      inOrder = Arrays.copyOf(inOrder, size * 2);
    }
    inOrder[size++] = number;
    return true;
  }

  boolean contains(int number) {
    return slots[slot(slots, number)] == number;
  }

  int size() {
    return size;
  }

  /** The numbers from the one that came {@code from}-th on. */
  int[] since(int from) {
    return Arrays.copyOfRange(inOrder, from, size);
  }

  private void grow() {
    var larger = new int[slots.length * 2];
    for (var i = 0; i < size; i++) {
      larger[slot(larger, inOrder[i])] = inOrder[i];
    }
    slots = larger;
  }

  private static int slot(int[] slots, int number) {
    var mask = slots.length - 1;
    var hash = number * 0x9E3779B9; // Fibonacci hashing: neighbouring numbers land far apart
    var slot = (hash ^ (hash >>> 15)) & mask;
    while (slots[slot] != 0 && slots[slot] != number) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
