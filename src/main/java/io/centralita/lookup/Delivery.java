package io.centralita.lookup;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.centralita.http.ProblemException;
import io.centralita.phone.SpanishNumber;

/**
 * Numbers that came together for one file, sorted into those to look up and those that are none.
 */
@JsonDeserialize(using = DeliveryReader.class)
final class Delivery {

  /** As much of a text that is no number is kept as shows what it is. */
  private static final int TEXT_KEPT = 64;

  /**
   * Bytes of the texts that are no numbers; a file with more was not meant to be one of numbers.
   */
  private static final int MOST_INVALID_BYTES = 32 << 20;

  private final NumberSet numbers = new NumberSet();
  private final TextSet invalid = new TextSet();
  private final int most;
  private long received;
  private long duplicates;

  /**
   * @param most distinct entries that may come at once
   */
  Delivery(int most) {
    this.most = most;
  }

  /** Takes a number as it came. */
  void add(String text) {
    received++;
    var number = SpanishNumber.mobile(text);
    var isNew = number > 0 ? numbers.add(number) : addInvalid(text);
    if (!isNew) {
      duplicates++;
    }
    if (numbers.size() + invalid.size() > most) {
      throw new TooMany("more than " + most + " numbers: divide the file");
    }
  }

  private boolean addInvalid(String text) {
    var reason =
        switch (SpanishNumber.parse(text)) {
          case SpanishNumber.Invalid fault -> fault.reason();
          case SpanishNumber.Mobile _ -> throw new IllegalStateException("two readings differ");
        };
    var added = invalid.add(shown(text.strip()), reason);
    if (invalid.bytes() > MOST_INVALID_BYTES) {
      throw new TooMany(
          invalid.size() + " entries are no Spanish mobile numbers: is it the wrong column?");
    }
    return added;
  }

  private static String shown(String text) {
    if (text.length() <= TEXT_KEPT) {
      return text.replaceAll("\\p{Cntrl}", "\uFFFD");
    }
    var half = Character.isHighSurrogate(text.charAt(TEXT_KEPT - 2)) ? 1 : 0; // of one character
    return shown(text.substring(0, TEXT_KEPT - 1 - half) + "…");
  }

  /**
   * This delivery, if a request may bring it.
   *
   * @param field how the request calls the numbers
   * @param atMost distinct entries
   * @throws ProblemException (400) where there are none, or too many
   */
  Delivery checked(String field, int atMost) {
    if (received == 0) {
      throw ProblemException.badRequest(field, "empty: send at least one number");
    }
    if (numbers.size() + invalid.size() > atMost) {
      throw ProblemException.badRequest(field, "more than " + atMost + ": divide the file");
    }
    return this;
  }

  /** The numbers to look up. */
  NumberSet numbers() {
    return numbers;
  }

  /** The texts that are none, with the reason of each. */
  TextSet invalid() {
    return invalid;
  }

  /** Everything that came. */
  long received() {
    return received;
  }

  /** Of those, how many had come before. */
  long duplicates() {
    return duplicates;
  }

  /** More than a file may bring. */
  static final class TooMany extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooMany(String message) {
      super(message);
    }
  }
}
