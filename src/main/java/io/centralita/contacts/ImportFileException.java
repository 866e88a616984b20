package io.centralita.contacts;

/** A file that cannot be imported; the message says why, and what to do, to whoever sent it. */
final class ImportFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Whether the same file may be readable in a moment. */
  private final boolean passing;

  ImportFileException(String message, boolean passing) {
    super(message);
    this.passing = passing;
  }

  ImportFileException(String message) {
    this(message, false);
  }

  static ImportFileException passing(String message) {
    return new ImportFileException(message, true);
  }

  /** Whether it is worth another try. */
  boolean passing() {
    return passing;
  }
}
