package io.centralita.contacts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;

/**
 * Gives the contacts that an import changed back what they were, in the order of the changes, so
 * many in a transaction. What each becomes follows from its history alone, so a chunk may be
 * repeated, and imports may be undone in any order.
 */
final class ImportRestoring {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String NEXT =
      "SELECT id, phone FROM contact_changes WHERE import_id = ? AND id > ? ORDER BY id LIMIT ?";

  private static final String CONTACTS =
      """
      SELECT {row}, {sort}
      FROM %s
      WHERE draw = ANY (?)
      """
          .replace("{row}", ContactRow.STORED)
          .replace("{sort}", Sort.OF_CONTACTS);

  private static final String CHANGES =
      """
      SELECT h.phone, h.import_id, {standing}, h.before
      FROM contact_changes h
      WHERE h.phone = ANY (?) AND {fields}
      ORDER BY h.phone, h.id
      """
          .replace("{fields}", Standing.OF_FIELDS.strip())
          .replace("{standing}", Standing.NOT_UNDONE);

  private static final String STAGING =
      """
      CREATE TEMP TABLE IF NOT EXISTS undo_staging ON COMMIT DELETE ROWS AS
      SELECT %s FROM contacts LIMIT 0
      """
          .formatted(ContactRow.COLUMNS);

  private static final String COPY =
      "COPY undo_staging (" + ContactRow.COLUMNS + ") FROM STDIN BINARY";

  private static final String COPY_CHANGES =
      "COPY contact_changes (phone, by, reason, before, after, undoes) FROM STDIN BINARY";

  private record Changed(long id, long phone) {}

  private record Stored(ContactRow row, Sort sort) {}

  private final Connection connection;
  private final ImportUndos.Plan plan;
  private final CopyBuffer staged = new CopyBuffer(64 << 10);
  private final CopyBuffer history = new CopyBuffer(64 << 10);
  private final WordBytes words = new WordBytes();
  private final Map<Sort, Long> deltas = new HashMap<>();
  private int restored;

  private ImportRestoring(Connection connection, ImportUndos.Plan plan) {
    this.connection = connection;
    this.plan = plan;
  }

  /** Does the next changes, in the caller's transaction; how far that is, then. */
  static UndoLedger chunk(Connection connection, ImportUndos.Plan plan, int window, int size)
      throws SQLException {
    ImportLock.take(connection);
    var ledger = UndoLedger.open(connection, plan.importId(), window);
    if (ledger.finished()) {
      return ledger;
    }
    List<Changed> next =
        Db.query(
            connection,
            NEXT,
            st -> {
              st.setInt(1, plan.importId());
              st.setLong(2, ledger.position());
              st.setInt(3, size);
            },
            row -> new Changed(row.getLong(1), row.getLong(2)));
    if (next.isEmpty()) {
      return ledger.done().write(connection, plan.importId(), window);
    }
    ImportRemoval.requireKey(connection, plan);
    ContactLocks.exclusive(connection);
    Standing.byKey(connection);
    var restoring = new ImportRestoring(connection, plan);
    restoring.restore(next.stream().mapToLong(Changed::phone).distinct().sorted().toArray());
    return ledger
        .upTo(next.getLast().id(), 0, 0, restoring.restored)
        .write(connection, plan.importId(), window);
  }

  private void restore(long[] phones) throws SQLException {
    var changes = changes(phones);
    var parts = new HashMap<Integer, List<Long>>();
    for (var phone : phones) {
      parts.computeIfAbsent(Parts.of(Draw.of(phone)), _ -> new ArrayList<>()).add(phone);
    }
    var touched = new ArrayList<Integer>();
    for (var part : parts.entrySet()) {
      var before = staged.size();
      for (var stored : contacts(part.getKey(), part.getValue())) {
        var made = changes.get(stored.row().phone());
        if (made != null) { // else it is another phone with the same draw
          restore(stored, made);
        }
      }
      if (staged.size() > before) {
        touched.add(part.getKey());
      }
    }
    if (!touched.isEmpty()) {
      Db.update(connection, STAGING, _ -> {});
      copy(COPY, staged);
      for (var part : touched) {
        Db.update(
            connection,
            """
      UPDATE %s c
      SET changed_by = s.changed_by, municipality = s.municipality, city = s.city, state = s.state,
          original = s.original, name = s.name, address = s.address, neighborhood = s.neighborhood,
          words = s.words
      FROM undo_staging s
      WHERE c.phone = s.phone AND c.draw = s.draw
      """
                .formatted(Parts.table(part)),
            _ -> {});
      }
      copy(COPY_CHANGES, history);
      ContactCounts.apply(connection, deltas);
    }
  }

  private void restore(Stored stored, List<Restoration.Change> changes) {
    var before = stored.row();
    var after = Restoration.of(before, changes);
    var difference = Difference.of(before, after);
    var differs = !difference.isNone();
    if (!differs && after.changedBy() == before.changedBy()) {
      return;
    }
    after.encode(staged, words);
    if (!differs) {
      return;
    }
    restored++;
    var is = stored.sort().movedAs(after);
    if (!is.equals(stored.sort())) {
      deltas.merge(stored.sort(), -1L, Long::sum);
      deltas.merge(is, 1L, Long::sum);
    }
    history.row(6);
    history.int64(before.phone());
    history.text(Utf8.bytes(plan.by()));
    history.text(Utf8.bytes(plan.reason()));
    history.json(Utf8.bytes(difference.before()));
    history.json(Utf8.bytes(difference.after()));
    history.int32(plan.importId());
  }

  private List<Stored> contacts(int part, List<Long> phones) throws SQLException {
    return Db.query(
        connection,
        CONTACTS.formatted(Parts.table(part)),
        st ->
            st.setArray(
                1,
                connection.createArrayOf("int4", phones.stream().map(Draw::of).sorted().toArray())),
        row -> new Stored(ContactRow.read(row), Sort.read(row, 14)));
  }

  private Map<Long, List<Restoration.Change>> changes(long[] phones) throws SQLException {
    var changes = new HashMap<Long, List<Restoration.Change>>();
    Db.query(
        connection,
        CHANGES,
        st -> st.setArray(1, connection.unwrap(PGConnection.class).createArrayOf("int8", phones)),
        row ->
            changes
                .computeIfAbsent(row.getLong(1), _ -> new ArrayList<>())
                .add(
                    new Restoration.Change(
                        row.getInt(2), row.getBoolean(3), json(row.getString(4)))));
    return changes;
  }

  private static JsonNode json(String text) throws SQLException {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new SQLException("a change cannot be read", e);
    }
  }

  private void copy(String sql, CopyBuffer rows) throws SQLException {
    if (rows.size() > 0) {
      var copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
      var header = CopyBuffer.header();
      var trailer = CopyBuffer.trailer();
      copy.writeToCopy(header, 0, header.length);
      copy.writeToCopy(rows.bytes(), 0, rows.size());
      copy.writeToCopy(trailer, 0, trailer.length);
      copy.endCopy();
    }
  }
}
