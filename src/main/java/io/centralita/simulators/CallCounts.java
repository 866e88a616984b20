package io.centralita.simulators;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How often each number was asked for and answered. Open addressing over plain arrays: a million
 * numbers take 24 MB at most, so that a simulator can share a small heap with what it tests.
 */
final class CallCounts {
  private static final int FREE = -1;

  private int[] numbers = free(1024);
  private int[] asked = new int[1024];
  private int[] answered = new int[1024];
  private int size;

  synchronized void asked(int number) {
    var at = slot(number); // first: it may replace the arrays
    asked[at]++;
  }

  synchronized void answered(int number) {
    var at = slot(number);
    answered[at]++;
  }

  synchronized PortalSimulator.Calls of(int number) {
    var at = find(number);
    return new PortalSimulator.Calls(asked[at], answered[at]);
  }

  synchronized Map<Integer, PortalSimulator.Calls> copy() {
    var copy = HashMap.<Integer, PortalSimulator.Calls>newHashMap(size);
    for (var at = 0; at < numbers.length; at++) {
      if (numbers[at] != FREE) {
        copy.put(numbers[at], new PortalSimulator.Calls(asked[at], answered[at]));
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

  private int slot(int number) {
    var at = find(number);
    if (numbers[at] == number) {
      return at;
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
  private int find(int number) {
    var mask = numbers.length - 1;
    var at = (number * 0x9E3779B9) >>> 7 & mask;
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

  private static int[] free(int length) {
    var numbers = new int[length];
    Arrays.fill(numbers, FREE);
    return numbers;
  }
}
