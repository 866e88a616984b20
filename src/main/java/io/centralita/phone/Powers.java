package io.centralita.phone;

/** Powers of ten. */
final class Powers {
  private static final long[] OF_TEN = new long[19];

  static {
    OF_TEN[0] = 1;
    for (var i = 1; i < OF_TEN.length; i++) {
      OF_TEN[i] = OF_TEN[i - 1] * 10;
    }
  }

  private Powers() {}

  /** Ten to this exponent, of 0 to 18. */
  static long of(int exponent) {
    return OF_TEN[exponent];
  }

  /** With how many digits a value of 0 or more is written. */
  static int digits(long value) {
    var digits = 1;
    while (digits < OF_TEN.length && value >= OF_TEN[digits]) {
      digits++;
    }
    return digits;
  }
}
