package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one condition by which contacts are walked through in the order of their draw, by an index
 * that has both.
 *
 * @param condition what the index's first column must be; null where the index is of draws alone
 * @param column where several ids will do: that first column
 * @param ids these ids; empty where the condition names one
 * @param rows how many contacts it leads to
 */
record Driver(
    @Nullable Criterion condition, @Nullable String column, List<Integer> ids, long rows) {

  /** A condition and the value of its parameter; null where it has none. */
  record Criterion(String sql, @Nullable Object value) {
    Conditions conditions() {
      return value == null ? new Conditions().add(sql) : new Conditions().add(sql, value);
    }
  }

  private record Candidate(
      @Nullable Criterion condition,
      @Nullable String column,
      List<Integer> ids,
      String table,
      Conditions counted) {}

  /** The most selective one that the criteria have, by the counters. */
  static Driver choose(Connection connection, Criteria criteria) throws SQLException {
    var candidates = candidates(criteria);
    if (candidates.isEmpty()) {
      candidates.add(new Candidate(null, null, List.of(), "contact_counts", new Conditions()));
    }
    var sql =
        candidates.stream()
            .map(
                candidate ->
                    "(SELECT coalesce(sum(n), 0) FROM %s %s)"
                        .formatted(candidate.table(), candidate.counted().where()))
            .collect(Collectors.joining(", ", "SELECT ", ""));
    var counts =
        Db.query(
                connection,
                sql,
                statement -> {
                  var at = 1;
                  for (var candidate : candidates) {
                    at = candidate.counted().bind(statement, at);
                  }
                },
                row -> {
                  var found = new long[candidates.size()];
                  for (var i = 0; i < found.length; i++) {
                    found[i] = row.getLong(i + 1);
                  }
                  return found;
                })
            .getFirst();
    var best = 0;
    for (var i = 1; i < counts.length; i++) {
      best = counts[i] < counts[best] ? i : best;
    }
    var chosen = candidates.get(best);
    return new Driver(chosen.condition(), chosen.column(), chosen.ids(), counts[best]);
  }

  private static List<Candidate> candidates(Criteria criteria) {
    var candidates = new ArrayList<Candidate>();
    ids(candidates, "state", criteria.states(), "contact_counts");
    ids(candidates, "municipality", criteria.municipalities(), "contact_counts");
    ids(candidates, "city", criteria.cities(), "contact_counts");
    ids(candidates, "carrier", criteria.carriers(), "carrier_counts");
    if (criteria.lada() != null) {
      ids(candidates, "lada", List.of(criteria.lada()), "contact_counts");
    }
    if (Boolean.TRUE.equals(criteria.optedOut())) {
      candidates.add(
          new Candidate(
              new Criterion("opt_out_at IS NOT NULL", null),
              null,
              List.of(),
              "contact_counts",
              new Conditions().add("opted_out")));
    }
    return candidates;
  }

  private static void ids(
      List<Candidate> candidates, String column, List<Integer> ids, String table) {
    var counted = new Conditions().ids(column, ids);
    if (ids.size() == 1) {
      candidates.add(
          new Candidate(
              new Criterion(column + " = ?", ids.getFirst()), null, List.of(), table, counted));
    } else if (!ids.isEmpty()) {
      candidates.add(new Candidate(null, column, ids, table, counted));
    }
  }

  /**
   * What the statement demands that walks; it has a part's table {@code c} and begins at a draw.
   */
  Conditions conditions(int fromDraw) {
    var conditions = condition == null ? new Conditions() : condition.conditions();
    return conditions.add("draw >= ?", fromDraw);
  }
}
