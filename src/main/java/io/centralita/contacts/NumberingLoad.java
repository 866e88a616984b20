package io.centralita.contacts;

import io.centralita.db.Db;
import io.centralita.http.Json;
import io.centralita.phone.NumberingFile;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** How a numbering plan comes into the store, and into force. */
final class NumberingLoad {

  /** A plan to be kept. */
  record Order(
      long userId, LocalDate date, String file, String sha256, NumberingFile.Loaded content) {}

  /** What became of an {@link Order}. */
  sealed interface Added {

    /**
     * It is kept.
     *
     * @param replaced the plan of the same date that made room for it; 0 for none
     */
    record New(int id, int replaced) implements Added {}

    /** This very file was kept before. */
    record Same(int id) implements Added {}

    /** Nothing is done: there is another plan of that date. */
    record Other(int id) implements Added {}
  }

  private static final String OF_DATE = "SELECT id, sha256 FROM numbering_plans WHERE date = ?";

  private static final String REPLACE = "DELETE FROM numbering_plans WHERE id = ?";

  private static final String ADD =
      """
      INSERT INTO numbering_plans
        (user_id, date, file, sha256, rows, ranges, overlapping, bad_rows, first_bad)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)
      ON CONFLICT (date) DO NOTHING
      RETURNING id
      """;

  // Asked for first: a conflict would cost an id, of which there are few.
  private static final String ADD_CARRIERS =
      """
      INSERT INTO carriers (name)
      SELECT new.name FROM unnest(?::text[]) AS new (name)
      WHERE NOT EXISTS (SELECT 1 FROM carriers c WHERE c.name = new.name)
      ON CONFLICT (name) DO NOTHING
      """;

  private static final String ADD_RANGES =
      """
      INSERT INTO numbering_ranges (plan_id, first, last, kind, carrier)
      SELECT ?, new.first, new.last, new.kind, c.id
      FROM unnest(?::bigint[], ?::bigint[], ?::int[], ?::text[]) AS new (first, last, kind, carrier)
      JOIN carriers c ON c.name = new.carrier
      """;

  // The authority's day.
  private static final String DUE =
      """
      SELECT id FROM numbering_plans
      WHERE date <= (clock_timestamp() AT TIME ZONE 'America/Mexico_City')::date
      ORDER BY date DESC
      LIMIT 1
      """;

  private static final String OUT_OF_FORCE =
      "UPDATE numbering_plans SET in_force = false WHERE in_force";
  private static final String INTO_FORCE =
      "UPDATE numbering_plans SET in_force = true WHERE id = ?";

  private final Db db;

  NumberingLoad(Db db) {
    this.db = db;
  }

  /**
   * Keeps a plan, and brings into force the one that now should be.
   *
   * @param replace whether it takes the place of another of that date
   */
  CompletionStage<Added> add(Order order, boolean replace) {
    return db.transaction("add a numbering plan", connection -> add(connection, order, replace));
  }

  private static Added add(Connection connection, Order order, boolean replace)
      throws SQLException {
    var replaced = 0;
    var there = ofDate(connection, order);
    if (there.isPresent() && there.get() instanceof Added.Other(var id) && replace) {
      Db.update(connection, REPLACE, statement -> statement.setInt(1, id));
      replaced = id;
    } else if (there.isPresent()) {
      return there.get();
    }
    var added = insert(connection, order);
    if (added.isEmpty()) { // somebody else was quicker
      return ofDate(connection, order).orElseThrow();
    }
    addRanges(connection, added.getFirst(), order.content());
    bringIntoForce(connection);
    return new Added.New(added.getFirst(), replaced);
  }

  private static Optional<Added> ofDate(Connection connection, Order order) throws SQLException {
    return Db.<Added>query(
            connection,
            OF_DATE,
            statement -> statement.setObject(1, order.date()),
            row ->
                row.getString(2).equals(order.sha256())
                    ? new Added.Same(row.getInt(1))
                    : new Added.Other(row.getInt(1)))
        .stream()
        .findFirst();
  }

  private static List<Integer> insert(Connection connection, Order order) throws SQLException {
    var content = order.content();
    return Db.query(
        connection,
        ADD,
        statement -> {
          statement.setLong(1, order.userId());
          statement.setObject(2, order.date());
          statement.setString(3, order.file());
          statement.setString(4, order.sha256());
          statement.setLong(5, content.rows());
          statement.setInt(6, content.plan().size());
          statement.setLong(7, content.overlaps());
          statement.setLong(8, content.badRows());
          statement.setString(9, Json.text(content.firstBad()));
        },
        row -> row.getInt(1));
  }

  private static void addRanges(Connection connection, int id, NumberingFile.Loaded content)
      throws SQLException {
    var plan = content.plan();
    var size = plan.size();
    var firsts = new Long[size];
    var lasts = new Long[size];
    var kinds = new Integer[size];
    var carriers = new String[size];
    for (var i = 0; i < size; i++) {
      firsts[i] = plan.first(i);
      lasts[i] = plan.last(i);
      kinds[i] =
          switch (plan.kind(i)) {
            case MOBILE -> NumberingPlans.MOBILE;
            case FIXED -> NumberingPlans.FIXED;
          };
      carriers[i] = plan.carriers().get(plan.carrier(i));
    }
    Db.update(
        connection,
        ADD_CARRIERS,
        statement -> array(statement, 1, "text", plan.carriers().toArray()));
    var added =
        Db.update(
            connection,
            ADD_RANGES,
            statement -> {
              statement.setInt(1, id);
              array(statement, 2, "int8", firsts);
              array(statement, 3, "int8", lasts);
              array(statement, 4, "int4", kinds);
              array(statement, 5, "text", carriers);
            });
    if (added != size) {
      throw new SQLException("a range of a numbering plan has no carrier");
    }
  }

  private static void array(PreparedStatement statement, int at, String type, Object[] values)
      throws SQLException {
    statement.setArray(at, statement.getConnection().createArrayOf(type, values));
  }

  /** Brings into force the latest plan whose date has come, unless it is already. */
  CompletionStage<?> bringIntoForce() {
    return db.transaction(
        "bring a numbering plan into force",
        connection -> {
          if (due(connection) != NumberingLock.inForce(connection)) {
            bringIntoForce(connection);
          }
          return true;
        });
  }

  private static void bringIntoForce(Connection connection) throws SQLException {
    NumberingLock.alone(connection);
    var due = due(connection);
    if (due != NumberingLock.inForce(connection)) {
      Db.update(connection, OUT_OF_FORCE, _ -> {});
      Db.update(connection, INTO_FORCE, statement -> statement.setInt(1, due));
    }
  }

  private static int due(Connection connection) throws SQLException {
    var found = Db.query(connection, DUE, _ -> {}, row -> row.getInt(1));
    return found.isEmpty() ? 0 : found.getFirst();
  }
}
