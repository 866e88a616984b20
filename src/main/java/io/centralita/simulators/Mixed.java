package io.centralita.simulators;

/** The finalizer of MurmurHash3: neighbouring numbers get unrelated values. */
final class Mixed {
  private Mixed() {}

  static long of(long number) {
    var hash = number;
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }

  /** A value from 0 to {@code bound} - 1 that the number alone decides. */
  static int below(int bound, long number) {
    return (int) Long.remainderUnsigned(of(number), bound);
  }

  /** The same by number, seed and what is asked, so that answers to other things are unrelated. */
  static int below(int bound, long number, long seed, long question) {
    return below(bound, number ^ of(seed + of(question)));
  }
}
