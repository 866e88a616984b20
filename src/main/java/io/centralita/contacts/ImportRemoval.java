package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;

/**
 * Takes the contacts that an import brought out of a part of the table, in the order of their
 * numbers, so many in a transaction.
 *
 * <p>A contact that another import changed, or somebody by hand, stays, and is from then on that
 * import's. Of the others nothing is left, also no history: that would be a person's data which
 * nobody has any right to keep. That somebody opted out is known to opt_outs.
 */
final class ImportRemoval {
  private static final String REMOVE =
      """
      WITH gone AS (
        DELETE FROM %s c
        WHERE c.phone > ? AND c.phone <= ? AND c.import_id = ?
          AND NOT EXISTS (
            SELECT 1 FROM contact_changes h WHERE h.phone = c.phone AND {fields} AND {standing})
        RETURNING phone, {sources}),
      forgotten AS (
        DELETE FROM contact_changes h USING gone WHERE h.phone = gone.phone)
      SELECT count(*), {sort} FROM gone GROUP BY {sort}
      """
          .replace("{fields}", Standing.OF_FIELDS.strip())
          .replace("{standing}", Standing.NOT_UNDONE)
          .replace("{sources}", Sort.SOURCES)
          .replace("{sort}", Sort.COLUMNS);

  private static final String KEEP =
      """
      WITH kept AS (
        UPDATE %s c
        SET import_id = coalesce(
          (SELECT h.import_id FROM contact_changes h
           WHERE h.phone = c.phone AND {fields} AND {standing}
           ORDER BY h.import_id IS NULL, h.id
           LIMIT 1), 0)
        WHERE c.phone > ? AND c.phone <= ? AND c.import_id = ?
        RETURNING phone, import_id)
      INSERT INTO contact_changes (phone, by, reason, before, after, undoes)
      SELECT phone, ?, ?, jsonb_build_object('import_id', ?::int),
             jsonb_build_object('import_id', nullif(import_id, 0)), ?
      FROM kept
      """
          .replace("{fields}", Standing.OF_FIELDS.strip())
          .replace("{standing}", Standing.NOT_UNDONE);

  /** What comes next in a part: up to which phone, how many, and how many of the import. */
  private record Next(long phone, int contacts, int owned) {}

  private ImportRemoval() {}

  /** Does the next contacts of a part, in the caller's transaction; how far that is, then. */
  static UndoLedger chunk(
      Connection connection, ImportUndos.Plan plan, int window, int part, int size)
      throws SQLException {
    ImportLock.take(connection);
    var ledger = UndoLedger.open(connection, plan.importId(), window);
    if (ledger.finished()) {
      return ledger;
    }
    var next = next(connection, plan, part, ledger.position(), size);
    var further = ledger.upTo(next.phone(), 0, 0, 0);
    if (next.owned() > 0) {
      ContactLocks.exclusive(connection);
      Standing.byKey(connection);
      var removed = remove(connection, plan, part, ledger.position(), next.phone());
      var kept =
          removed < next.owned()
              ? keep(connection, plan, part, ledger.position(), next.phone())
              : 0;
      further = ledger.upTo(next.phone(), removed, kept, 0);
    }
    return (next.contacts() < size ? further.done() : further)
        .write(connection, plan.importId(), window);
  }

  private static Next next(
      Connection connection, ImportUndos.Plan plan, int part, long after, int size)
      throws SQLException {
    return Db.query(
            connection,
            """
      SELECT max(phone), count(*), count(*) FILTER (WHERE import_id = ?)
      FROM (SELECT phone, import_id FROM %s WHERE phone > ? ORDER BY phone LIMIT ?) AS next
      """
                .formatted(Parts.table(part)),
            st -> {
              st.setInt(1, plan.importId());
              st.setLong(2, after);
              st.setInt(3, size);
            },
            row -> new Next(row.getLong(1), row.getInt(2), row.getInt(3)))
        .getFirst();
  }

  private record Gone(long contacts, Sort sort) {}

  private static long remove(
      Connection connection, ImportUndos.Plan plan, int part, long after, long upTo)
      throws SQLException {
    List<Gone> gone =
        Db.query(
            connection,
            REMOVE.formatted(Parts.table(part)),
            st -> {
              st.setLong(1, after);
              st.setLong(2, upTo);
              st.setInt(3, plan.importId());
            },
            row -> new Gone(row.getLong(1), Sort.read(row, 2)));
    var deltas = new HashMap<Sort, Long>();
    gone.forEach(some -> deltas.put(some.sort(), -some.contacts()));
    ContactCounts.apply(connection, deltas);
    return gone.stream().mapToLong(Gone::contacts).sum();
  }

  private static long keep(
      Connection connection, ImportUndos.Plan plan, int part, long after, long upTo)
      throws SQLException {
    return Db.update(
        connection,
        KEEP.formatted(Parts.table(part)),
        st -> {
          st.setLong(1, after);
          st.setLong(2, upTo);
          st.setInt(3, plan.importId());
          st.setString(4, plan.by());
          st.setString(5, plan.reason());
          st.setInt(6, plan.importId());
          st.setInt(7, plan.importId());
        });
  }
}
