package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Lets one window of all imports of the cluster be stored at a time: two that bring the same number
 * would else both find it new. Held to the end of the transaction.
 */
final class ImportLock {
  /** Of the advisory lock; no other lock of this database has it. */
  private static final long KEY = 0x494d_504f_5254_5321L; // IMPORTS!

  private ImportLock() {}

  /** Takes it if it is free; never waits. */
  static boolean tryTake(Connection connection) throws SQLException {
    return Db.query(
            connection,
            "SELECT pg_try_advisory_xact_lock(?)",
            statement -> statement.setLong(1, KEY),
            row -> row.getBoolean(1))
        .getFirst();
  }

  static void take(Connection connection) throws SQLException {
    Db.query(
        connection,
        "SELECT pg_advisory_xact_lock(?)",
        statement -> statement.setLong(1, KEY),
        _ -> true);
  }
}
