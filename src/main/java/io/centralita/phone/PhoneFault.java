package io.centralita.phone;

/** Why a text is not a telephone number. */
public enum PhoneFault {
  EMPTY(0),
  NO_DIGITS(1),
  LETTERS(2),
  /** Only the whole line can be called: a switchboard's inner number has no place in E.164. */
  EXTENSION(3),
  STRANGE_CHARACTER(4),
  /** A spreadsheet rounded it (5.51235E+09): the last digits are lost. */
  ROUNDED(5),
  TOO_SHORT(6),
  TOO_LONG(7),
  /** Ten digits, of which the first are no area code (LADA) or service that Mexico has. */
  UNKNOWN_LADA(8),
  /** A country's number that its numbering plan does not have. */
  NOT_IN_PLAN(9),
  UNKNOWN_COUNTRY(10);

  private static final int ROOM = 16;

  private final int code;

  PhoneFault(int code) {
    this.code = code;
  }

  /** A negative code that holds this fault and one small number about it. */
  long code(long detail) {
    return -1 - code - ROOM * detail;
  }

  static PhoneFault of(long code) {
    for (var fault : values()) {
      if (fault.code == (-1 - code) % ROOM) {
        return fault;
      }
    }
    throw new IllegalArgumentException("a number that was read has no fault");
  }

  /** How many digits there were, or which country code. */
  static long detail(long code) {
    return (-1 - code) / ROOM;
  }
}
