package io.centralita.phone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds the reading of numbers to libphonenumber, in both directions. Where they part on purpose,
 * the test says what is expected instead: nothing is left out.
 */
class PhoneNumbersAgainstLibphonenumberTest {
  private static final PhoneNumberUtil LIBRARY = PhoneNumberUtil.getInstance();
  private static final int TASKS = 64;

  /** How many; 10,000,000 take some minutes: -Dcentralita.test.numbers=10000000 */
  private static final int NUMBERS = Integer.getInteger("centralita.test.numbers", 300_000);

  /** What is no number of any country, however long or short. */
  private static final long NO_NUMBER = -2;

  /** The dialling of before 2019, which libphonenumber no longer knows. */
  private static final Pattern FORMER =
      Pattern.compile("(?:\\+?(?:00|09)?521|1|044|045|01)(\\d{10})");

  private static final Pattern PLUS = Pattern.compile("(?U)\\D*[+\uFF0B]");
  private static final Pattern TWO_PLUSES = Pattern.compile("(?U)\\D*[+\uFF0B]\\D*[+\uFF0B]");

  private static final Pattern FLOAT =
      Pattern.compile(
          "(?U)([^\\d.]*(?:\\d+(?=\\.[0\uFF10]{1,2}\\D*$)|\\d{10,}))\\.[0\uFF10]+[^\\d.]*");

  @Test
  void read_generatedInputs_agreesWithLibphonenumber() {
    var valid = new AtomicInteger();
    var former = new AtomicInteger();

    var disagreements =
        IntStream.range(0, TASKS)
            .parallel()
            .boxed()
            .flatMap(
                task -> {
                  var inputs = new PhoneInputs(new SplittableRandom(task));
                  return IntStream.range(0, NUMBERS / TASKS)
                      .mapToObj(_ -> inputs.next())
                      .filter(input -> disagrees(input, valid, former));
                })
            .limit(20)
            .toList();

    assertEquals(List.of(), disagreements);
    assertTrue(valid.get() > NUMBERS / 4, "too few valid numbers: " + valid);
    assertTrue(former.get() > NUMBERS / 20, "too few of the former dialling: " + former);
  }

  @ParameterizedTest
  @CsvSource({"+52, 10", "+34, 9"})
  void read_everyPrefixOfFiveDigits_agreesWithLibphonenumber(String country, int digits) {
    var disagreements =
        IntStream.range(0, 100_000)
            .parallel()
            .mapToObj(
                prefix ->
                    (country + "%05d" + "%0" + (digits - 5) + "d")
                        .formatted(prefix, prefix * 7919L % Powers.of(digits - 5)))
            .filter(input -> !FORMER.matcher(input).matches())
            .filter(input -> Math.max(-1, library(input)) != Math.max(-1, PhoneNumbers.read(input)))
            .toList();

    assertEquals(List.of(), disagreements);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Words and extensions around the number.
        "Tel. 5512345678",
        "5512345678 ext 12",
        "5512345678 x12",
        "5512345678#12",
        "5512345678,7",
        "5512345678;7",
        "5512345678~7",
        // More than one plus.
        "++525512345678",
        // The whole number of a float.
        "551234567.0"
      })
  void read_onlyLibphonenumberSeesANumber_isRefused(String raw) {
    assertTrue(library(raw) > 0);
    assertTrue(PhoneNumbers.read(raw) < 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+5215512345678",
        "5215512345678",
        "0052 1 55 1234 5678",
        "15512345678",
        "0445512345678",
        "0455512345678",
        "015512345678",
        "5512345678.0",
        "5.512345678E9",
        // Blanks and invisible marks libphonenumber does not know.
        "55\t12345678",
        "55\u202F12345678",
        "\u202A+52\u202C5512345678"
      })
  void read_onlyLibphonenumberSeesNoNumber_isTheNumber(String raw) {
    assertTrue(library(raw) < 0);
    assertEquals(525512345678L, PhoneNumbers.read(raw));
  }

  private static boolean disagrees(String input, AtomicInteger valid, AtomicInteger former) {
    var expected = expected(input, former);
    if (expected > 0) {
      valid.incrementAndGet();
    }
    var utf8 = ("##" + input + "#").getBytes(StandardCharsets.UTF_8);
    var read = PhoneNumbers.read(utf8, 2, utf8.length - 3);
    return expected != Math.max(-1, read) || PhoneNumbers.read(input) != read;
  }

  private static long expected(String input, AtomicInteger former) {
    var library = library(input);
    if (TWO_PLUSES.matcher(input).lookingAt() || library == NO_NUMBER) {
      return -1;
    }
    var decimal = FLOAT.matcher(input);
    var whole = decimal.matches() ? decimal.group(1) : input;
    var digits = new StringBuilder(PLUS.matcher(whole).lookingAt() ? "+" : "");
    whole
        .codePoints()
        .filter(Character::isDigit)
        .forEach(c -> digits.append(Character.digit(c, 10)));
    var dialled = FORMER.matcher(digits);
    if (dialled.matches()) {
      former.incrementAndGet();
      return Math.max(-1, library("+52" + dialled.group(1)));
    }
    return Math.max(-1, decimal.matches() ? library(whole) : library);
  }

  /** The number that libphonenumber sees, -1 for one that is not valid, or {@link #NO_NUMBER}. */
  private static long library(String raw) {
    try {
      var number = LIBRARY.parse(raw, "MX");
      return LIBRARY.isValidNumber(number)
          ? Long.parseLong(LIBRARY.format(number, PhoneNumberFormat.E164).substring(1))
          : -1;
    } catch (NumberParseException e) {
      return e.getErrorType() == NumberParseException.ErrorType.NOT_A_NUMBER ? NO_NUMBER : -1;
    }
  }
}
