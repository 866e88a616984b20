package io.centralita.phone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.centralita.phone.PhoneNumber.Invalid;
import io.centralita.phone.PhoneNumber.Valid;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneNumbersTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5512345678",
        " 55 1234 5678 ",
        "(55)1234-5678",
        "(55) 1234 5678",
        "55-1234-5678",
        "55.1234.5678",
        "55/1234/5678",
        "55\t1234\t5678",
        "55\u00A01234\u202F5678",
        "\u00A05512345678\u200B",
        "\uFEFF55\u200B1234\u20605678",
        "+525512345678",
        "+52 55 1234 5678",
        "(+52) 55-1234-5678",
        "0052 55 1234 5678",
        "52 55 1234 5678",
        "52-1-55-1234-5678",
        "+52 1 55 1234 5678",
        "+5215512345678",
        "0052 1 55 1234 5678",
        "1 55 1234 5678",
        "044 55 1234 5678",
        "0455512345678",
        "01 55 1234 5678",
        "(01 55) 1234 5678",
        "'5512345678",
        "=\"5512345678\"",
        "5512345678.",
        "5512345678.0",
        "5512345678.000",
        "525512345678.0",
        "\"5512345678.0\"",
        "5.512345678E9",
        "5.512345678E+09",
        "5.512345678e09",
        " 5.5123456780E9 ",
        "5.25512345678E11",
        "\uFF15\uFF15\uFF11\uFF12\uFF13\uFF14\uFF15\uFF16\uFF17\uFF18",
        "\uFF0B52 55 1234 5678",
        "5512345678\n",
        "5512345678\u0000",
        "\u00005512345678"
      })
  void read_waysOfWritingANumber_isTheNumber(String raw) {
    assertEquals(525512345678L, PhoneNumbers.read(raw));
    assertEquals(new Valid(525512345678L), PhoneNumber.parse(raw));
  }

  @ParameterizedTest
  @CsvSource({
    "600123456E1, -1",
    "+34 600 123 456, 34600123456",
    "0034 912 345 678, 34912345678",
    "0034900123456, 34900123456",
    "+1 (212) 555-2368, 12125552368",
    "001 212 555 2368, 12125552368",
    "+39 06 6982 1234, 390669821234",
    "5.5123456E9, 525512345600",
    "8001234567, 528001234567",
    "52 8991234567, 528991234567",
    "5255123456, -1",
    "+55 11 2345 6789, 551123456789"
  })
  void read_otherNumbers_areTheNumbersTheyMean(String raw, long number) {
    assertEquals(number, Math.max(-1, PhoneNumbers.read(raw)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|EMPTY|empty",
        "' \u00A0\t\uFEFF '|EMPTY|empty",
        "???|NO_DIGITS|no digits",
        "+|NO_DIGITS|no digits",
        "😀|NO_DIGITS|no digits",
        "SIN NUMERO|LETTERS|contains letters",
        "N/A|LETTERS|contains letters",
        "55ABCD12|LETTERS|contains letters",
        "X551234|LETTERS|contains letters",
        "Tel 5512345678|LETTERS|contains letters",
        "5512345678 casa|LETTERS|contains letters",
        "5512345678E|LETTERS|contains letters",
        "5E9E9|LETTERS|contains letters",
        "5512345678 ext 12|EXTENSION|has an extension",
        "5512345678 EXT. 12|EXTENSION|has an extension",
        "5512345678x12|EXTENSION|has an extension",
        "5512345678 int. 3|EXTENSION|has an extension",
        "5512345678 #12|EXTENSION|has an extension",
        "55,1234,5678|STRANGE_CHARACTER|contains a character no number has",
        "55+12345678|STRANGE_CHARACTER|contains a character no number has",
        "++525512345678|STRANGE_CHARACTER|contains a character no number has",
        "5.51E+09|ROUNDED|rounded by a spreadsheet: its last digits are lost",
        "5.51235E+09|ROUNDED|rounded by a spreadsheet: its last digits are lost",
        "5.25512E+11|ROUNDED|rounded by a spreadsheet: its last digits are lost",
        "5|TOO_SHORT|too short (1 digit)",
        "12345678|TOO_SHORT|too short (8 digits)",
        "551234567.0|TOO_SHORT|too short (9 digits)",
        "+52 55 1234|TOO_SHORT|too short (6 digits)",
        "+34 600|TOO_SHORT|too short (3 digits)",
        "+1|TOO_SHORT|too short (1 digit)",
        "25512345678|TOO_LONG|too long (11 digits)",
        "5512345678 / 5587654321|TOO_LONG|too long (20 digits)",
        "34600123456|TOO_LONG|too long (11 digits)",
        "1234567890|UNKNOWN_LADA|Mexico has no such area code (LADA)",
        "2131234567|UNKNOWN_LADA|Mexico has no such area code (LADA)",
        "0000000000|UNKNOWN_LADA|Mexico has no such area code (LADA)",
        "00-0000-0000|UNKNOWN_LADA|Mexico has no such area code (LADA)",
        "0512345678|UNKNOWN_LADA|Mexico has no such area code (LADA)",
        "044 1551234567|UNKNOWN_LADA|Mexico has no such area code (LADA)",
        "+34 751234567|NOT_IN_PLAN|not a number of its country (+34)",
        "+44 1|TOO_SHORT|too short (3 digits)",
        "+44 11111|NOT_IN_PLAN|not a number of its country (+44)",
        "+044 55 1234 5678|UNKNOWN_COUNTRY|no country has this code",
        "00999 12345678|UNKNOWN_COUNTRY|no country has this code"
      })
  void parse_notANumber_saysWhyWithoutTheNumber(String raw, PhoneFault fault, String reason) {
    assertEquals(new Invalid(fault, reason), PhoneNumber.parse(raw));
    var digits = raw.replaceAll("\\D", "");
    assertFalse(digits.length() > 4 && reason.contains(digits));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 17, 18, 19, 40, 1_000_000})
  void parse_anyAmountOfDigits_isCounted(int length) {
    var parsed = PhoneNumber.parse("9".repeat(length));

    var fault = length < 10 ? PhoneFault.TOO_SHORT : PhoneFault.TOO_LONG;
    var count = length == 1 ? "1 digit" : length + " digits";
    var word = length < 10 ? "too short" : "too long";
    assertEquals(new Invalid(fault, word + " (" + count + ")"), parsed);
  }

  @Test
  void read_bytesOfLatin1_areReadAsLatin1() {
    var blank = "55\u00A012345678".getBytes(StandardCharsets.ISO_8859_1);
    var letter = "5512345678 oficina é".getBytes(StandardCharsets.ISO_8859_1);

    assertEquals(525512345678L, PhoneNumbers.read(blank, 0, blank.length));
    assertEquals(
        PhoneFault.LETTERS, PhoneNumbers.fault(PhoneNumbers.read(letter, 0, letter.length)));
  }

  @Test
  void read_anyBytesAtAll_isANumberOrAFaultWithWords() {
    var random = new SplittableRandom(1);
    for (var i = 0; i < 200_000; i++) {
      var bytes = new byte[random.nextInt(16)];
      random.nextBytes(bytes);
      for (var b = 0; b < bytes.length; b++) {
        bytes[b] = random.nextInt(4) == 0 ? bytes[b] : (byte) ('0' + (bytes[b] & 7));
      }

      var read = PhoneNumbers.read(bytes, 0, bytes.length);

      assertTrue(read > 0 || !PhoneNumbers.reason(read).isEmpty());
    }
  }

  @Test
  void read_partOfAnArray_seesNothingBeyond() {
    var bytes = "\u20AC95512345678\u20AC".getBytes(StandardCharsets.UTF_8);

    assertEquals(525512345678L, PhoneNumbers.read(bytes, 4, 10));
  }

  @ParameterizedTest
  @CsvSource({
    "525512345678, 5512345678, 55",
    "523312345678, 3312345678, 33",
    "524771234567, 4771234567, 477",
    "528001234567, 8001234567, 0",
    "522001234567, 2001234567, 0",
    "525001234567, 5001234567, 0",
    "34600123456, 600123456, 0",
    "12125552368, 2125552368, 0",
    "390669821234, 0669821234, 0"
  })
  void national_numbersOfAnyCountry_isWithoutTheCountryCode(long e164, String national, int lada) {
    assertEquals(national, PhoneNumbers.national(e164));
    assertEquals("+" + e164, PhoneNumbers.e164(e164));
    assertEquals(lada, PhoneNumbers.lada(e164));
  }

  @Test
  void read_mexicanAndSpanishBytes_allocatesNothing() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var inputs =
        Stream.of("+52 1 55 1234 5678", "5512345678", "5.512345678E9", "none", "+34912345678", "é")
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    var sum = 0L;
    for (var input : inputs) { // the first number of a prefix asks libphonenumber
      sum += PhoneNumbers.read(input, 0, input.length);
    }
    threads.getCurrentThreadAllocatedBytes();

    var before = threads.getCurrentThreadAllocatedBytes();
    for (var i = 0; i < 60_000; i++) {
      sum += PhoneNumbers.read(inputs[i % 6], 0, inputs[i % 6].length);
    }
    var allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertTrue(allocated < 60_000, allocated + " bytes for 60,000 numbers, sum " + sum);
  }
}
