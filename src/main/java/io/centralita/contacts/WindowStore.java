package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
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

  /** What the store knew of a number, and what it knows now. */
  private record Merge(ContactRow before, ContactRow after) {}

  private record Changed(long phone, boolean optedOut, boolean held) {}

  private final Connection connection;
  private final int importId;
  private final ContactBatch batch;
  private final Brought brought;
  private final Map<Sort, Long> deltas = new HashMap<>();
  private final CopyBuffer changes = new CopyBuffer(16 << 10);
  private int updated;
  private int known;

  private WindowStore(Connection connection, int importId, ContactBatch batch, Brought brought) {
    this.connection = connection;
    this.importId = importId;
    this.batch = batch;
    this.brought = brought;
  }

  /**
   * Stores one window, within the caller's transaction.
   *
   * @param brought is to be told when the transaction is committed
   */
  static Stored store(
      Connection connection, int importId, int window, ContactBatch batch, Brought brought)
      throws SQLException {
    return new WindowStore(connection, importId, batch, brought).store(window);
  }

  private Stored store(int window) throws SQLException {
    ImportLock.take(connection);
    var fresh = ContactIndexes.isFilledBy(connection, importId) ? withoutBrought() : withoutKnown();
    var optedOut = optedOut(fresh);
    copyNew(fresh, optedOut);
    copy(COPY_REJECTS, batch.rejects());
    copy(COPY_CHANGES, changes);
    var imported = fresh.stream().mapToInt(phones -> phones.length).sum();
    ContactLocks.exclusive(connection);
    markOptedOut(fresh, optedOut);
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

  /** The phones that this import, which fills the store, has not brought already. */
  private List<long[]> withoutBrought() throws SQLException {
    brought.follow(connection, importId);
    var fresh = Arrays.stream(batch.byPart()).map(brought::fresh).toList();
    known = batch.size() - fresh.stream().mapToInt(phones -> phones.length).sum();
    brought.storing(fresh);
    return fresh;
  }

  /** The phones that the store does not know; those it does become what the file says. */
  private List<long[]> withoutKnown() throws SQLException {
    for (var setting : BY_KEY) {
      execute(setting);
    }
    var parts = batch.byPart();
    var fresh = new ArrayList<long[]>();
    var merged = new HashMap<Long, Merge>();
    for (var part = 0; part < parts.length; part++) {
      fresh.add(withoutKnown(part, parts[part], merged));
    }
    update(merged);
    return fresh;
  }

  private long[] withoutKnown(int part, long[] phones, Map<Long, Merge> merged)
      throws SQLException {
    if (phones.length == 0) {
      return phones;
    }
    var there = new HashSet<Long>();
    for (var stored : stored(part, phones)) {
      if (batch.has(stored.phone())) { // and not another phone with the same draw
        there.add(stored.phone());
        if (stored.changedBy() != importId) {
          merge(stored, merged);
        }
      }
    }
    known += there.size();
    return there.isEmpty()
        ? phones
        : Arrays.stream(phones).filter(phone -> !there.contains(phone)).toArray();
  }

  private List<ContactRow> stored(int part, long[] phones) throws SQLException {
    return Db.query(
        connection,
        "SELECT %s FROM %s WHERE draw = ANY (?)".formatted(ContactRow.STORED, Parts.table(part)),
        st -> st.setArray(1, draws(phones)),
        ContactRow::read);
  }

  private void merge(ContactRow before, Map<Long, Merge> merged) {
    var after = before.mergedWith(batch.row(batch.at(before.phone())));
    if (after == before) {
      return;
    }
    merged.put(before.phone(), new Merge(before, after));
    updated++;
    changes.row(6);
    changes.int64(before.phone());
    changes.text(Utf8.bytes("import " + importId));
    changes.int32(importId);
    changes.text(Utf8.bytes("the file says otherwise"));
    var differences = Difference.of(before, after);
    changes.json(Utf8.bytes(differences.before()));
    changes.json(Utf8.bytes(differences.after()));
  }

  private void copyNew(List<long[]> fresh, Map<Long, Timestamp> optedOut) throws SQLException {
    var copy = copyIn(COPY.formatted("contacts"));
    var out = new Chunks(copy);
    var bySort = new long[batch.sorts().size()];
    for (var phones : fresh) {
      for (var phone : phones) {
        var number = batch.at(phone);
        var at = optedOut.isEmpty() ? null : optedOut.get(phone);
        if (at == null) {
          out.write(batch.bytes(), batch.start(number), batch.end(number));
          bySort[batch.sortOf(number)]++;
        } else {
          out.write(batch.bytes(), batch.start(number), batch.end(number) - ContactRow.OPT_OUT);
          var field = new CopyBuffer(12);
          field.timestamp(at.toInstant());
          out.write(field.bytes(), 0, field.size());
          deltas.merge(batch.sort(number).withOptedOut(true), 1L, Long::sum);
        }
      }
    }
    out.end();
    for (var i = 0; i < bySort.length; i++) {
      deltas.merge(batch.sorts().get(i), bySort[i], Long::sum);
    }
  }

  private void update(Map<Long, Merge> merged) throws SQLException {
    if (merged.isEmpty()) {
      return;
    }
    var words = new WordBytes();
    execute(STAGING);
    var staged = new CopyBuffer(merged.size() * 300);
    for (var merge : merged.values()) {
      merge.after().encode(staged, words);
    }
    copy(COPY.formatted("import_staging"), staged);
    var changed = 0;
    for (var part = 0; part < Parts.COUNT; part++) {
      changed += update(part, merged);
    }
    if (changed != merged.size()) {
      throw new SQLException("a contact was changed by somebody else meanwhile", "40001");
    }
  }

  private int update(int part, Map<Long, Merge> merged) throws SQLException {
    var changed =
        Db.query(
            connection,
            """
            UPDATE %s c
            SET changed_by = s.changed_by, municipality = s.municipality, city = s.city,
                state = s.state, carrier = s.carrier, kind = s.kind, original = s.original,
                name = s.name, address = s.address, neighborhood = s.neighborhood, words = s.words
            FROM import_staging s
            WHERE c.phone = s.phone AND c.draw = s.draw
            RETURNING c.phone, c.opt_out_at IS NOT NULL, %s
            """
                .formatted(Parts.table(part), Holdings.HELD_C),
            _ -> {},
            // Who opts out from here on waits for this transaction.
            row -> new Changed(row.getLong(1), row.getBoolean(2), row.getBoolean(3)));
    for (var one : changed) {
      var merge = Objects.requireNonNull(merged.get(one.phone()));
      deltas.merge(merge.before().sort(one.optedOut(), one.held()), -1L, Long::sum);
      deltas.merge(merge.after().sort(one.optedOut(), one.held()), 1L, Long::sum);
    }
    return changed.size();
  }

  /** When those of the phones opted out that have, as far as it can be seen now. */
  private Map<Long, Timestamp> optedOut(List<long[]> fresh) throws SQLException {
    if (Db.query(connection, "SELECT 1 FROM opt_outs LIMIT 1", _ -> {}, _ -> true).isEmpty()) {
      return Map.of();
    }
    var phones = fresh.stream().flatMapToLong(Arrays::stream).toArray();
    return Db.query(
            connection,
            OPTED_OUT,
            st -> st.setArray(1, array(phones)),
            row -> Map.entry(row.getLong(1), row.getTimestamp(2)))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Marks who has opted out while this window was being stored. */
  private void markOptedOut(List<long[]> fresh, Map<Long, Timestamp> before) throws SQLException {
    var now = new HashMap<>(optedOut(fresh));
    now.keySet().removeAll(before.keySet());
    if (now.isEmpty()) {
      return;
    }
    try (var statement = connection.prepareStatement(OPT_OUT)) {
      for (var optOut : now.entrySet()) {
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

  private Array draws(long[] phones) throws SQLException {
    var draws = Arrays.stream(phones).mapToInt(Draw::of).sorted().toArray();
    return connection.unwrap(PGConnection.class).createArrayOf("int4", draws);
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
