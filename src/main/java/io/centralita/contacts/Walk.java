package io.centralita.contacts;

import io.centralita.db.Db;
import io.centralita.http.ProblemException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.postgresql.PGStatement;

/**
 * The first contacts of a selection after a place in their order, part by part, until there are
 * enough.
 *
 * <p>In a part they are found in one of two ways. Walking: along the {@link Driver}'s index, in the
 * order wanted, leaving out what does not match; good where much of it does. Gathering: everything
 * that matches, by whichever indexes are best for that, and then put in order; good where little
 * matches. What is counted says which is better. Where words or what was sent are asked for, it is
 * not: then a short walk tells, for a part of the order is a fair sample.
 *
 * <p>PostgreSQL alone does not choose so: it takes the conditions for independent of each other,
 * when a city lies in its state, and guesses at the beginnings of words.
 *
 * @param <T> what is made of a row
 */
final class Walk<T> {

  /** A place in the order: after this contact. */
  record After(int draw, long phone) {
    static final After START = before(0);

    /** Before the first contact of a part. */
    static After before(int part) {
      return new After(part * Parts.width(), -1);
    }

    /** That something comes after it. */
    Conditions conditions() {
      var conditions = new Conditions().add("draw >= ?", draw); // which an index knows
      return phone < 0 ? conditions : conditions.add("(draw, phone) > (?, ?)", draw, phone);
    }
  }

  /** Contacts looked at where it is not known how many match. */
  private static final int SAMPLE = 2_000;

  /** So many are looked at in the time that another statement would take to be planned. */
  private static final int FEW = 250;

  private static final int SECONDS = 20;
  private static final String CANCELLED = "57014";

  // By its defaults PostgreSQL would read a whole part to have two thousand rows of it, or to find
  // the few in it who opted out.
  private static final String PREFER =
      """
      SELECT set_config('random_page_cost', '1.1', true), set_config('enable_hashjoin', 'off', true),
        set_config('enable_mergejoin', 'off', true)
      """;

  private final Connection connection;
  private final Criteria criteria;
  private final String columns;
  private final Db.RowReader<T> reader;
  private final Conditions all; // but for what the driver alone sees to
  private final Driver driver;
  private final boolean helped;
  private final long atMost;

  private boolean untried;
  private double share; // of what the driver leads to, how much matches

  /**
   * @param columns of contacts, {@code phone} and {@code draw} among them
   * @param reader of these columns
   */
  Walk(Connection connection, Criteria criteria, String columns, Db.RowReader<T> reader)
      throws SQLException {
    this(connection, criteria, columns, reader, ContactCounts.atMost(connection, criteria));
    preferIndexes(connection);
  }

  /**
   * For those who have counted already, and said {@link #preferIndexes}.
   *
   * @param atMost so many there are, or fewer
   */
  Walk(
      Connection connection, Criteria criteria, String columns, Db.RowReader<T> reader, long atMost)
      throws SQLException {
    this.connection = connection;
    this.criteria = criteria;
    this.columns = columns;
    this.reader = reader;
    this.driver = Driver.choose(connection, criteria);
    this.atMost = Math.min(atMost, driver.rows());
    this.all =
        Conditions.onContacts(
            driver.through() == Driver.Through.LEADS ? criteria.withTiers(Set.of()) : criteria);
    this.helped = driver.isHelped(criteria);
    this.share = (double) atMost / Math.max(1, driver.rows());
    this.untried = helped && !criteria.isCounted();
  }

  /** The first of them, at most so many. */
  List<T> first(After after, int limit) throws SQLException {
    var found = new ArrayList<T>();
    if (atMost == 0) {
      return found;
    }
    var first = Parts.of(after.draw());
    for (var part = first; part < Parts.COUNT && found.size() < limit; part++) {
      var from = part == first ? after : After.before(part);
      found.addAll(inPart(part, from, limit - found.size()));
    }
    return found;
  }

  private List<T> inPart(int part, After after, int limit) throws SQLException {
    if (untried) {
      var sample = walk(part, after, limit, SAMPLE);
      if (sample.size() >= limit) {
        return sample;
      }
      share = sample.size() / (double) SAMPLE;
      untried = false;
    }
    return worthWalking(limit) ? walk(part, after, limit) : gather(part, after, limit);
  }

  private boolean worthWalking(int limit) {
    var inPart = (double) driver.rows() / Parts.COUNT;
    var walked = share == 0 ? inPart : Math.min(inPart, limit / share);
    return !helped || walked <= Math.max(FEW, share * inPart);
  }

