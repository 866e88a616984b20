package io.centralita.jobs;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.BitSet;
import java.util.StringJoiner;

/** An immutable set of window numbers, one bit each: ten thousand windows are 1,250 bytes. */
public final class WindowSet {
  static final WindowSet EMPTY = new WindowSet(new BitSet());

  private final BitSet bits;

  private WindowSet(BitSet bits) {
    this.bits = bits;
  }

  // Delegating, or Jackson takes the parameter's name for a field's.
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static WindowSet of(long[] words) {
    return new WindowSet(BitSet.valueOf(words));
  }

  @JsonValue
  long[] words() {
    return bits.toLongArray();
  }

  boolean contains(int window) {
    return bits.get(window);
  }

  int size() {
    return bits.cardinality();
  }

  boolean isEmpty() {
    return bits.isEmpty();
  }

  /** The first window at or after {@code from} that is not in this set. */
  int nextAbsent(int from) {
    return bits.nextClearBit(from);
  }

  /** Such as {@code 0-11, 13}; empty where there is none. */
  String ranges() {
    var text = new StringJoiner(", ");
    for (var from = bits.nextSetBit(0); from >= 0; ) {
      var end = bits.nextClearBit(from);
      text.add(end - 1 == from ? Integer.toString(from) : from + "-" + (end - 1));
      from = bits.nextSetBit(end);
    }
    return text.toString();
  }

  WindowSet with(int window, boolean present) {
    var changed = (BitSet) bits.clone();
    changed.set(window, present);
    return new WindowSet(changed);
  }

  WindowSet without(WindowSet others) {
    var changed = (BitSet) bits.clone();
    changed.andNot(others.bits);
    return new WindowSet(changed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WindowSet that && bits.equals(that.bits);
  }

  @Override
  public int hashCode() {
    return bits.hashCode();
  }

  @Override
  public String toString() {
    var words = words();
    return words.length <= 2 ? bits.toString() : size() + " windows " + Arrays.hashCode(words);
  }
}
