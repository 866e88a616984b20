package io.centralita.lookup;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The operators that answers have named so far, and their ids in the database. A handful: all of
 * them are held in memory, and a new one is written when it is first seen.
 */
final class OperatorCatalogue {
  private static final String ALL =
      "SELECT id, name, trade_name, operator_id FROM operators LIMIT 30000";

  private static final String FIND =
      "SELECT id FROM operators WHERE name = ? AND trade_name = ? AND operator_id = ?";

  private static final String ADD =
      """
      INSERT INTO operators (name, trade_name, operator_id) VALUES (?, ?, ?)
      ON CONFLICT (name, trade_name, operator_id) DO NOTHING
      """;

  private final Map<Short, Operator> byId = new ConcurrentHashMap<>();
  private final Map<Operator, Short> ids = new ConcurrentHashMap<>();
  private final Map<String, Operator> byLabel = new ConcurrentHashMap<>();

  /** The operator that people call so, where an answer has named it. */
  Optional<Operator> called(String label) {
    return Optional.ofNullable(byLabel.get(label));
  }

  /** The operator that people call so, also where no other name of it is known. */
  Operator named(String label) {
    return called(label).orElseGet(() -> new Operator(label, label, null));
  }

  /** The same operator, the one object that the catalogue holds of it where it knows it. */
  Operator catalogued(Operator operator) {
    var id = ids.get(operator);
    return id == null ? operator : byId.getOrDefault(id, operator);
  }

  /**
   * The operators' ids. Those that are new are written in a transaction of their own, before
   * anything that refers to them: an id whose writing was undone must never be known.
   */
  CompletionStage<Map<Operator, Short>> ids(Db db, Set<Operator> operators) {
    var unknown =
        operators.stream()
            .filter(operator -> !ids.containsKey(operator))
            // Two nodes that add the same wait for each other, and not each for the other.
            .sorted(Comparator.comparing(Operator::toString))
            .toList();
    if (unknown.isEmpty()) {
      return CompletableFuture.completedFuture(known(operators));
    }
    return db.transaction("add operators", connection -> added(connection, unknown))
        .thenApply(
            added -> {
              added.forEach(this::remember);
              return known(operators);
            });
  }

  private Map<Operator, Short> known(Set<Operator> operators) {
    var known = HashMap.<Operator, Short>newHashMap(operators.size());
    for (var operator : operators) {
      known.put(operator, Optional.ofNullable(ids.get(operator)).orElseThrow());
    }
    return known;
  }

  private static Map<Operator, Short> added(Connection connection, List<Operator> operators)
      throws SQLException {
    var added = HashMap.<Operator, Short>newHashMap(operators.size());
    for (var operator : operators) {
      var id = find(connection, operator);
      if (id.isEmpty()) { // looked for first, so that a known one burns no id
        Db.update(connection, ADD, st -> bind(st, operator));
        id = find(connection, operator);
      }
      added.put(operator, id.getFirst());
    }
    return added;
  }

  private static List<Short> find(Connection connection, Operator operator) throws SQLException {
    return Db.query(connection, FIND, st -> bind(st, operator), row -> row.getShort(1));
  }

  private static void bind(PreparedStatement statement, Operator operator) throws SQLException {
    statement.setString(1, operator.name());
    statement.setString(2, operator.tradeName());
    statement.setString(3, operator.operatorId() == null ? "" : operator.operatorId());
  }

  private void remember(Operator operator, short id) {
    byId.put(id, operator);
    ids.put(operator, id);
    byLabel.putIfAbsent(operator.label(), operator);
  }

  Operator byId(Connection connection, short id) throws SQLException {
    var known = byId.get(id);
    if (known == null) { // another node has just added it
      load(connection);
      known = byId.get(id);
    }
    return Optional.ofNullable(known).orElseThrow();
  }

  /** Loads those of earlier times, so that a label in the cache is known from the beginning. */
  CompletionStage<Void> load(Db db) {
    return db.transaction(
            "load the operators",
            connection -> {
              load(connection);
              return true;
            })
        .thenAccept(_ -> {});
  }

  private void load(Connection connection) throws SQLException {
    Db.query(
        connection,
        ALL,
        _ -> {},
        row -> {
          var operatorId = row.getString(4);
          var operator =
              new Operator(
                  row.getString(2), row.getString(3), operatorId.isEmpty() ? null : operatorId);
          remember(operator, row.getShort(1));
          return operator;
        });
  }
}
