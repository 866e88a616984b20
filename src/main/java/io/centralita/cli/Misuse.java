package io.centralita.cli;

/** A command line that cannot be meant; the process ends with the status of such, 2. */
final class Misuse extends CommandFailure {
  private static final long serialVersionUID = 1L;

  Misuse(String message) {
    super(message);
  }

  Misuse(String message, Throwable cause) {
    super(message, cause);
  }
}
