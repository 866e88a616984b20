package io.centralita.lookup;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The operators that answers have named so far, and their ids in the database. A handful: all of
 * them are held in memory, and a new one is written when it is first seen.
 */
final class OperatorCatalogue {
  private static final String ALL =
      "SELECT id, name, trade_name, operator_id FROM operators LIMIT 30000";
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

  short idOf(Connection connection, Operator operator) throws SQLException {
    var known = ids.get(operator);
    if (known != null) {
      return known;
    }
    load(connection);
    if (!ids.containsKey(operator)) { // looked for first, so that a known one burns no id
      Db.update(
          connection,
          ADD,
          st -> {
            st.setString(1, operator.name());
            st.setString(2, operator.tradeName());
            st.setString(3, operator.operatorId() == null ? "" : operator.operatorId());
          });
      load(connection);
    }
    return Optional.ofNullable(ids.get(operator)).orElseThrow();
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
          byId.put(row.getShort(1), operator);
          ids.put(operator, row.getShort(1));
          byLabel.putIfAbsent(operator.label(), operator);
          return operator;
        });
  }
}