  /** Walks on until there are enough, or the part ends. */
  private List<T> walk(int part, After after, int limit) throws SQLException {
    // The bound is told, for without it PostgreSQL would think that all is wanted, and sort it.
    var most = (long) (4 * limit / Math.max(share, 1e-6));
    while (most < ahead(part, after)) {
      var found = walk(part, after, limit, most);
      if (found.size() >= limit) {
        return found;
      }
      most *= 8;
    }
    return walk(part, after, limit, Integer.MAX_VALUE);
  }

  /** About how many the driver leads to from here to the end of the part: draws are even. */
  private double ahead(int part, After after) {
    var end = (part + 1L) * Parts.width();
    return (double) driver.rows() / Parts.COUNT * (end - after.draw()) / Parts.width();
  }

  private List<T> walk(int part, After after, int limit, long most) throws SQLException {
    var from = after.conditions();
    var several = driver.ids().size() > 1;
    if (several) {
      from.add(driver.column() + " = one.id");
    } else if (driver.column() != null) {
      from.ids(driver.column(), driver.ids());
    }
    var steps = "";
    if (driver.through() == Driver.Through.CONTACTS) {
      steps =
          "SELECT * FROM %s %s ORDER BY draw, phone LIMIT %d"
              .formatted(Parts.table(part), from.where(), most);
    } else {
      from.add("draw < ?::bigint", (part + 1L) * Parts.width());
      steps =
          """
          SELECT *
          FROM (SELECT phone, draw FROM %s AS list %s ORDER BY draw, phone LIMIT %d) AS listed
          JOIN %s USING (phone, draw)
          ORDER BY draw, phone LIMIT %d
          """
              .formatted(driver.through().list(), from.where(), most, Parts.table(part), most);
    }
    if (several) { // each id has its own way through the index; they are merged
      steps =
          """
          SELECT c.* FROM unnest(?) AS one (id) CROSS JOIN LATERAL (%s) AS c
          ORDER BY draw, phone LIMIT %d
          """
              .formatted(steps, most);
    }
    var sql =
        "SELECT %s FROM (%s) AS walked %s ORDER BY draw, phone LIMIT %d"
            .formatted(columns, steps, all.where(), limit);
    return query(
        sql,
        statement -> {
          var at = 1;
          if (several) {
            var ids = driver.ids().toArray(Integer[]::new);
            statement.setArray(at++, connection.createArrayOf("int4", ids));
          }
          all.bind(statement, from.bind(statement, at));
        });
  }

  private List<T> gather(int part, After after, int limit) throws SQLException {
    var gathered =
        Conditions.onContacts(criteria, after.draw(), Parts.last(part)).and(after.conditions());
    // OFFSET 0 keeps the two steps apart: the first is planned as if all of it were wanted.
    var sql =
        """
        SELECT %1$s FROM (SELECT %1$s FROM %2$s %3$s OFFSET 0) AS gathered
        ORDER BY draw, phone LIMIT %4$d
        """
            .formatted(columns, Parts.table(part), gathered.where(), limit);
    return query(sql, statement -> gathered.bind(statement, 1));
  }

  private List<T> query(String sql, Db.Binder binder) throws SQLException {
    return inTime(
        () ->
            Db.query(
                connection,
                sql,
                statement -> {
                  limited(statement);
                  binder.bind(statement);
                },
                reader));
  }

  /** Tells PostgreSQL, to the end of the transaction, that what an index leads to is cheap. */
  static void preferIndexes(Connection connection) throws SQLException {
    Db.query(connection, PREFER, _ -> {}, _ -> true);
  }

  /** Planned with its values each time, and ended when it takes too long. */
  static void limited(PreparedStatement statement) throws SQLException {
    statement.unwrap(PGStatement.class).setPrepareThreshold(0);
    statement.setQueryTimeout(SECONDS);
  }

  interface Query<R> {
    R run() throws SQLException;
  }

  /** A statement's result; a problem (422) where it was ended for taking too long. */
  static <R> R inTime(Query<R> query) throws SQLException {
    try {
      return query.run();
    } catch (SQLException e) {
      if (CANCELLED.equals(e.getSQLState())) {
        throw ProblemException.unprocessable(
            "this selection takes longer than "
                + SECONDS
                + " s to find: say a place, or longer words");
      }
      throw e;
    }
  }
}
