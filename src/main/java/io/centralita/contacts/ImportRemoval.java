package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;

/**
 * Takes the contacts that an import brought out of a part of the table, in the order of their
 * draws, so many in a transaction.
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
        WHERE c.draw > ? AND c.draw <= ? AND c.import_id = ?
          AND NOT EXISTS (
            SELECT 1 FROM contact_changes h WHERE h.phone = c.phone AND {fields} AND {standing})
        RETURNING phone, draw, {sources}),
      forgotten AS (
        DELETE FROM contact_changes h USING gone WHERE h.phone = gone.phone),
      released AS (
        UPDATE extraction_contacts e SET held = false
        FROM gone WHERE e.held AND e.contact_draw = gone.draw AND e.contact_phone = gone.phone)
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
        WHERE c.draw > ? AND c.draw <= ? AND c.import_id = ?
        RETURNING phone, import_id)
      INSERT INTO contact_changes (phone, by, reason, before, after, undoes)
      SELECT phone, ?, ?, jsonb_build_object('import_id', ?::int),
             jsonb_build_object('import_id', nullif(import_id, 0)), ?
      FROM kept
      """
          .replace("{fields}", Standing.OF_FIELDS.strip())
          .replace("{standing}", Standing.NOT_UNDONE);

  /** What comes next in a part: up to which draw, how many, and how many of the import. */
  private record Next(int draw, int contacts, int owned) {}

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
    requireKey(connection, plan);
    Standing.byKey(connection);
    var found = next(connection, plan, part, ledger.position(), size);
    if (found.isEmpty()) {
      return ledger.done().write(connection, plan.importId(), window);
    }
    var next = found.getFirst();
    var further = ledger.upTo(next.draw(), 0, 0, 0);
    if (next.owned() > 0) {
      ContactLocks.exclusive(connection);
      var removed = remove(connection, plan, part, ledger.position(), next.draw());
      var kept =
          removed < next.owned() ? keep(connection, plan, part, ledger.position(), next.draw()) : 0;
      further = ledger.upTo(next.draw(), removed, kept, 0);
    }
    return (next.contacts() < size ? further.done() : further)
        .write(connection, plan.importId(), window);
  }

  /** Without a key each chunk would read a whole part: it waits for who fills the store. */
  static void requireKey(Connection connection, ImportUndos.Plan plan) throws SQLException {
    if (ContactIndexes.isFilledBy(connection, plan.importId())) {
      throw new SQLException("the key of contacts is not built yet", "55000");
    }
  }

  private static List<Next> next(
      Connection connection, ImportUndos.Plan plan, int part, long after, int size)
      throws SQLException {
    return Db.query(
        connection,
        """
        SELECT next.upto, count(*), count(*) FILTER (WHERE c.import_id = ?)
        FROM (SELECT max(draw) AS upto
              FROM (SELECT draw FROM {part} WHERE draw > ? ORDER BY draw LIMIT ?) AS ahead) AS next
          JOIN {part} c ON c.draw > ? AND c.draw <= next.upto
        GROUP BY next.upto
        """
            .replace("{part}", Parts.table(part)),
        st -> {
          st.setInt(1, plan.importId());
          st.setLong(2, after);
          st.setInt(3, size);
          st.setLong(4, after);
        },
        row -> new Next(row.getInt(1), row.getInt(2), row.getInt(3)));
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
