package io.centralita.contacts;

import io.centralita.scoring.Tier;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a statement demands, as text made of fixed pieces, and the values for its parameters, in
 * their order. Nothing that anybody typed is ever part of the text.
 */
final class Conditions {

  private record Condition(String sql, List<Object> values) {}

  private final List<Condition> all = new ArrayList<>();

  /** What of the criteria the counters know, in the words of their tables. */
  static Conditions onCounts(Criteria criteria) {
    var conditions = onPlaces(criteria);
    conditions.ids("carrier", criteria.carriers());
    conditions.given("opted_out = ?", criteria.optedOut());
    conditions.given("held = ?", criteria.held());
    return conditions;
  }

  /** All of the criteria, in the words of {@code contacts}. */
  static Conditions onContacts(Criteria criteria) {
    return onContacts(criteria, 0, Integer.MAX_VALUE);
  }

  /**
   * All of the criteria, for a statement that sees to it by itself that draws are between these.
   */
  static Conditions onContacts(Criteria criteria, int leastDraw, int mostDraw) {
    var conditions = onPlaces(criteria);
    conditions.ids("carrier", criteria.carriers());
    if (criteria.optedOut() != null) {
      conditions.add(criteria.optedOut() ? "opt_out_at IS NOT NULL" : "opt_out_at IS NULL");
    }
    if (criteria.held() != null) {
      conditions.add((criteria.held() ? "" : "NOT ") + Holdings.HELD);
    }
    if (criteria.neverSent()) {
      conditions.add("last_sent_at IS NULL");
    }
    conditions.given("last_sent_at < ?::timestamptz", text(criteria.sentBefore()));
    conditions.given("last_sent_at >= ?::timestamptz", text(criteria.sentAfter()));
    conditions.given("sends >= ?", criteria.sendsMin());
    if (criteria.sendsMin() != null && criteria.sendsMin() > 0) {
      conditions.add("last_sent_at IS NOT NULL"); // follows from it, and has an index
    }
    conditions.given("sends <= ?", criteria.sendsMax());
    conditions.given("words @@ ?::tsquery", criteria.tsquery());
    if (!criteria.tiersNeeded().isEmpty()) {
      conditions.add(Lead.OF_TIERS, codes(criteria.tiersNeeded()), leastDraw, mostDraw);
    }
    if (!criteria.tiersAvoided().isEmpty()) {
      conditions.add("NOT " + Lead.OF_TIERS, codes(criteria.tiersAvoided()), leastDraw, mostDraw);
    }
    return conditions;
  }

  private static Conditions onPlaces(Criteria criteria) {
    var conditions = new Conditions();
    conditions.ids("state", criteria.states());
    conditions.ids("municipality", criteria.municipalities());
    conditions.ids("city", criteria.cities());
    conditions.given("lada = ?", criteria.lada());
    conditions.given("kind = ?", criteria.kind());
    return conditions;
  }

  private static Object codes(Set<Tier> tiers) {
    return tiers.stream().map(Tier::code).sorted().toArray(Integer[]::new);
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  Conditions add(String sql, Object... values) {
    all.add(new Condition(sql, List.of(values)));
    return this;
  }

  Conditions and(Conditions more) {
    all.addAll(more.all);
    return this;
  }

  private void given(String sql, @Nullable Object value) {
    if (value != null) {
      add(sql, value);
    }
  }

  /**
   * @param column which one of these ids it must be; no id demands nothing
   */
  Conditions ids(String column, List<Integer> ids) {
    if (ids.size() == 1) {
      add(column + " = ?", ids.getFirst());
    } else if (!ids.isEmpty()) {
      add(column + " = ANY (?)", (Object) ids.toArray(Integer[]::new));
    }
    return this;
  }

  /** {@code WHERE …}; empty where nothing is demanded. */
  String where() {
    return all.isEmpty()
        ? ""
        : all.stream().map(Condition::sql).collect(Collectors.joining(" AND ", "WHERE ", ""));
  }

  /**
   * Sets the values of the parameters.
   *
   * @param first the number of the first
   * @return the number of the next
   */
  int bind(PreparedStatement statement, int first) throws SQLException {
    var at = first;
    for (var condition : all) {
      for (var value : condition.values()) {
        if (value instanceof Integer[] ids) {
          statement.setArray(at++, statement.getConnection().createArrayOf("int4", ids));
        } else {
          statement.setObject(at++, value);
        }
      }
    }
    return at;
  }
}
