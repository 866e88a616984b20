package io.centralita.validation;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What calls cost, in millionths of whatever currency the operator counts in.
 *
 * @param callMicros of one call
 * @param monthMicros of all calls in a calendar month of UTC, at most
 */
public record Price(long callMicros, long monthMicros) {
  /** Nothing, however often. */
  public static final Price NONE = new Price(0, Long.MAX_VALUE);

  private static final int DIGITS = 6;

  public Price {
    if (callMicros < 0 || monthMicros < 0) {
      throw new IllegalArgumentException("a price is not negative");
    }
  }

  boolean isFree() {
    return callMicros == 0;
  }

  /**
   * An amount in millionths.
   *
   * @throws ArithmeticException where it has more than six decimals, or is beyond all money
   */
  public static long micros(BigDecimal amount) {
    return amount.setScale(DIGITS, RoundingMode.UNNECESSARY).unscaledValue().longValueExact();
  }

  /** Millionths as an amount, without needless zeros. */
  static BigDecimal amount(long micros) {
    var amount = BigDecimal.valueOf(micros, DIGITS).stripTrailingZeros();
    return amount.scale() < 0 ? amount.setScale(0, RoundingMode.UNNECESSARY) : amount;
  }
}
