package io.centralita.phone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the rules to libphonenumber, in both directions, and names where they part on purpose. */
class SpanishNumberAgainstLibphonenumberTest {
  private static final PhoneNumberUtil LIBRARY = PhoneNumberUtil.getInstance();
  private static final int TASKS = 64;
  private static final int INPUTS_OF_A_TASK = 15_700;

  private static final List<String> PREFIXES =
      List.of(
          "",
          "",
          "",
          "",
          "+34",
          "0034",
          "34",
          "+",
          "++34",
          "+0034",
          "00",
          "000",
          "0",
          "+52",
          "+351",
          "(+34) ",
          "+34 ",
          "-",
          " ",
          "'",
          "034",
          "3434",
          "+3434",
          "003434",
          "0052",
          "44",
          "+ 34",
          "+ +34",
          "=\"",
          "(34)",
          "?+34",
          "+?34",
          "#",
          "\uFF0B34");
  private static final List<String> SEPARATORS =
      List.of(
          "", "", "", "", "", "", "", "", " ", " ", ".", "-", "/", "(", ")", "\u00A0", "[", "]",
          "*", "\u2011", "\u2013", "\u200B", "\u2060", "\u3000", "\u00AD", "\u2053", "+", ":", "_",
          "'", "\u00BD", "|");
  private static final List<String> ENDS =
      List.of("", "", "", "", "", " ", ".", "-", ")", "\"", ",", "+", "#", "?", "\u00B2");

  @Test
  void mobile_aMillionGeneratedInputs_agreesWithLibphonenumber() {
    var mobiles = new AtomicInteger();

    var disagreements =
        IntStream.range(0, TASKS)
            .parallel()
            .boxed()
            .flatMap(
                task -> {
                  var random = new SplittableRandom(task);
                  return IntStream.range(0, INPUTS_OF_A_TASK)
                      .mapToObj(_ -> input(random))
                      .filter(input -> disagrees(input, mobiles))
                      .filter(input -> !partsOnPurpose(input));
                })
            .limit(20)
            .toList();

    assertEquals(List.of(), disagreements);
    assertTrue(
        mobiles.get() > TASKS * INPUTS_OF_A_TASK / 6, "too few mobiles generated: " + mobiles);
  }

  @Test
  void mobile_everyBlockOfAThousandNumbers_agreesWithLibphonenumber() {
    var disagreements =
        IntStream.range(0, 1_000_000)
            .parallel()
            .filter(block -> block % 7 == 0 || (block >= 590_000 && block < 600_000))
            .mapToObj(block -> String.format("%06d%03d", block, block * 31 % 1000))
            .filter(input -> disagrees(input, new AtomicInteger()))
            .filter(input -> !partsOnPurpose(input))
            .toList();

    assertEquals(List.of(), disagreements);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Two blocks in the midst of the landlines of Cuenca and Lleida.
        "969060912",
        "969061012",
        "973901234",
        // Words and extensions around the number.
        "Tel. 600123456",
        "600123456 ext. 7",
        "600123456x7",
        "600123456;ext=7",
        "600123456#7",
        "600123456 7#",
        "600123456,7",
        "600123456;7",
        "600123456~7",
        // More than one plus.
        "++34600123456",
        // The whole number of a float.
        "60012345.0"
      })
  void parse_onlyLibphonenumberSeesAMobile_isInvalid(String raw) {
    assertNotEquals(-1, library(raw));
    assertEquals(-1, SpanishNumber.mobile(raw));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "600123456.0",
        "6.00123456E8",
        // Blanks and invisible marks libphonenumber does not know.
        "600\t123456",
        "600\u202F123456",
        "\u202A+34\u202C600123456"
      })
  void parse_onlyLibphonenumberSeesNoMobile_isTheNumber(String raw) {
    assertEquals(-1, library(raw));
    assertEquals(600123456, SpanishNumber.mobile(raw));
  }

  private static boolean disagrees(String input, AtomicInteger mobiles) {
    var expected = library(input);
    if (expected >= 0) {
      mobiles.incrementAndGet();
    }
    return expected != SpanishNumber.mobile(input);
  }

  private static int library(String raw) {
    try {
      var number = LIBRARY.parse(raw, "ES");
      return number.getCountryCode() == 34
              && LIBRARY.getNumberType(number) == PhoneNumberType.MOBILE
          ? (int) number.getNationalNumber()
          : -1;
    } catch (NumberParseException _) {
      return -1; // not a number at all
    }
  }

  /** The differences that the other two tests pin down one by one. */
  private static boolean partsOnPurpose(String input) {
    return input.endsWith("#")
        || input.matches("\\D*[+\uFF0B]{2}.*")
        || input.matches("(?U)[ \u00A0]*(\\d+\\.[0\uFF10]{1,2}|\\d{9,}\\.[0\uFF10]+)[ \u00A0]*")
        || input.replaceAll("\\D", "").matches("(00)?(34)?(96906(09|10)|97390).*");
  }

  private static String input(SplittableRandom random) {
    var text = new StringBuilder(pick(PREFIXES, random));
    var length =
        switch (random.nextInt(12)) {
          case 0 -> 8;
          case 1 -> 10;
          case 2 -> random.nextInt(1, 16);
          default -> 9;
        };
    var plain = random.nextBoolean();
    for (var i = 0; i < length; i++) {
      if (!plain && random.nextInt(3) == 0) {
        text.append(pick(SEPARATORS, random));
      }
      text.append(digit(i, random));
    }
    return text.append(pick(ENDS, random)).toString();
  }

  private static char digit(int place, SplittableRandom random) {
    var digit =
        switch (place) {
          case 0 -> random.nextInt(4) == 0 ? random.nextInt(10) : 6 + random.nextInt(2);
          case 1 -> random.nextInt(9);
          default -> random.nextInt(10);
        };
    var zero = random.nextInt(200) == 0 ? '\uFF10' : '0';
    return (char) (zero + digit);
  }

  private static String pick(List<String> list, SplittableRandom random) {
    return list.get(random.nextInt(list.size()));
  }
}
