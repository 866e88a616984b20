package io.centralita.phone;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.nio.charset.StandardCharsets;

/**
 * Telephone numbers as {@code long}s: the digits of their E.164 form, 525512345678 for +52 55 1234
 * 5678. Made for millions of them; for one, {@link PhoneNumber} reads better.
 *
 * <p>Texts are read as people in Mexico write them: ten digits, with or without +52, 0052, 52, the
 * former 1, 01, 044, 045, and punctuation. Numbers of other countries begin with + or 00. A number
 * is one that libphonenumber calls valid.
 */
public final class PhoneNumbers {
  static final int MEXICO = 52;
  static final int MEXICAN_DIGITS = 10;
  static final int SPAIN = 34;
  static final int SPANISH_DIGITS = 9;

  private static final long MEXICAN = Powers.of(MEXICAN_DIGITS);
  private static final long SPANISH = Powers.of(SPANISH_DIGITS);

  private PhoneNumbers() {}

  /**
   * The number that a text says, or a negative code of which {@link #fault} and {@link #reason}
   * tell. Allocates nothing but for numbers of countries other than Mexico and Spain, and for the
   * first of each three digits. Bytes that are not UTF-8 are read as Latin-1.
   */
  public static long read(byte[] utf8, int offset, int length) {
    return PhoneText.read(utf8, offset, length);
  }

  /** What {@link #read(byte[], int, int)} says of the text's bytes. */
  public static long read(CharSequence text) {
    var utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
    return PhoneText.read(utf8, 0, utf8.length);
  }

  /** Why a text was refused, by the negative code that {@code read} gave. */
  public static PhoneFault fault(long refusal) {
    return PhoneFault.of(refusal);
  }

  /** The same in words for people. They never hold the number. */
  public static String reason(long refusal) {
    var detail = PhoneFault.detail(refusal);
    return switch (fault(refusal)) {
      case EMPTY -> "empty";
      case NO_DIGITS -> "no digits";
      case LETTERS -> "contains letters";
      case EXTENSION -> "has an extension";
      case STRANGE_CHARACTER -> "contains a character no number has";
      case ROUNDED -> "rounded by a spreadsheet: its last digits are lost";
      case TOO_SHORT -> "too short (" + digits(detail) + ")";
      case TOO_LONG -> "too long (" + digits(detail) + ")";
      case UNKNOWN_LADA -> "Mexico has no such area code (LADA)";
      case NOT_IN_PLAN -> "not a number of its country (+" + detail + ")";
      case UNKNOWN_COUNTRY -> "no country has this code";
    };
  }

  private static String digits(long count) {
    return count == 1 ? "1 digit" : count + " digits";
  }

  /** The number as E.164 writes it, with the leading plus. */
  public static String e164(long number) {
    return "+" + number;
  }

  /** The digits without the country code: ten in Mexico, nine in Spain. */
  public static String national(long number) {
    if (isMexican(number)) {
      return Long.toString(number % MEXICAN);
    }
    if (isSpanish(number)) {
      return Long.toString(number % SPANISH);
    }
    var library = PhoneNumberUtil.getInstance();
    try {
      return library.getNationalSignificantNumber(library.parse(e164(number), "ZZ"));
    } catch (NumberParseException e) {
      throw new IllegalArgumentException("not a number that was read: " + e.getErrorType(), e);
    }
  }

  /**
   * The area code (LADA) of a Mexican number: 55, 56, 33, 81, or three digits. 0 for numbers that
   * belong to no place, such as 800 and 900, and for those of other countries.
   */
  public static int lada(long number) {
    if (!isMexican(number)) {
      return 0;
    }
    var national = number % MEXICAN;
    if (!ValidPrefixes.MEXICO.geographic(national)) {
      return 0;
    }
    return Ladas.codeOf((int) (national / Powers.of(MEXICAN_DIGITS - 3)));
  }

  /** The number of Mexico with these ten digits. */
  static long mexican(long national) {
    return MEXICO * MEXICAN + national;
  }

  /** Whether it is a number of Mexico. No other country's begins with 52. */
  public static boolean isMexican(long number) {
    return number / MEXICAN == MEXICO;
  }

  /** Whether it is a number of Spain. No other country's begins with 34. */
  public static boolean isSpanish(long number) {
    return number / SPANISH == SPAIN;
  }
}
