package io.centralita.contacts;

import io.centralita.db.Db;
import io.centralita.scoring.Tier;
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
 * @param through what is walked through
 * @param column the index's first; null where it is of draws alone
 * @param ids what the column may be
 * @param rows how many contacts it leads to
 */
record Driver(Through through, @Nullable String column, List<Integer> ids, long rows) {

  /** What has an index in the order of draws. */
  enum Through {
    CONTACTS(""),
    OPT_OUTS("opt_outs"),
    LEADS("(SELECT phone, contact_draw AS draw, quality_tier FROM lead_scores)");

    private final String list;

    Through(String list) {
      this.list = list;
    }

    /** The list's phones and draws, to be found among contacts; empty where it is contacts. */
    String list() {
      return list;
    }
  }

  private record Candidate(
      Through through, @Nullable String column, List<Integer> ids, String table) {
    Conditions counted() {
      if (column != null) {
        return new Conditions().ids(column, ids);
      }
      return through == Through.OPT_OUTS ? new Conditions().add("opted_out") : new Conditions();
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
    return new Driver(chosen.through(), chosen.column(), chosen.ids(), counts[best].longValue());
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
      candidates.add(new Candidate(Through.OPT_OUTS, null, List.of(), "contact_counts"));
    }
    if (!criteria.tiersNeeded().isEmpty()) {
      var codes = criteria.tiersNeeded().stream().map(Tier::code).sorted().toList();
      candidates.add(new Candidate(Through.LEADS, "quality_tier", codes, "lead_counts"));
    }
    if (candidates.isEmpty()) {
      candidates.add(new Candidate(Through.CONTACTS, null, List.of(), "contact_counts"));
    }
    return candidates;
  }

  private static void add(
      List<Candidate> candidates, String column, List<Integer> ids, String table) {
    if (!ids.isEmpty()) {
      candidates.add(new Candidate(Through.CONTACTS, column, ids, table));
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
