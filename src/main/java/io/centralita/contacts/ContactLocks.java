package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The lock between people's decisions and imports: many decisions go on at once, and none between
 * the moment in which an import looks at them and the one in which its contacts are there. Held to
 * the end of the transaction.
 */
final class ContactLocks {
  /** Of the advisory lock; no other lock of this database has it. */
  private static final long KEY = 0x434f_4e54_4143_5453L; // CONTACTS

  private ContactLocks() {}

  /** For who decides something about contacts, before anything else is read or written. */
  static void shared(Connection connection) throws SQLException {
    take(connection, "SELECT pg_advisory_xact_lock_shared(?)");
  }

  /** For who brings contacts, before it looks at what was decided. */
  static void exclusive(Connection connection) throws SQLException {
    take(connection, "SELECT pg_advisory_xact_lock(?)");
  }

  /** As {@link #exclusive} if nobody has it; false where that would have to wait. */
  static boolean tryExclusive(Connection connection) throws SQLException {
    return Db.query(
            connection,
            "SELECT pg_try_advisory_xact_lock(?)",
            statement -> statement.setLong(1, KEY),
            row -> row.getBoolean(1))
        .getFirst();
  }

  private static void take(Connection connection, String sql) throws SQLException {
    Db.query(connection, sql, statement -> statement.setLong(1, KEY), _ -> true);
  }
}
