package io.centralita.phone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.centralita.phone.SpanishNumber.Fault;
import io.centralita.phone.SpanishNumber.Invalid;
import io.centralita.phone.SpanishNumber.Mobile;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpanishNumberTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "600123456",
        " 600 12 34 56 ",
        "600\u00A0123\u202F456",
        "600.123.456",
        "600-123-456",
        "600/123456",
        "(600) 123 456",
        "+34600123456",
        "+34 600 123 456",
        "(+34) 600-123-456",
        "0034600123456",
        "+0034 600123456",
        "34600123456",
        "'600123456",
        "=\"600123456\"",
        "600123456.0",
        "600123456.",
        " 600123456.00 ",
        "34600123456.0",
        "6.00123456E8",
        "6.00123456e+08",
        "6.001234560E8",
        "3.4600123456E10",
        "\u202A+34 600 12 34 56\u202C"
      })
  void parse_waysOfWritingANumber_isTheNumber(String raw) {
    assertEquals(new Mobile(600123456), SpanishNumber.parse(raw));
    assertEquals(600123456, SpanishNumber.mobile(raw));
  }

  @ParameterizedTest
  @CsvSource({
    "6.0012345E8, 600123450",
    "6.001234E8, 600123400",
    "600123.000, 600123000",
    "711000000, 711000000",
    "749999999, 749999999",
    "780000000, 780000000",
    "699999999, 699999999"
  })
  void parse_edgesOfRangesAndFloats_isTheNumberTheyMean(String raw, int national) {
    assertEquals(new Mobile(national), SpanishNumber.parse(raw));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|EMPTY|empty",
        "' \u00A0\t\uFEFF '|EMPTY|empty",
        "' - '|NO_DIGITS|no digits",
        "/|NO_DIGITS|no digits",
        "+|NO_DIGITS|no digits",
        "😀|NO_DIGITS|no digits",
        "++34600123456|STRANGE_CHARACTER|contains a character no number has",
        "(++34) 600123456|STRANGE_CHARACTER|contains a character no number has",
        "600123abc|LETTERS|contains letters",
        "teléfono|LETTERS|contains letters",
        "600123456E|LETTERS|contains letters",
        "6E8E8|LETTERS|contains letters",
        "600,123,456|STRANGE_CHARACTER|contains a character no number has",
        "600+123456|STRANGE_CHARACTER|contains a character no number has",
        "6.00E+08|ROUNDED|rounded by a spreadsheet: its last digits are lost",
        "6.00123E+08|ROUNDED|rounded by a spreadsheet: its last digits are lost",
        "60012345|TOO_SHORT|too short (8 digits)",
        "60012345.0|TOO_SHORT|too short (8 digits)",
        "6|TOO_SHORT|too short (1 digit)",
        "+34 600|TOO_SHORT|too short (3 digits)",
        "6001234567|TOO_LONG|too long (10 digits)",
        "600123456/600123457|TOO_LONG|too long (18 digits)",
        "+346001234567|TOO_LONG|too long (10 digits)",
        "+52 55 1234 5678|FOREIGN|foreign number (+52)",
        "0044 7400 123456|FOREIGN|foreign number (+44)",
        "+1 212 555 0100|FOREIGN|foreign number (+1)",
        "+351 912 345 678|FOREIGN|foreign number (+351)",
        "912345678|LANDLINE|landline",
        "+34 81 234 56 78|LANDLINE|landline",
        "900123456|SPECIAL|premium or special number",
        "803123456|SPECIAL|premium or special number",
        "512345678|SPECIAL|premium or special number",
        "701234567|PERSONAL|personal number",
        "751234567|UNASSIGNED|not an assigned mobile range",
        "000000000|UNASSIGNED|not an assigned mobile range",
        "123456789|UNASSIGNED|not an assigned mobile range"
      })
  void parse_notASpanishMobile_saysWhyWithoutTheNumber(String raw, Fault fault, String reason) {
    var parsed = SpanishNumber.parse(raw);

    assertEquals(new Invalid(fault, reason), parsed);
    assertEquals(-1, SpanishNumber.mobile(raw));
    var digits = raw.replaceAll("\\D", "");
    assertFalse(digits.length() > 4 && reason.contains(digits));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 18, 19, 40, 1_000_000})
  void parse_anyAmountOfDigits_isCounted(int length) {
    var read = SpanishNumber.parse("9".repeat(length));

    var fault = length < 9 ? Fault.TOO_SHORT : Fault.TOO_LONG;
    var count = length == 1 ? "1 digit" : length + " digits";
    var word = length < 9 ? "too short" : "too long";
    assertEquals(new Invalid(fault, word + " (" + count + ")"), read);
  }

  @Test
  void mobile_anyInput_allocatesNothing() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var inputs = List.of("+34 600 123 456", "600123456", "6.00123456E8", "none", "912345678", "");
    long sum = SpanishNumber.mobile("600123456");
    threads.getCurrentThreadAllocatedBytes();

    var before = threads.getCurrentThreadAllocatedBytes();
    for (var i = 0; i < 60_000; i++) {
      sum += SpanishNumber.mobile(inputs.get(i % 6));
    }
    var allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertTrue(allocated < 60_000, allocated + " bytes for 60,000 numbers, sum " + sum);
  }
}
