package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Some thousands of contacts with neighbouring draws, brought into line with a numbering plan. */
final class Chunk {
  /** Whoever wants one of these waits for all: some tenths of a second where all are changed. */
  static final int SIZE = 4_000;

  /**
   * What was done.
   *
   * @param last after which the next chunk begins
   * @param more whether there may be a next one
   */
  record Done(int changed, int unchanged, Walk.After last, boolean more) {}

  private record Read(long phone, int draw, int kind, int carrier) {}

  private record Wanted(Read was, NumberingPlans.Line is) {
    long phone() {
      return was.phone();
    }
  }

  private record Changed(Sort was, Sort is, long n) {}

  private Chunk() {}

  /**
   * Does one chunk, as a transaction of its own.
   *
   * @param table the part's
   * @param after where it begins
   * @param to the first draw that it may not have
   * @throws NumberingLock.PlanChangedException where another plan is in force by now
   */
  static Done of(
      Connection connection, NumberingPlans.Plan plan, String table, Walk.After after, long to)
      throws SQLException {
    var rows =
        Db.query(
            connection,
            reading(table),
            statement -> {
              statement.setInt(1, after.draw());
              statement.setLong(2, after.phone());
              statement.setLong(3, to);
              statement.setInt(4, SIZE);
            },
            row -> new Read(row.getLong(1), row.getInt(2), row.getInt(3), row.getInt(4)));
    var wanted = new ArrayList<Wanted>();
    for (var row : rows) {
      var line = plan.line(row.phone());
      if (line.kind() != row.kind() || line.carrier() != row.carrier()) {
        wanted.add(new Wanted(row, line));
      }
    }
    wanted.sort(Comparator.comparingLong(Wanted::phone));
    var changed = wanted.isEmpty() ? 0 : change(connection, plan, table, wanted);
    if (changed < wanted.size()) { // somebody else was quicker: all are looked at once more
      return new Done(changed, -changed, after, true); // and then count as unchanged
    }
    return rows.size() < SIZE
        ? new Done(changed, rows.size() - changed, after, false)
        : new Done(changed, rows.size() - changed, last(rows), true);
  }

  private static Walk.After last(List<Read> rows) {
    return new Walk.After(rows.getLast().draw(), rows.getLast().phone());
  }

  private static int change(
      Connection connection, NumberingPlans.Plan plan, String table, List<Wanted> wanted)
      throws SQLException {
    NumberingLock.changed(connection, plan.id());
    ImportLock.take(
        connection); // who reads contacts under it, and writes them then, counts on them
    Walk.preferIndexes(connection);
    var groups =
        Db.query(
            connection,
            changing(table),
            statement -> {
              array(statement, 1, "int8", wanted, Wanted::phone);
              array(statement, 2, "int4", wanted, one -> one.was().draw());
              array(statement, 3, "int4", wanted, one -> one.was().kind());
              array(statement, 4, "int4", wanted, one -> one.was().carrier());
              array(statement, 5, "int4", wanted, one -> one.is().kind());
              array(statement, 6, "int4", wanted, one -> one.is().carrier());
            },
            row -> {
              var was =
                  new Sort(
                      row.getInt(1),
                      row.getInt(2),
                      row.getInt(3),
                      row.getInt(4),
                      row.getInt(6),
                      row.getInt(7),
                      row.getBoolean(5),
                      row.getBoolean(11));
              return new Changed(was, was.withLine(row.getInt(8), row.getInt(9)), row.getLong(10));
            });
    Map<Sort, Long> deltas = new HashMap<>();
    var changed = 0;
    for (var group : groups) {
      deltas.merge(group.was(), -group.n(), Long::sum);
      deltas.merge(group.is(), group.n(), Long::sum);
      changed += (int) group.n();
    }
    ContactCounts.apply(connection, deltas);
    return changed;
  }

  private static String reading(String table) {
    return """
        SELECT phone, draw, kind, carrier
        FROM %s
        WHERE (draw, phone) > (?, ?) AND draw < ?
        ORDER BY draw, phone
        LIMIT ?
        """
        .formatted(table);
  }

  // Rows are locked in the order of the arrays, the phones', as opt-outs lock them: so they wait
  // for
  // each other and not for ever. What is not as it was read is left alone; what somebody else
  // changes besides, such as an opt-out, is counted as it is when the row is this statement's.
  private static String changing(String table) {
    return """
        WITH changed AS (
          UPDATE %s c SET kind = w.kind, carrier = w.carrier
          FROM unnest(?::bigint[], ?::int[], ?::int[], ?::int[], ?::int[], ?::int[])
            AS w (phone, draw, was_kind, was_carrier, kind, carrier)
          WHERE c.phone = w.phone AND c.draw = w.draw
            AND c.kind = w.was_kind AND c.carrier = w.was_carrier
          RETURNING c.state, c.municipality, c.city, c.lada, c.opt_out_at IS NOT NULL AS opted_out,
            w.was_kind, w.was_carrier, w.kind, w.carrier, %s AS held)
        SELECT state, municipality, city, lada, opted_out, was_kind, was_carrier, kind, carrier,
          count(*), held
        FROM changed
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 11
        """
        .formatted(table, Holdings.HELD_C);
  }

  private static void array(
      PreparedStatement statement,
      int at,
      String type,
      List<Wanted> rows,
      Function<Wanted, Object> value)
      throws SQLException {
    statement.setArray(
        at, statement.getConnection().createArrayOf(type, rows.stream().map(value).toArray()));
  }
}
