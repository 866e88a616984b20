package io.centralita.contacts;

import io.centralita.phone.PhoneNumbers;

/** The numbering plan in force, and what it says of a number. Thread-safe. */
final class NumberingPlans {

  /**
   * What a number is.
   *
   * @param kind 0 unknown, 1 mobile, 2 fixed
   * @param carrier the id of whom its range was given to; 0 unknown
   */
  record Line(int kind, int carrier) {}

  private static final Line UNKNOWN = new Line(0, 0);
  private static final Line MOBILE = new Line(1, 0);
  private static final Line FIXED = new Line(2, 0);

  /** One plan, as it stood when it was asked for. */
  @FunctionalInterface
  interface Plan {
    Line line(long phone);
  }

  Plan current() {
    return NumberingPlans::withoutPlan;
  }

  /** In Spain the first digit says it. */
  private static Line withoutPlan(long phone) {
    if (!PhoneNumbers.isSpanish(phone)) {
      return UNKNOWN;
    }
    return switch ((int) (phone / 100_000_000 % 10)) {
      case 6, 7 -> MOBILE;
      default -> FIXED;
    };
  }
}
