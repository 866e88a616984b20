package io.centralita.contacts;

import io.centralita.http.ProblemException;
import io.centralita.phone.PhoneNumber;

/** Numbers as requests write them. */
final class ContactNumbers {
  private ContactNumbers() {}

  /**
   * The number in a path: {@code +525512345678}, or ten digits.
   *
   * @throws ProblemException (400) where it is none
   */
  static long inPath(String text) {
    return switch (PhoneNumber.parse(text)) {
      case PhoneNumber.Valid valid -> valid.number();
      case PhoneNumber.Invalid invalid ->
          throw ProblemException.badRequest("e164", "not a number: " + invalid.reason());
    };
  }
}
