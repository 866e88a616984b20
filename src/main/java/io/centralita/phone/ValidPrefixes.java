package io.centralita.phone;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber;
import java.util.Arrays;

/**
 * Which numbers of one country libphonenumber calls valid, by their first three digits.
 *
 * <p>Three digits decide in both countries: every pattern of libphonenumber's metadata for Mexico
 * is three digits and {@code \d{7}}, and Spain's longer ones only tell kinds apart. The table is
 * asked of the library itself, each prefix when it is first met, so that it follows an upgrade and
 * costs nothing at the start. Should three digits no longer be enough for some prefix, its probes
 * differ, and numbers under it are put to the library one by one: slower, never wrong.
 */
final class ValidPrefixes {
  private static final long[] PROBES = {9_999_999, 1_234_567, 5_050_505, 6_913_578};

  private static final byte UNASKED = 0;
  private static final byte INVALID = 1;
  private static final byte VALID = 2;

  /** Of a place, and of a fixed line or a mobile alike. */
  private static final byte GEOGRAPHIC = 3;

  private static final byte MIXED = 4;

  static final ValidPrefixes MEXICO = new ValidPrefixes(52, 10);
  static final ValidPrefixes SPAIN = new ValidPrefixes(34, 9);

  private final int country;
  private final long afterPrefix;
  private final byte[] verdicts = new byte[1000];

  private ValidPrefixes(int country, int digits) {
    this.country = country;
    this.afterPrefix = Powers.of(digits - 3);
    Arrays.fill(verdicts, 0, 100, INVALID); // neither country's numbers begin with a zero
  }

  private byte probe(int prefix) {
    var first = ask(prefix * afterPrefix);
    for (var probe : PROBES) {
      if (ask(prefix * afterPrefix + probe % afterPrefix) != first) {
        return MIXED;
      }
    }
    return first;
  }

  private byte ask(long national) {
    var number = new Phonenumber.PhoneNumber();
    number.setCountryCode(country).setNationalNumber(national);
    var type = PhoneNumberUtil.getInstance().getNumberType(number);
    if (type == PhoneNumberType.UNKNOWN) {
      return INVALID;
    }
    return type == PhoneNumberType.FIXED_LINE_OR_MOBILE ? GEOGRAPHIC : VALID;
  }

  /** Whether this national number, of as many digits as the country's numbers have, is valid. */
  boolean valid(long national) {
    return verdict(national) != INVALID;
  }

  /** Whether this national number belongs to a place, and to a line of any kind. */
  boolean geographic(long national) {
    return verdict(national) == GEOGRAPHIC;
  }

  private byte verdict(long national) {
    var prefix = (int) (national / afterPrefix);
    var verdict = verdicts[prefix];
    if (verdict == UNASKED) {
      verdict = probe(prefix);
      verdicts[prefix] = verdict; // threads that ask at the same time get the same answer
    }
    return verdict == MIXED ? ask(national) : verdict;
  }
}
