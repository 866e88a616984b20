package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * How far a window of an undo is, and what it has done so far. Written in the transactions that do
 * it, so that a window that is repeated goes on and counts nothing twice.
 *
 * @param position everything up to this key is done
 */
record UndoLedger(long position, long removed, long kept, long restored, boolean finished) {
  private static final String OPEN =
      """
      INSERT INTO import_undo_windows AS w (import_id, window_no) VALUES (?, ?)
      ON CONFLICT (import_id, window_no) DO UPDATE SET position = w.position
      RETURNING position, removed, kept, restored, finished
      """;

  private static final String WRITE =
      """
      UPDATE import_undo_windows
      SET position = ?, removed = ?, kept = ?, restored = ?, finished = ?
      WHERE import_id = ? AND window_no = ?
      """;

  /** A window's, locked to the end of the transaction. */
  static UndoLedger open(Connection connection, int importId, int window) throws SQLException {
    return Db.query(
            connection,
            OPEN,
            st -> {
              st.setInt(1, importId);
              st.setInt(2, window);
            },
            row ->
                new UndoLedger(
                    row.getLong(1),
                    row.getLong(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getBoolean(5)))
        .getFirst();
  }

  /** The same, further on. */
  UndoLedger upTo(long key, long moreRemoved, long moreKept, long moreRestored) {
    return new UndoLedger(
        key, removed + moreRemoved, kept + moreKept, restored + moreRestored, false);
  }

  UndoLedger done() {
    return new UndoLedger(position, removed, kept, restored, true);
  }

  UndoLedger write(Connection connection, int importId, int window) throws SQLException {
    Db.update(
        connection,
        WRITE,
        st -> {
          st.setLong(1, position);
          st.setLong(2, removed);
          st.setLong(3, kept);
          st.setLong(4, restored);
          st.setBoolean(5, finished);
          st.setInt(6, importId);
          st.setInt(7, window);
        });
    return this;
  }
}
