package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Stores windows of imports. One window is one transaction: its contacts, its rejects, the counters
 * and the ledger's row are there together or not at all.
 *
 * <p>Of rows with the same number in one file the first that has something to say stands. Where the
 * store knows a number already, what the file knows replaces what is stored, and what it does not
 * know stays; the history keeps what was there. An opt-out stands whatever a file says.
 */
final class WindowStore {
  private static final int CHUNK = 256 << 10;

  private static final String COPY = "COPY %s (" + ContactRow.COLUMNS + ") FROM STDIN BINARY";

  private static final String COPY_REJECTS =
      "COPY import_rejects (import_id, row_no, reason, fields) FROM STDIN BINARY";

  private static final String COPY_CHANGES =
      "COPY contact_changes (phone, by, import_id, reason, before, after) FROM STDIN BINARY";

  private static final String STAGING =
      """
      CREATE TEMP TABLE IF NOT EXISTS import_staging ON COMMIT DELETE ROWS AS
      SELECT %s FROM contacts LIMIT 0
      """
          .formatted(ContactRow.COLUMNS);

  // A window's numbers are looked for one by one in a key; whatever else the planner would think of
  // reads whole parts of the table, for it knows nothing about a table that was just filled.
  private static final List<String> BY_KEY =
      List.of(
          "SET LOCAL enable_hashjoin = off",
          "SET LOCAL enable_mergejoin = off",
          "SET LOCAL enable_seqscan = off",
          "SET LOCAL enable_bitmapscan = off");

  private static final String OPTED_OUT = "SELECT phone, at FROM opt_outs WHERE phone = ANY (?)";

  private static final String OPT_OUT =
      "UPDATE contacts SET opt_out_at = ? WHERE phone = ? AND draw = ?";

  private static final String LEDGER =
      """
      INSERT INTO import_windows (import_id, window_no, imported, updated, duplicates, rejected)
      VALUES (?, ?, ?, ?, ?, ?)
      """;

  /** What became of a window's rows. */
  record Stored(int imported, int updated, int duplicates, int rejected) {
    Map<String, Long> counts() {
      return Map.of(
          ImportOutcome.IMPORTED.name(), (long) imported,
          ImportOutcome.UPDATED.name(), (long) updated,
          ImportOutcome.DUPLICATE.name(), (long) duplicates,
          ImportOutcome.REJECTED.name(), (long) rejected);
    }
  }

  private record Known(ContactRow row, boolean optedOut) {}

  private final Connection connection;
  private final int importId;
  private final ContactBatch batch;
  private final Map<Sort, Long> deltas = new HashMap<>();
  private final CopyBuffer changes = new CopyBuffer(16 << 10);
  private int updated;
  private int known;

  private WindowStore(Connection connection, int importId, ContactBatch batch) {
    this.connection = connection;
    this.importId = importId;
    this.batch = batch;
  }

  /** Stores one window, within the caller's transaction. */
  static Stored store(Connection connection, int importId, int window, ContactBatch batch)
      throws SQLException {
    return new WindowStore(connection, importId, batch).store(window);
  }

  private Stored store(int window) throws SQLException {
    ImportLock.take(connection);
    var parts = batch.byPart();
    var fresh = new ArrayList<long[]>();
    var merged = new ArrayList<ContactRow>();
    for (var part = 0; part < parts.length; part++) {
      fresh.add(withoutKnown(part, parts[part], merged));
    }
    copyNew(fresh);
    update(merged);
    copy(COPY_REJECTS, batch.rejects());
    copy(COPY_CHANGES, changes);
    var imported = fresh.stream().mapToInt(phones -> phones.length).sum();
    ContactLocks.exclusive(connection);
    applyOptOuts(fresh);
    ContactCounts.apply(connection, deltas);
    var stored =
        new Stored(imported, updated, known - updated + batch.repeated(), batch.rejected());
    Db.update(
        connection,
        LEDGER,
        st -> {
          st.setInt(1, importId);
          st.setInt(2, window);
          st.setInt(3, stored.imported());
          st.setInt(4, stored.updated());
          st.setInt(5, stored.duplicates());
          st.setInt(6, stored.rejected());
        });
    return stored;
  }

  /** The phones that the store does not know; for those it does, what they become is added. */
  private long[] withoutKnown(int part, long[] phones, List<ContactRow> merged)
      throws SQLException {
    if (phones.length == 0) {
      return phones;
    }
    var there = new HashMap<Long, Known>();
    for (var one : known(part, phones)) {
      there.put(one.row().phone(), one);
    }
    if (there.isEmpty()) {
      return phones;
    }
    known += there.size();
    for (var stored : there.values()) {
      if (stored.row().changedBy() != importId) {
        merge(stored, merged);
      }
    }
    return Arrays.stream(phones).filter(phone -> !there.containsKey(phone)).toArray();
  }

  private List<Known> known(int part, long[] phones) throws SQLException {
    return Db.query(
        connection,
        """
      SELECT c.phone, c.import_id, c.changed_by, c.municipality, c.city, c.state, c.lada, c.carrier,
             c.kind, c.original, c.name, c.address, c.neighborhood, c.opt_out_at IS NOT NULL
      FROM %s c
      WHERE c.phone = ANY (?)
      """
            .formatted(Parts.table(part)),
        st -> st.setArray(1, array(phones)),
        WindowStore::read);
  }

