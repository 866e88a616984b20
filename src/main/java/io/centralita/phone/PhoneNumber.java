package io.centralita.phone;

/** What a text says when it is read as a telephone number, of Mexico unless it says otherwise. */
public sealed interface PhoneNumber {

  /** A number that exists in its country's plan, by the digits of its E.164 form. */
  record Valid(long number) implements PhoneNumber {

    /** The number as E.164 writes it, with the leading plus. */
    public String e164() {
      return PhoneNumbers.e164(number);
    }

    /** The digits without the country code. */
    public String national() {
      return PhoneNumbers.national(number);
    }

    /** The Mexican area code, or 0 for a number that has none. */
    public int lada() {
      return PhoneNumbers.lada(number);
    }
  }

  /** Not a number. {@code reason} is for people to read and never holds the number. */
  record Invalid(PhoneFault fault, String reason) implements PhoneNumber {}

  /** Reads a number in any of the ways that {@link PhoneNumbers} knows. */
  static PhoneNumber parse(String raw) {
    var read = PhoneNumbers.read(raw);
    return read >= 0
        ? new Valid(read)
        : new Invalid(PhoneNumbers.fault(read), PhoneNumbers.reason(read));
  }
}
