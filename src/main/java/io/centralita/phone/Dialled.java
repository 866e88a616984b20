package io.centralita.phone;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;

/** The number that digits reach when somebody in Mexico dials them, by old habits or new. */
final class Dialled {
  private static final long MEXICAN = Powers.of(PhoneNumbers.MEXICAN_DIGITS);
  private static final long SPANISH = Powers.of(PhoneNumbers.SPANISH_DIGITS);

  private Dialled() {}

  /**
   * The E.164 digits, or a negative code of a {@link PhoneFault}.
   *
   * @param value of the first 18 digits after the leading zeros
   * @param zeros how many lead
   */
  static long fromMexico(long value, int digits, int zeros, boolean plus) {
    if (digits - zeros > 18) {
      return PhoneFault.TOO_LONG.code(digits);
    }
    if (plus && zeros == 0) {
      return abroad(value, digits, "+");
    }
    if (zeros == 2 && digits > 2) {
      return abroad(value, digits - 2, "00");
    }
    if (zeros == 1 && digits > 2) {
      // 09 was for calls abroad by the operator. No country code begins with a zero.
      var rest = value % Powers.of(digits - 2);
      if (value / Powers.of(digits - 2) == 9 && Powers.digits(rest) == digits - 2) {
        return abroad(rest, digits - 2, "00");
      }
    }
    if (plus) {
      return PhoneFault.UNKNOWN_COUNTRY.code(0);
    }
    var before = value / MEXICAN;
    var withinMexico =
        switch (digits) {
          case 10 -> true;
          case 11 -> before == 1;
          case 12 -> before == PhoneNumbers.MEXICO || before == 1; // 01, of long distance
          case 13 -> before == 521 || before == 44 || before == 45; // 1, 044, 045: mobiles
          default -> false;
        };
    return withinMexico
        ? mexican(value % MEXICAN)
        : (digits < 10 ? PhoneFault.TOO_SHORT : PhoneFault.TOO_LONG).code(digits);
  }

  private static long abroad(long value, int digits, String prefix) {
    if (digits < 3) {
      return PhoneFault.TOO_SHORT.code(digits);
    }
    var country = value / Powers.of(digits - 2);
    if (country == PhoneNumbers.MEXICO) {
      // +52 1 was how the world dialled Mexico's mobiles.
      return digits == 12 || value / MEXICAN == 521
          ? mexican(value % MEXICAN)
          : length(digits - 2, PhoneNumbers.MEXICAN_DIGITS);
    }
    if (country == PhoneNumbers.SPAIN) {
      return digits == 11
          ? spanish(value, value % SPANISH)
          : length(digits - 2, PhoneNumbers.SPANISH_DIGITS);
    }
    return foreign(prefix + value);
  }

  private static long length(int digits, int expected) {
    return (digits < expected ? PhoneFault.TOO_SHORT : PhoneFault.TOO_LONG).code(digits);
  }

  private static long mexican(long national) {
    return ValidPrefixes.MEXICO.valid(national)
        ? PhoneNumbers.mexican(national)
        : PhoneFault.UNKNOWN_LADA.code(0);
  }

  private static long spanish(long e164, long national) {
    return ValidPrefixes.SPAIN.valid(national)
        ? e164
        : PhoneFault.NOT_IN_PLAN.code(PhoneNumbers.SPAIN);
  }

  /** Every other country's number is libphonenumber's business: slower, and seldom seen. */
  private static long foreign(String dialled) {
    var library = PhoneNumberUtil.getInstance();
    try {
      var number = library.parse(dialled, "MX");
      return library.isValidNumber(number)
          ? Long.parseLong(library.format(number, PhoneNumberFormat.E164))
          : PhoneFault.NOT_IN_PLAN.code(number.getCountryCode());
    } catch (NumberParseException e) {
      var digits = dialled.length() - (dialled.startsWith("+") ? 1 : 2);
      return switch (e.getErrorType()) {
        case INVALID_COUNTRY_CODE -> PhoneFault.UNKNOWN_COUNTRY.code(0);
        case TOO_LONG -> PhoneFault.TOO_LONG.code(digits);
        case NOT_A_NUMBER, TOO_SHORT_AFTER_IDD, TOO_SHORT_NSN -> PhoneFault.TOO_SHORT.code(digits);
      };
    }
  }
}
