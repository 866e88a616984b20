package io.centralita.phone;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/** Texts that may be telephone numbers, of every kind of writing, right and wrong. */
final class PhoneInputs {
  private static final List<String> PREFIXES =
      List.of(
          "",
          "",
          "",
          "",
          "",
          "",
          "+52",
          "+52",
          "52",
          "0052",
          "+521",
          "521",
          "00521",
          "044",
          "045",
          "01",
          "1",
          "+52 1 ",
          "044 ",
          "01-",
          "(+52) ",
          "(52)",
          "(01)",
          "+ 52",
          "+",
          "00",
          "000",
          "0",
          "09",
          "0952",
          "09521",
          "+0052",
          "+00521",
          "+044",
          "043",
          "+999",
          "+210",
          "+1",
          "001",
          "+44",
          "0044",
          "+7",
          "011",
          "3",
          "53",
          "522",
          "-",
          " ",
          "'",
          "=\"",
          "?+52",
          "+?52",
          "*",
          "\uFF0B52",
          "\uFF0B521");
  private static final List<String> SEPARATORS =
      List.of(
          "", "", "", "", "", "", "", "", " ", " ", ".", "-", "/", "(", ")", "\u00A0", "[", "]",
          "*", "\u2011", "\u2013", "\u200B", "\u2060", "\u3000", "\u00AD", "\u2053", "+", ":", "_",
          "'", "\u00BD", "|");
  private static final List<String> ENDS =
      List.of(
          "", "", "", "", "", "", " ", ".", "-", ")", "\"", "+", "?", "\u00B2", ".0", ".00", ".000",
          "\u0000", "\uFFFD");
  private static final List<String> SERVICES = List.of("800", "888", "900", "300", "500", "200");
  private static final List<String> ABROAD = abroad();

  private final SplittableRandom random;

  PhoneInputs(SplittableRandom random) {
    this.random = random;
  }

  private static List<String> abroad() {
    var library = PhoneNumberUtil.getInstance();
    return library.getSupportedRegions().stream()
        .sorted()
        .flatMap(
            region ->
                Arrays.stream(PhoneNumberType.values())
                    .map(type -> library.getExampleNumberForType(region, type)))
        .filter(Objects::nonNull)
        .map(number -> library.format(number, PhoneNumberFormat.E164).substring(1))
        .toList();
  }

  String next() {
    return switch (random.nextInt(10)) {
      case 0 -> (random.nextInt(3) == 0 ? "00" : "+") + written(abroadDigits());
      case 1 -> pick(List.of("+34", "0034", "34", "+34 ", "0934")) + written(spanishDigits());
      case 2, 3, 4, 5 -> usual(mexicanDigits());
      default -> pick(PREFIXES) + written(wrongLength(mexicanDigits())) + pick(ENDS);
    };
  }

  /** As contact files have them. */
  private String usual(String ten) {
    var lada = ten.matches("(55|56|33|81).*") ? 2 : 3;
    var a = ten.substring(0, lada);
    var b = ten.substring(lada, 6);
    var c = ten.substring(6);
    return switch (random.nextInt(16)) {
      case 0 -> "%s %s %s".formatted(a, b, c);
      case 1 -> "(%s)%s-%s".formatted(a, b, c);
      case 2 -> "(%s) %s %s".formatted(a, b, c);
      case 3 -> "+52 1 %s %s %s".formatted(a, b, c);
      case 4 -> "+52 %s %s %s".formatted(a, b, c);
      case 5 -> "044 %s %s %s".formatted(a, b, c);
      case 6 -> "045" + ten;
      case 7 -> "01 %s %s %s".formatted(a, b, c);
      case 8 -> "%s-%s-%s".formatted(a, b, c);
      case 9 -> "%s.%s.%s".formatted(a, b, c);
      case 10 -> "52" + ten;
      case 11 -> "521" + ten;
      case 12 -> "+521" + ten;
      case 13 -> "0052" + ten;
      case 14 -> "\u00A0" + ten + "\u200B";
      default -> ten;
    };
  }

  private String mexicanDigits() {
    var ladas = Ladas.all();
    var start =
        switch (random.nextInt(10)) {
          case 0 -> pick(SERVICES);
          case 1, 2, 3 -> Integer.toString(random.nextInt(1000));
          default -> Integer.toString(ladas.get(random.nextInt(ladas.size())).code());
        };
    return filled(start, 10);
  }

  private String wrongLength(String ten) {
    return switch (random.nextInt(12)) {
      case 0 -> ten.substring(1);
      case 1 -> ten + random.nextInt(10);
      case 2 -> filled("", random.nextInt(1, 20));
      default -> ten;
    };
  }

  private String spanishDigits() {
    return filled(Integer.toString(random.nextInt(4, 10)), random.nextInt(8) == 0 ? 10 : 9);
  }

  private String abroadDigits() {
    var example = pick(ABROAD);
    var kept = example.substring(0, example.length() - random.nextInt(5));
    return random.nextInt(10) == 0 ? kept : filled(kept, example.length());
  }

  private String filled(String start, int length) {
    var digits = new StringBuilder(start);
    while (digits.length() < length) {
      digits.append(random.nextInt(10));
    }
    return digits.toString();
  }

  private String written(String digits) {
    if (random.nextBoolean()) {
      return digits;
    }
    var text = new StringBuilder();
    for (var i = 0; i < digits.length(); i++) {
      if (random.nextInt(3) == 0) {
        text.append(pick(SEPARATORS));
      }
      var wide = random.nextInt(200) == 0 ? '\uFF10' - '0' : 0;
      text.append((char) (digits.charAt(i) + wide));
    }
    return text.toString();
  }

  private String pick(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }
}
