package io.centralita.cli;

/** A command cannot go on; the message is one or two sentences for whoever typed it. */
class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailure(String message) {
    super(message);
  }

  CommandFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /** The message, which is never absent. */
  String sentence() {
    return String.valueOf(getMessage());
  }
}
