package io.centralita.contacts;

import io.centralita.db.Db;
import io.centralita.jobs.RunKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * How the contacts are divided for a plan's reclassification: each part of the table by draw into
 * slices of the same width, which are one window each.
 *
 * @param count slices of a part
 * @param contacts about how many there were when it was settled
 */
record Slices(int count, long contacts) {
  private static final String FIND =
      "SELECT slices, contacts FROM numbering_plans WHERE id = ? AND slices > 0";

  // An import that is filling the store has a good part of its rows still to bring.
  private static final String CONTACTS =
      """
      SELECT greatest(
        (SELECT coalesce(sum(n), 0) FROM contact_counts),
        (SELECT coalesce(max(i.rows), 0)
         FROM imports i JOIN contact_filling f ON f.import_id = i.id))::bigint
      """;

  private static final String BEGIN =
      "UPDATE numbering_plans SET slices = ?, contacts = ? WHERE id = ? AND slices = 0";

  /** Windows of the run. */
  int windows() {
    return Parts.COUNT * count;
  }

  int part(int window) {
    return window / count;
  }

  /** The first draw that a window may have. */
  long from(int window) {
    return (long) part(window) * Parts.width() + bound(window % count);
  }

  /** The first draw after a window's. */
  long to(int window) {
    return (long) part(window) * Parts.width() + bound(window % count + 1);
  }

  private long bound(int slice) {
    return (long) Parts.width() * slice / count;
  }

  /**
   * Those of a plan's run, settled when they are first asked for.
   *
   * @param size about how many contacts a slice holds
   */
  static CompletionStage<Slices> of(Db db, int id, int size) {
    return db.transaction(
        "divide the contacts",
        connection -> {
          var found = find(connection, id);
          if (!found.isEmpty()) {
            return found.getFirst();
          }
          var contacts = Db.query(connection, CONTACTS, _ -> {}, row -> row.getLong(1)).getFirst();
          var count = (int) Math.max(1, Math.ceilDiv(contacts, (long) size * Parts.COUNT));
          Db.update(
              connection,
              BEGIN,
              statement -> {
                statement.setInt(1, count);
                statement.setLong(2, contacts);
                statement.setInt(3, id);
              });
          return find(connection, id).stream() // of another node, where that was quicker
              .findFirst()
              .orElseThrow(() -> new RunKind.RunFailedException("the plan is no longer known"));
        });
  }

  private static List<Slices> find(Connection connection, int id) throws SQLException {
    return Db.query(
        connection,
        FIND,
        statement -> statement.setInt(1, id),
        row -> new Slices(row.getInt(1), row.getLong(2)));
  }
}
