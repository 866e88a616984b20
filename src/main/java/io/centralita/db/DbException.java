package io.centralita.db;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A statement that failed. Names the statement, never its parameters: they hold people's data. */
public final class DbException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String NOT_IN_REPERTOIRE = "22021";
  private static final String DISK_FULL = "53100";

  /**
   * Whether the database could not be reached or broke off, so that waiting and trying may help.
   */
  private final boolean unavailable;

  private final @Nullable String state;

  DbException(String statement, SQLException cause) {
    super(cause.getSQLState() + " in: " + statement, withoutData(cause));
    this.state = cause.getSQLState();
    this.unavailable = isUnavailable(cause.getSQLState());
  }

  public boolean unavailable() {
    return unavailable;
  }

  /** Whether a value was text that no database holds: with a zero character. */
  public boolean ofZeroCharacter() {
    return NOT_IN_REPERTOIRE.equals(state);
  }

  /** What is wrong, for people. */
  public String plain() {
    return DISK_FULL.equals(state)
        ? "the database's disk is full: make room, and it goes on"
        : unavailable ? "the database does not answer" : "the database refused a statement";
  }

  // 08 connection, 53 out of resources, 57P0x shutting down or starting up. A time-out of
  // Hikari has no state of its own.
  private static boolean isUnavailable(@Nullable String state) {
    return state == null
        || state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57P0");
  }

  // The connections leave out a message's details, such as the row that is there already; what is
  // left to hide is a value that cannot be cast, which PostgreSQL quotes.
  private static SQLException withoutData(SQLException cause) {
    var message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    var safe =
        new SQLException(
            message.replaceAll("\"[^\"]*\\d{6,}[^\"]*\"", "\"…\""), cause.getSQLState());
    safe.setStackTrace(cause.getStackTrace());
    var deeper = cause.getCause();
    if (deeper != null) {
      safe.initCause(deeper instanceof SQLException sql ? withoutData(sql) : deeper);
    }
    return safe;
  }
}
