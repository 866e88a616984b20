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
 * @param column the index's first; null where it is of draws alone
 * @param ids what the column may be
 * @param optOuts whether it is the list of those who opted out that is walked through
 * @param rows how many contacts it leads to
 */
record Driver(@Nullable String column, List<Integer> ids, boolean optOuts, long rows) {

  private record Candidate(
      @Nullable String column, List<Integer> ids, boolean optOuts, String table) {
    Conditions counted() {
      if (column == null) {
        return optOuts ? new Conditions().add("opted_out") : new Conditions();
      }
      return new Conditions().ids(column, ids);
    }
  }

  /** The most selective one that the criteria have, by the counters. */
  static Driver choose(Connection connection, Criteria criteria) throws SQLException {
    var candidates = candidates(criteria);
    var sql =
        candidates.stream()
            .map(
                candidate ->
                    "(SELECT coalesce(sum(n), 0) FROM %s %s)"
                        .formatted(candidate.table(), candidate.counted().where()))
            .collect(Collectors.joining(", ", "SELECT ARRAY[", "]"));
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
                row -> (Number[]) row.getArray(1).getArray())
            .getFirst();
    var best = 0;
    for (var i = 1; i < counts.length; i++) {
      best = counts[i].longValue() < counts[best].longValue() ? i : best;
    }
    var chosen = candidates.get(best);
    return new Driver(chosen.column(), chosen.ids(), chosen.optOuts(), counts[best].longValue());
  }

  private static List<Candidate> candidates(Criteria criteria) {
    var candidates = new ArrayList<Candidate>();
    add(candidates, "state", criteria.states(), "contact_counts");
    add(candidates, "municipality", criteria.municipalities(), "contact_counts");
    add(candidates, "city", criteria.cities(), "contact_counts");
    add(candidates, "carrier", criteria.carriers(), "carrier_counts");
    if (criteria.lada() != null) {
      add(candidates, "lada", List.of(criteria.lada()), "contact_counts");
    }
    if (Boolean.TRUE.equals(criteria.optedOut())) {
      candidates.add(new Candidate(null, List.of(), true, "contact_counts"));
    }
    if (candidates.isEmpty()) {
      candidates.add(new Candidate(null, List.of(), false, "contact_counts"));
    }
    return candidates;
  }

  private static void add(
      List<Candidate> candidates, String column, List<Integer> ids, String table) {
    if (!ids.isEmpty()) {
      candidates.add(new Candidate(column, ids, false, table));
    }
  }

  /** Whether another condition of the criteria has an index that could help. */
  boolean isHelped(Criteria criteria) {
    var indexed = criteria.tsquery() != null || criteria.isSent() ? 1 : 0;
    for (var candidate : candidates(criteria)) {
      indexed += candidate.column() == null || candidate.column().equals(column) ? 0 : 1;
    }
    return indexed > 0;
  }
}