  private static Known read(ResultSet row) throws SQLException {
    return new Known(
        new ContactRow(
            row.getLong(1),
            row.getInt(2),
            row.getInt(3),
            row.getInt(4),
            row.getInt(5),
            row.getInt(6),
            false,
            row.getInt(7),
            row.getInt(8),
            row.getInt(9),
            bytes(row, 10),
            bytes(row, 11),
            bytes(row, 12),
            bytes(row, 13)),
        row.getBoolean(14));
  }

  private static byte[] bytes(ResultSet row, int column) throws SQLException {
    var value = row.getBytes(column);
    return value == null ? Utf8.NONE : value;
  }

  private void merge(Known stored, List<ContactRow> merged) {
    var before = stored.row();
    var after = before.mergedWith(batch.row(batch.at(before.phone())));
    if (after == before) {
      return;
    }
    merged.add(after);
    updated++;
    var was = before.sort(stored.optedOut());
    var is = after.sort(stored.optedOut());
    if (!was.equals(is)) {
      deltas.merge(was, -1L, Long::sum);
      deltas.merge(is, 1L, Long::sum);
    }
    changes.row(6);
    changes.int64(before.phone());
    changes.text(Utf8.bytes("import " + importId));
    changes.int32(importId);
    changes.text(Utf8.bytes("the file says otherwise"));
    var differences = Difference.of(before, after);
    changes.json(Utf8.bytes(differences.before()));
    changes.json(Utf8.bytes(differences.after()));
  }

  private void copyNew(List<long[]> fresh) throws SQLException {
    var copy = copyIn(COPY.formatted("contacts"));
    var out = new Chunks(copy);
    for (var phones : fresh) {
      for (var phone : phones) {
        var number = batch.at(phone);
        out.write(batch.bytes(), batch.start(number), batch.end(number));
        deltas.merge(batch.sort(number), 1L, Long::sum);
      }
    }
    out.end();
  }

  private void update(List<ContactRow> merged) throws SQLException {
    if (merged.isEmpty()) {
      return;
    }
    var words = new WordBytes();
    execute(STAGING);
    for (var setting : BY_KEY) {
      execute(setting);
    }
    var staged = new CopyBuffer(merged.size() * 300);
    for (var row : merged) {
      row.encode(staged, words);
    }
    copy(COPY.formatted("import_staging"), staged);
    var changed = 0;
    for (var part = 0; part < Parts.COUNT; part++) {
      changed +=
          Db.update(
              connection,
              """
      UPDATE %s c
      SET changed_by = s.changed_by, municipality = s.municipality, city = s.city, state = s.state,
          carrier = s.carrier, kind = s.kind, original = s.original, name = s.name,
          address = s.address, neighborhood = s.neighborhood, words = s.words
      FROM import_staging s
      WHERE c.phone = s.phone AND c.draw = s.draw
      """
                  .formatted(Parts.table(part)),
              _ -> {});
    }
    if (changed != merged.size()) {
      throw new SQLException("a contact was changed by somebody else meanwhile", "40001");
    }
  }

  /** Whoever opted out before the contact came, or while this window was being stored. */
  private void applyOptOuts(List<long[]> fresh) throws SQLException {
    if (Db.query(connection, "SELECT 1 FROM opt_outs LIMIT 1", _ -> {}, _ -> true).isEmpty()) {
      return;
    }
    var phones = fresh.stream().flatMapToLong(Arrays::stream).toArray();
    var optOuts =
        Db.query(
            connection,
            OPTED_OUT,
            st -> st.setArray(1, array(phones)),
            row -> Map.entry(row.getLong(1), row.getTimestamp(2)));
    if (optOuts.isEmpty()) {
      return;
    }
    try (var statement = connection.prepareStatement(OPT_OUT)) {
      for (var optOut : optOuts) {
        statement.setTimestamp(1, optOut.getValue());
        statement.setLong(2, optOut.getKey());
        statement.setInt(3, Draw.of(optOut.getKey()));
        statement.addBatch();
        var sort = batch.sort(batch.at(optOut.getKey()));
        deltas.merge(sort, -1L, Long::sum);
        deltas.merge(sort.withOptedOut(true), 1L, Long::sum);
      }
      statement.executeBatch();
    }
  }

  private Array array(long[] phones) throws SQLException {
    return connection.unwrap(PGConnection.class).createArrayOf("int8", phones);
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private CopyIn copyIn(String sql) throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
  }

  private void copy(String sql, CopyBuffer rows) throws SQLException {
    if (rows.size() > 0) {
      var out = new Chunks(copyIn(sql));
      out.write(rows.bytes(), 0, rows.size());
      out.end();
    }
  }

  /** Gathers rows, so that each does not cost a message. */
  private static final class Chunks {
    private final CopyIn copy;
    private final byte[] chunk = new byte[CHUNK];
    private int size;

    Chunks(CopyIn copy) throws SQLException {
      this.copy = copy;
      var header = CopyBuffer.header();
      write(header, 0, header.length);
    }

    void write(byte[] bytes, int from, int to) throws SQLException {
      if (to - from > chunk.length - size) {
        flush();
      }
      if (to - from > chunk.length) {
        copy.writeToCopy(bytes, from, to - from);
      } else {
        System.arraycopy(bytes, from, chunk, size, to - from);
        size += to - from;
      }
    }

    private void flush() throws SQLException {
      copy.writeToCopy(chunk, 0, size);
      size = 0;
    }

    void end() throws SQLException {
      var trailer = CopyBuffer.trailer();
      write(trailer, 0, trailer.length);
      flush();
      copy.endCopy();
    }
  }
}
