package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/**
 * How many contacts there are of each sort. Kept by whoever writes contacts, in the same
 * transaction, so that a count is never stale.
 */
public final class ContactCounts {
  // Sorted, so that two writers wait for each other and never for ever: rows are locked in the
  // order of the array, which unnest keeps.
  private static final String APPLY =
      """
      INSERT INTO contact_counts AS c (state, municipality, city, lada, kind, opted_out, held, n)
      SELECT * FROM unnest(?::int[], ?::int[], ?::int[], ?::int[], ?::int[], ?::bool[], ?::bool[],
                           ?::bigint[])
      ON CONFLICT (state, municipality, city, lada, kind, opted_out, held)
      DO UPDATE SET n = c.n + EXCLUDED.n
      """;

  private static final String APPLY_CARRIERS =
      """
      INSERT INTO carrier_counts AS c (state, city, lada, kind, carrier, opted_out, held, n)
      SELECT * FROM unnest(?::int[], ?::int[], ?::int[], ?::int[], ?::int[], ?::bool[], ?::bool[],
                           ?::bigint[])
      ON CONFLICT (carrier, state, city, lada, kind, opted_out, held)
      DO UPDATE SET n = c.n + EXCLUDED.n
      """;

  private static final List<ToIntFunction<Sort>> COLUMNS =
      List.of(Sort::state, Sort::municipality, Sort::city, Sort::lada, Sort::kind);
  private static final List<ToIntFunction<Sort>> CARRIER_COLUMNS =
      List.of(Sort::state, Sort::city, Sort::lada, Sort::kind, Sort::carrier);

  private ContactCounts() {}

  /**
   * Adds to the counters, as part of the transaction that changes the contacts. The rows stay
   * locked to its end: to be called last.
   *
   * @param deltas how many contacts of each sort there are more, or fewer
   */
  public static void apply(Connection connection, Map<Sort, Long> deltas) throws SQLException {
    apply(connection, APPLY, COLUMNS, summed(deltas, Sort::withoutCarrier));
    apply(connection, APPLY_CARRIERS, CARRIER_COLUMNS, summed(deltas, Sort::withoutMunicipality));
  }

  /**
   * How many contacts there are at most; exactly so many where the criteria are such as the
   * counters know ({@link Criteria#isCounted}).
   */
  static long atMost(Connection connection, Criteria criteria) throws SQLException {
    if (criteria.carriers().isEmpty()) {
      return sum(connection, "contact_counts", criteria);
    }
    if (criteria.municipalities().isEmpty()) {
      return sum(connection, "carrier_counts", criteria);
    }
    return Math.min(
        sum(connection, "contact_counts", criteria.withoutCarriers()),
        sum(connection, "carrier_counts", criteria.withoutMunicipalities()));
  }

  private static long sum(Connection connection, String table, Criteria criteria)
      throws SQLException {
    var conditions = Conditions.onCounts(criteria);
    return Db.query(
            connection,
            "SELECT coalesce(sum(n), 0) FROM " + table + " " + conditions.where(),
            statement -> conditions.bind(statement, 1),
            row -> row.getLong(1))
        .getFirst();
  }

  private static Map<Sort, Long> summed(Map<Sort, Long> deltas, UnaryOperator<Sort> key) {
    var sums = new TreeMap<Sort, Long>();
    deltas.forEach((sort, delta) -> sums.merge(key.apply(sort), delta, Long::sum));
    sums.values().removeIf(delta -> delta == 0);
    return sums;
  }

  private static void apply(
      Connection connection, String sql, List<ToIntFunction<Sort>> columns, Map<Sort, Long> sums)
      throws SQLException {
    if (sums.isEmpty()) {
      return;
    }
    Db.update(
        connection,
        sql,
        statement -> {
          var sorts = new ArrayList<>(sums.keySet());
          var at = 1;
          for (var column : columns) {
            array(statement, at++, "int4", sorts, column::applyAsInt);
          }
          array(statement, at++, "bool", sorts, Sort::optedOut);
          array(statement, at++, "bool", sorts, Sort::held);
          array(statement, at, "int8", List.copyOf(sums.values()), n -> n);
        });
  }

  private static <T> void array(
      PreparedStatement statement, int at, String type, List<T> rows, Function<T, Object> value)
      throws SQLException {
    statement.setArray(
        at, statement.getConnection().createArrayOf(type, rows.stream().map(value).toArray()));
  }
}
