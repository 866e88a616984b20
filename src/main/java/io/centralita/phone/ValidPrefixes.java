package io.centralita.phone;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber;

/**
 * Which numbers of one country libphonenumber calls valid, by their first three digits.
 *
 * <p>Three digits decide in both countries: every pattern of libphonenumber's metadata for Mexico
 * is three digits and {@code \d{7}}, and Spain's longer ones only tell kinds apart. The table is
 * asked of the library when the class is loaded, so that it follows an upgrade. Should three digits
 * no longer be enough for some prefix, its probes differ, and numbers under it are put to the
 * library one by one: slower, never wrong.
 */
final class ValidPrefixes {
  // Few, because the library is slow in a young virtual machine: 8,000 questions take it 80 ms.
  private static final long[] PROBES = {9_999_999, 1_234_567};

  private static final byte INVALID = 0;
  private static final byte VALID = 1;

  /** Of a place, and of a fixed line or a mobile alike. */
  private static final byte GEOGRAPHIC = 2;

  private static final byte MIXED = 3;

  static final ValidPrefixes MEXICO = new ValidPrefixes(52, 10);
  static final ValidPrefixes SPAIN = new ValidPrefixes(34, 9);

  private final int country;
  private final long afterPrefix;
  private final byte[] verdicts = new byte[1000];

  private ValidPrefixes(int country, int digits) {
    this.country = country;
    this.afterPrefix = Powers.of(digits - 3);
    // Neither country has a number that begins with a zero.
    for (var prefix = 100; prefix < verdicts.length; prefix++) {
      verdicts[prefix] = probe(prefix);
    }
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
    var verdict = verdicts[(int) (national / afterPrefix)];
    return verdict == MIXED ? ask(national) : verdict;
  }
}
