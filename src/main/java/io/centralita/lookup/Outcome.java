package io.centralita.lookup;

/** What became of a number. */
public enum Outcome {
  /** An operator has it. */
  FOUND(1),
  /** The source answered that there is none. */
  UNKNOWN(2),
  /** No answer was to be had; another try may get one. */
  FAILED(3),
  /** It is no Spanish mobile number, and was never looked up. */
  INVALID(4);

  private final short code;

  Outcome(int code) {
    this.code = (short) code;
  }

  /** As file_windows.outcomes has it. */
  short code() {
    return code;
  }

  static Outcome of(short code) {
    for (var outcome : values()) {
      if (outcome.code == code) {
        return outcome;
      }
    }
    throw new IllegalArgumentException("no outcome has the code " + code);
  }
}
