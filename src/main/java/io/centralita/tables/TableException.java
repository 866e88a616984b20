package io.centralita.tables;

/**
 * A file that cannot be read or written as a table. The message is for the person who sent the
 * file: where it went wrong, what is wrong and the way out, without a cell's content.
 */
public final class TableException extends RuntimeException {
  private final String message;

  public TableException(String message) {
    super(message);
    this.message = message;
  }

  /** Never null, unlike that of other exceptions. */
  @Override
  public String getMessage() {
    return message;
  }
}
