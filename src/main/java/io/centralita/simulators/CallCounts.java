package io.centralita.simulators;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * How often each number was asked for and answered. Open addressing over plain arrays: a million
 * numbers take 32 MB at most, so that a simulator can share a small heap with what it tests.
 */
final class CallCounts {
  private static final long FREE = -1;

  private final int most;
  private long[] numbers = free(1024);
  private int[] asked = new int[1024];
  private int[] answered = new int[1024];
  private int size;

  /** Counts of every number. */
  CallCounts() {
    this(Integer.MAX_VALUE);
  }

  /** Counts of the first so many numbers; those that come later are not counted. */
  CallCounts(int most) {
    this.most = most;
  }

  /** False where there is no room for one more number. */
  synchronized boolean asked(long number) {
    var at = slot(number); // first: it may replace the arrays
    if (at < 0) {
      return false;
    }
    asked[at]++;
    return true;
  }

  synchronized void answered(long number) {
    var at = slot(number);
    if (at >= 0) {
      answered[at]++;
    }
  }

  synchronized Calls of(long number) {
    var at = find(number);
    return new Calls(asked[at], answered[at]);
  }

  /** The counts by what {@code key} makes of the numbers. */
  synchronized <K> Map<K, Calls> copy(LongFunction<K> key) {
    var copy = HashMap.<K, Calls>newHashMap(size);
    for (var at = 0; at < numbers.length; at++) {
      if (numbers[at] != FREE) {
        copy.put(key.apply(numbers[at]), new Calls(asked[at], answered[at]));
      }
    }
    return copy;
  }

  synchronized int size() {
    return size;
  }

  synchronized void clear() {
    numbers = free(1024);
    asked = new int[1024];
    answered = new int[1024];
    size = 0;
  }

  /** The number's place, or -1 where it has none and may get none. */
  private int slot(long number) {
    var at = find(number);
    if (numbers[at] == number) {
      return at;
    }
    if (size >= most) {
      return -1;
    }
    if (size * 4 >= numbers.length * 3) {
      grow();
      at = find(number);
    }
    numbers[at] = number;
    size++;
    return at;
  }

  /** Where the number is, or the free place where it belongs. */
  private int find(long number) {
    var mask = numbers.length - 1;
    var at = (int) ((number * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (numbers[at] != FREE && numbers[at] != number) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    var oldNumbers = numbers;
    var oldAsked = asked;
    var oldAnswered = answered;
    numbers = free(oldNumbers.length * 2);
    asked = new int[numbers.length];
    answered = new int[numbers.length];
    for (var from = 0; from < oldNumbers.length; from++) {
      if (oldNumbers[from] != FREE) {
        var to = find(oldNumbers[from]);
        numbers[to] = oldNumbers[from];
        asked[to] = oldAsked[from];
        answered[to] = oldAnswered[from];
      }
    }
  }

  private static long[] free(int length) {
    var numbers = new long[length];
    Arrays.fill(numbers, FREE);
    return numbers;
  }
}
