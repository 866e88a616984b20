package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The lock by which imports and numbering plans keep out of each other's way; held to the end of
 * the transaction. Windows of imports are stored side by side under it. Alone are who brings a plan
 * into force, and who changes what contacts are by it.
 *
 * <p>So when a plan comes into force, every window that was stored by an earlier one is there for
 * all to see, and is brought into line with the rest; every window stored later was read by the new
 * plan, or is read again. And nobody changes a contact's kind between the moment in which an import
 * looks at the contact and the one in which it stores it.
 *
 * <p>Who waits alone is let in before others who come later. So where a window is stored by several
 * transactions, one of them takes the lock before the others begin, and ends after them; the others
 * do without.
 */
final class NumberingLock {
  /** Of the advisory lock; no other lock of this database has it. */
  private static final long KEY = 0x4e55_4d42_4552_494eL; // NUMBERIN

  private static final String IN_FORCE = "SELECT id FROM numbering_plans WHERE in_force";

  /** Another plan has come into force: what was made by the one before is to be made again. */
  static final class PlanChangedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PlanChangedException() {
      super("another numbering plan has come into force");
    }
  }

  private NumberingLock() {}

  /**
   * For who stores what was classified by this plan, before anything else.
   *
   * @param plan its id; 0 where there was none
   * @throws PlanChangedException where another is in force by now
   */
  static void stored(Connection connection, int plan) throws SQLException {
    take(connection, "SELECT pg_advisory_xact_lock_shared(?)");
    require(connection, plan);
  }

  /** As {@link #stored}, for who changes what contacts are already. */
  static void changed(Connection connection, int plan) throws SQLException {
    alone(connection);
    require(connection, plan);
  }

  /** For who brings a plan into force. */
  static void alone(Connection connection) throws SQLException {
    take(connection, "SELECT pg_advisory_xact_lock(?)");
  }

  /** The id of the plan in force; 0 where there is none. */
  static int inForce(Connection connection) throws SQLException {
    var found = Db.query(connection, IN_FORCE, _ -> {}, row -> row.getInt(1));
    return found.isEmpty() ? 0 : found.getFirst();
  }

  private static void require(Connection connection, int plan) throws SQLException {
    if (inForce(connection) != plan) {
      throw new PlanChangedException();
    }
  }

  private static void take(Connection connection, String sql) throws SQLException {
    Db.query(connection, sql, statement -> statement.setLong(1, KEY), _ -> true);
  }
}
