package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * The numbers that an import has brought into a store which it fills: while that has no key, this
 * is what keeps any of them from coming twice. Two bytes a number, more or less. Thread-safe.
 */
final class Brought {
  private static final int FETCH = 10_000;

  private int importId;

  /** Windows of the ledger whose numbers are known. */
  private int windows;

  private Roaring64Bitmap numbers = new Roaring64Bitmap();
  private List<long[]> pending = List.of();

  /**
   * Gets to know what the store holds, where that is not known: after a start, where another node
   * has stored windows, or where it was not heard whether one of this node's is stored. To be
   * called under {@link ImportLock}.
   */
  synchronized void follow(Connection connection, int of) throws SQLException {
    var stored =
        Db.query(
                connection,
                "SELECT count(*) FROM import_windows WHERE import_id = ?",
                st -> st.setInt(1, of),
                row -> row.getInt(1))
            .getFirst();
    if (of == importId && stored == windows) {
      return;
    }
    forget();
    try (var statement = connection.prepareStatement("SELECT phone FROM contacts")) {
      statement.setFetchSize(FETCH);
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          numbers.addLong(row.getLong(1));
        }
      }
    }
    importId = of;
    windows = stored;
  }

  /** Those of the phones, all different, that were not brought yet. */
  synchronized long[] fresh(long[] phones) {
    return Arrays.stream(phones).filter(phone -> !numbers.contains(phone)).toArray();
  }

  /** The numbers of a window about to be stored; {@link #stored} says that it is. */
  synchronized void storing(List<long[]> phones) {
    pending = phones;
  }

  /** The window is stored, for good. */
  synchronized void stored() {
    for (var phones : pending) {
      for (var phone : phones) {
        numbers.addLong(phone);
      }
    }
    windows += pending.isEmpty() ? 0 : 1;
    pending = List.of();
  }

  /** The store is filled. */
  synchronized void forget() {
    numbers = new Roaring64Bitmap();
    pending = List.of();
    importId = 0;
    windows = 0;
  }
}
