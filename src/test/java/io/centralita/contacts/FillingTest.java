package io.centralita.contacts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.db.Db;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An import into an empty store, window by window. */
final class FillingTest {
  private static final long FIRST = 525_611_110_000L;

  private Store store;
  private ContactIndexes indexes;

  @BeforeEach
  void open() {
    store = new Store();
    indexes = new ContactIndexes(store.db);
    store.sql("INSERT INTO users (name) VALUES ('ana')");
    for (var i = 0; i < 2; i++) {
      store.sql(
          "INSERT INTO imports (user_id, file, source, bounds, rows, builds)"
              + " SELECT id, 'a.db', '{}', '{0}', 0, true FROM users");
    }
    assertTrue(Store.done(indexes.dropIfEmpty(1)));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static ContactBatch batch(int importId, long... phones) {
    var batch = new ContactBatch(16);
    batch.begin(importId);
    for (var phone : phones) {
      var none = Utf8.NONE;
      batch.add(
          new ContactRow(
              phone, importId, importId, 0, 0, 9, false, 56, 0, 1, none, none, none, none));
    }
    return batch;
  }

  private WindowStore.Stored stored(int importId, int window, Brought brought, long... phones)
      throws SQLException {
    try (var connection = store.connect()) {
      var stored =
          Db.transaction(
              connection,
              c -> WindowStore.store(c, importId, window, batch(importId, phones), brought));
      brought.stored();
      return stored;
    }
  }

  private static long[] phones(int from, int to) {
    return LongStream.range(FIRST + from, FIRST + to).toArray();
  }

  private long keys() {
    return store.count(
        "SELECT count(*) FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid"
            + " WHERE t.relname LIKE 'contacts%' AND c.contype = 'p'");
  }

  private void assertSound(long contacts) throws SQLException {
    try (var connection = store.connect()) {
      var sum =
          Db.transaction(connection, c -> ContactCheck.run(c, _ -> {}, new AtomicBoolean(true)));
      assertEquals(new ContactCheck.Sum(contacts, 0, 0, true), sum);
    }
  }

  @Test
  void windows_thatShareNumbers_bringEachOnceAndTheKeyHoldsAtTheEnd() throws Exception {
    var brought = new Brought();
    assertEquals(0, keys());
    assertEquals(new WindowStore.Stored(10, 0, 0, 0), stored(1, 0, brought, phones(0, 10)));
    assertEquals(new WindowStore.Stored(5, 0, 5, 0), stored(1, 1, brought, phones(5, 15)));
    for (var part = 0; part < Parts.COUNT; part++) {
      Store.done(indexes.build(part));
    }
    Store.done(indexes.join(1));
    assertEquals(17, keys());
    assertEquals(0, store.count("SELECT count(*) FROM contact_filling"));
    assertSound(15);
    assertEquals(new WindowStore.Stored(1, 0, 9, 0), stored(1, 2, brought, phones(6, 16)));
  }

  @Test
  void restart_inTheMiddle_knowsAgainWhatWasBrought() throws Exception {
    stored(1, 0, new Brought(), phones(0, 10));
    assertTrue(Store.done(indexes.dropIfEmpty(1)));
    var other = new Brought();
    assertEquals(new WindowStore.Stored(5, 0, 5, 0), stored(1, 1, other, phones(5, 15)));
  }

  @Test
  void window_thatAnotherNodeStored_isKnown() throws Exception {
    var one = new Brought();
    stored(1, 0, one, phones(0, 10));
    stored(1, 1, new Brought(), phones(10, 20));
    assertEquals(new WindowStore.Stored(10, 0, 10, 0), stored(1, 2, one, phones(10, 30)));
  }

  @Test
  void window_thatFails_leavesItsNumbersToTheNextTry() throws Exception {
    var brought = new Brought();
    stored(1, 0, brought, phones(0, 10));
    // The ledger has it: what was stored before this fails is taken back.
    assertThrows(SQLException.class, () -> stored(1, 0, brought, phones(10, 20)));
    assertEquals(new WindowStore.Stored(10, 0, 0, 0), stored(1, 1, brought, phones(10, 20)));
  }

  @Test
  void otherImport_meanwhile_waits() {
    var waits =
        assertThrows(ImportFileException.class, () -> stored(2, 0, new Brought(), phones(0, 10)));
    assertTrue(waits.passing());
    assertEquals(
        "import 1 fills the store: this one goes on when that is completed or cancelled",
        waits.getMessage());
  }

  @Test
  void cancelled_inTheMiddle_leavesAStoreWithItsKeyForTheNext() throws Exception {
    stored(1, 0, new Brought(), phones(0, 10));
    Store.done(indexes.build(3));
    Store.done(indexes.finish(1));
    Store.done(indexes.finish(1));
    assertEquals(17, keys());
    assertFalse(Store.done(indexes.dropIfEmpty(2)));
    assertEquals(new WindowStore.Stored(5, 0, 5, 0), stored(2, 0, new Brought(), phones(5, 15)));
    assertSound(15);
  }

  @Test
  void numbers_thatOptedOutBefore_comeAsSuch() throws Exception {
    var early = List.of(FIRST + 1, FIRST + 20);
    Store.done(new OptOuts(store.db).record(early, new OptOuts.Order("LIST", "asked", "ana")));
    stored(1, 0, new Brought(), phones(0, 10));
    var late = List.of(FIRST + 2);
    Store.done(new OptOuts(store.db).record(late, new OptOuts.Order("LIST", "asked", "ana")));
    Store.done(indexes.finish(1));
    assertEquals(2, store.count("SELECT count(*) FROM contacts WHERE opt_out_at IS NOT NULL"));
    assertSound(10);
  }
}
