package io.centralita.phone;

/** What a text says when it is read as a Spanish telephone number. */
public sealed interface SpanishNumber {

  /** A number of a Spanish mobile range. {@code national} is its nine digits. */
  record Mobile(int national) implements SpanishNumber {

    /** The number as E.164 writes it, with the leading plus. */
    public String e164() {
      return "+34" + national;
    }
  }

  /** Not a Spanish mobile. {@code reason} is for people to read and never holds the number. */
  record Invalid(Fault fault, String reason) implements SpanishNumber {}

  /** Why a text is not a Spanish mobile number. */
  enum Fault {
    EMPTY(0),
    LETTERS(1),
    STRANGE_CHARACTER(2),
    /** A spreadsheet rounded it (6.00E+08): the last digits are lost. */
    ROUNDED(3),
    TOO_SHORT(4),
    TOO_LONG(5),
    FOREIGN(6),
    LANDLINE(7),
    /** Premium rate, shared cost, free of charge, and numbers of companies. */
    SPECIAL(8),
    PERSONAL(9),
    UNASSIGNED(10),
    NO_DIGITS(11);

    final int code;

    Fault(int code) {
      this.code = code;
    }
  }

  /**
   * Reads a number in any of the ways people and spreadsheets write it: with spaces, dots, hyphens,
   * slashes or parentheses, with +34, 0034 or 34 before it, or as a float.
   */
  static SpanishNumber parse(String raw) {
    var read = SpanishDigits.read(raw);
    if (read >= 0) {
      return new Mobile((int) read);
    }
    var fault = SpanishDigits.fault(read);
    var detail = SpanishDigits.detail(read);
    return new Invalid(
        fault,
        switch (fault) {
          case EMPTY -> "empty";
          case NO_DIGITS -> "no digits";
          case LETTERS -> "contains letters";
          case STRANGE_CHARACTER -> "contains a character no number has";
          case ROUNDED -> "rounded by a spreadsheet: its last digits are lost";
          case TOO_SHORT -> "too short (" + digits(detail) + ")";
          case TOO_LONG -> "too long (" + digits(detail) + ")";
          case FOREIGN -> "foreign number (+" + detail + ")";
          case LANDLINE -> "landline";
          case SPECIAL -> "premium or special number";
          case PERSONAL -> "personal number";
          case UNASSIGNED -> "not an assigned mobile range";
        });
  }

  /**
   * The nine national digits of a Spanish mobile, or -1 for everything else. Agrees with {@link
   * #parse} on every input and allocates nothing: it is meant for millions of numbers.
   */
  static int mobile(CharSequence raw) {
    return (int) Math.max(-1, SpanishDigits.read(raw));
  }

  private static String digits(int count) {
    return count == 1 ? "1 digit" : count + " digits";
  }
}
