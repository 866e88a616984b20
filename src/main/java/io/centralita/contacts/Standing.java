package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;

/** Which changes of contacts stand: those that no undone import made. */
final class Standing {

  /** Of a row {@code h} of contact_changes: says something about what an import may change. */
  static final String OF_FIELDS =
      """
      (h.undoes IS NULL AND (h.import_id IS NOT NULL OR h.after ??| ARRAY['municipality', 'city',
        'state', 'original', 'name', 'address', 'neighborhood']))
      """;

  /** Of such a row: nobody has undone the import that made it. */
  static final String NOT_UNDONE =
      "(NOT EXISTS (SELECT 1 FROM import_undos u WHERE u.id = h.import_id))";

  // The planner guesses that a chunk has many changes, and would read all that there are.
  private static final String BY_KEY =
      """
      SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
             set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)
      """;

  private Standing() {}

  /** Tells PostgreSQL, to the end of the transaction, to look each contact's changes up. */
  static void byKey(Connection connection) throws SQLException {
    Db.query(connection, BY_KEY, _ -> {}, _ -> true);
  }
}
