package io.centralita.contacts;

import io.centralita.phone.PhoneNumber;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of numbers that want no more, as it was sent.
 *
 * @param phones those that are numbers
 * @param lines how many there were, empty ones and a header left out
 * @param refused how many are no numbers
 * @param refusals the first of them
 */
record OptOutList(List<Long> phones, int lines, int refused, List<Refusal> refusals) {
  private static final int MOST_TOLD = 100;

  /**
   * A line that is no number.
   *
   * @param line counted from 1
   * @param reason never holds what the line says
   */
  record Refusal(int line, String reason) {}

  static OptOutList of(List<String> numbers) {
    return read(numbers, false);
  }

  /** One number a line; of a table the first column, whose header may be there. */
  static OptOutList ofText(String text) {
    var withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
    return read(withoutMark.lines().map(OptOutList::firstCell).toList(), true);
  }

  private static String firstCell(String line) {
    var end = 0;
    while (end < line.length() && ",;\t".indexOf(line.charAt(end)) < 0) {
      end++;
    }
    return line.substring(0, end).replace("\"", "").strip();
  }

  private static OptOutList read(List<String> numbers, boolean isText) {
    var phones = new ArrayList<Long>();
    var refusals = new ArrayList<Refusal>();
    var lines = 0;
    var refused = 0;
    for (var i = 0; i < numbers.size(); i++) {
      var text = numbers.get(i);
      if (isText && (text.isEmpty() || (i == 0 && text.chars().noneMatch(Character::isDigit)))) {
        continue;
      }
      lines++;
      switch (PhoneNumber.parse(text)) {
        case PhoneNumber.Valid valid -> phones.add(valid.number());
        case PhoneNumber.Invalid invalid -> {
          refused++;
          if (refusals.size() < MOST_TOLD) {
            refusals.add(new Refusal(i + 1, invalid.reason()));
          }
        }
      }
    }
    return new OptOutList(List.copyOf(phones), lines, refused, List.copyOf(refusals));
  }
}
