package io.centralita.contacts;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Why a row was rejected, of what is told in words: those may say more, such as how many digits.
 */
enum RejectReason {
  EMPTY("empty"),
  NO_DIGITS("no digits"),
  LETTERS("contains letters"),
  EXTENSION("has an extension"),
  STRANGE_CHARACTER("contains a character no number has"),
  ROUNDED("rounded by a spreadsheet"),
  TOO_SHORT("too short"),
  TOO_LONG("too long"),
  UNKNOWN_LADA("Mexico has no such area code"),
  NOT_IN_PLAN("not a number of its country"),
  UNKNOWN_COUNTRY("no country has this code"),
  /** A name or an address that is none. */
  LONG_TEXT(": longer than "),
  /** Of an import by another version. */
  OTHER("");

  static final List<RejectReason> ALL = List.of(values());

  private final String said;

  RejectReason(String said) {
    this.said = said;
  }

  /** The reason of what was told. */
  static RejectReason of(String told) {
    return Arrays.stream(values())
        .filter(
            reason ->
                reason == LONG_TEXT ? told.contains(reason.said) : told.startsWith(reason.said))
        .findFirst()
        .orElse(OTHER);
  }

  /** How the API calls it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
