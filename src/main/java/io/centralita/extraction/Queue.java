package io.centralita.extraction;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The large extractions of all nodes: so many at once, and the others in an order that is fair to
 * users: whoever has the fewest under way comes first, and of his the oldest. A slot is free again
 * when its extraction is delivered or has ended, in whatever way.
 */
final class Queue {
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtext('centralita extractions queue'))";

  // One that somebody paused keeps nobody waiting.
  private static final String ALL =
      """
      SELECT id, user_id, slot_at IS NOT NULL
      FROM extractions
      WHERE large AND NOT ended AND delivered_at IS NULL AND (slot_at IS NOT NULL OR status <> 'PAUSED')
      ORDER BY id
      LIMIT 10000
      """;

  private static final String TAKE =
      "UPDATE extractions SET slot_at = now() WHERE id = ? AND slot_at IS NULL AND NOT ended";

  private record Large(int id, long userId, boolean running) {}

  private final int slots;

  /**
   * @param slots large extractions at once
   */
  Queue(int slots) {
    this.slots = slots;
  }

  /**
   * Gives an extraction a slot if it is its turn, as part of a transaction.
   *
   * @return 0 where it has one; else 1 more than there are before it
   */
  int admit(Connection connection, int id) throws SQLException {
    Db.query(connection, LOCK, _ -> {}, _ -> true);
    var all = all(connection);
    var running = (int) all.stream().filter(Large::running).count();
    var mine = all.stream().anyMatch(one -> one.id() == id && one.running());
    if (mine) {
      return 0;
    }
    var place = Math.max(0, order(all).indexOf(id));
    if (place < slots - running) {
      Db.update(connection, TAKE, st -> st.setInt(1, id));
      return 0;
    }
    return place + 1;
  }

  /** Those that wait, in their order. */
  static List<Integer> waiting(Connection connection) throws SQLException {
    return order(all(connection));
  }

  private static List<Large> all(Connection connection) throws SQLException {
    return Db.query(
        connection,
        ALL,
        _ -> {},
        row -> new Large(row.getInt(1), row.getLong(2), row.getBoolean(3)));
  }

  private static List<Integer> order(List<Large> all) {
    Map<Long, Integer> underWay = new HashMap<>();
    all.stream()
        .filter(Large::running)
        .forEach(one -> underWay.merge(one.userId(), 1, Integer::sum));
    // The n-th of a user that waits comes after so many of his: the running ones, and n - 1 more.
    record Turn(int underWay, int id) {}
    var turns = new ArrayList<Turn>();
    for (var one : all) {
      if (!one.running()) {
        int before = underWay.getOrDefault(one.userId(), 0);
        underWay.put(one.userId(), before + 1);
        turns.add(new Turn(before, one.id()));
      }
    }
    turns.sort(Comparator.comparingInt(Turn::underWay).thenComparingInt(Turn::id));
    return turns.stream().map(Turn::id).toList();
  }
}
