package io.centralita.lookup;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Numbers that came together for one file, sorted into those to look up and those that are none.
 */
final class Delivery {

  /** As much of a text that is no number is kept as shows what it is. */
  private static final int TEXT_KEPT = 64;

  private final NumberSet numbers = new NumberSet();
  private final Map<String, String> invalid = new LinkedHashMap<>();
  private final int most;
  private long received;
  private long duplicates;

  /**
   * @param most numbers that one file may bring at once
   */
  Delivery(int most) {
    this.most = most;
  }

  /** Takes a number as it came. */
  void add(String text) {
    received++;
    var number = io.centralita.phone.SpanishNumber.mobile(text);
    if (number > 0) {
      if (!numbers.add(number)) {
        duplicates++;
      }
    } else {
      addInvalid(text);
    }
    if (numbers.size() + invalid.size() > most) {
      throw new TooMany(most);
    }
  }

  private void addInvalid(String text) {
    var stripped = text.strip();
    var kept =
        stripped.length() <= TEXT_KEPT ? stripped : stripped.substring(0, TEXT_KEPT - 1) + "…";
    var printable = kept.replaceAll("\\p{Cntrl}", "\uFFFD");
    switch (io.centralita.phone.SpanishNumber.parse(text)) {
      case io.centralita.phone.SpanishNumber.Invalid fault -> {
        if (invalid.putIfAbsent(printable, fault.reason()) != null) {
          duplicates++;
        }
      }
      case io.centralita.phone.SpanishNumber.Mobile mobile -> {
        if (!numbers.add(mobile.national())) {
          duplicates++;
        }
      }
    }
  }

  NumberSet numbers() {
    return numbers;
  }

  /** Reasons by text. */
  Map<String, String> invalid() {
    return invalid;
  }

  long received() {
    return received;
  }

  long duplicates() {
    return duplicates;
  }

  /** More numbers than a file may bring. */
  static final class TooMany extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooMany(int most) {
      super("more than " + most + " numbers: divide the file");
    }
  }
}
