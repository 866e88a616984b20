package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Who wants no more. It is kept for numbers that are no contacts, too, for an import may bring them
 * later; nothing here is ever taken back.
 */
public final class OptOuts {

  /** What a person, or somebody for the person, said. */
  public record Order(String method, String reason, String by) {}

  /** An opt-out as it is kept; the first one counts. */
  public record OptOut(Instant at, String method, String reason, String by) {}

  /**
   * What became of a list.
   *
   * @param optedOut numbers that had not opted out before
   * @param contacts how many of these are contacts
   * @param repeated numbers that had
   */
  public record Outcome(int optedOut, int contacts, int repeated) {
    static final Outcome NONE = new Outcome(0, 0, 0);

    Outcome and(Outcome more) {
      return new Outcome(
          optedOut + more.optedOut, contacts + more.contacts, repeated + more.repeated);
    }
  }

  /** An import waits for a transaction of opt-outs at most as long as so many take. */
  private static final int AT_ONCE = 10_000;

  private static final String DEADLOCK = "40P01";
  private static final int TRIES = 3;

  // Sorted by the caller: two lists with the same numbers wait for each other, and not for ever.
  private static final String RECORD =
      """
      INSERT INTO opt_outs (phone, draw, method, reason, by)
      SELECT phone, draw, ?, ?, ? FROM unnest(?::bigint[], ?::int[]) AS new (phone, draw)
      ON CONFLICT (phone) DO NOTHING
      RETURNING phone
      """;

  private static final String MARK =
      """
      UPDATE contacts c SET opt_out_at = now()
      FROM unnest(?::bigint[], ?::int[]) AS new (phone, draw)
      WHERE c.phone = new.phone AND c.draw = new.draw AND c.opt_out_at IS NULL
      RETURNING c.phone, c.state, c.municipality, c.city, c.lada, c.kind, c.carrier, %s
      """
          .formatted(Holdings.HELD_C);

  // kind 2 is fixed: what the status was before.
  private static final String REMEMBER =
      """
      INSERT INTO contact_changes (phone, by, reason, before, after)
      SELECT phone, ?, ?,
        jsonb_build_object(
          'status', CASE kind WHEN 2 THEN 'NOT_MOBILE' ELSE 'VERIFIED' END, 'opt_out_at', NULL),
        jsonb_build_object(
          'status', 'OPTED_OUT',
          'opt_out_at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'opt_out_method', ?::text)
      FROM unnest(?::bigint[], ?::int[]) AS marked (phone, kind)
      """;

  private static final String FIND = "SELECT at, method, reason, by FROM opt_outs WHERE phone = ?";

  private record Marked(long phone, Sort sort) {}

  private final Db db;

  public OptOuts(Db db) {
    this.db = db;
  }

  /** Opts these numbers out; a list of any length, in transactions that are short. */
  public CompletionStage<Outcome> record(List<Long> phones, Order order) {
    var sorted = phones.stream().distinct().sorted().toList();
    return record(sorted, 0, order, Outcome.NONE);
  }

  private CompletionStage<Outcome> record(List<Long> phones, int from, Order order, Outcome sofar) {
    if (from >= phones.size()) {
      return CompletableFuture.completedStage(sofar);
    }
    var to = Math.min(phones.size(), from + AT_ONCE);
    return recordOnce(phones.subList(from, to), order, TRIES)
        .thenCompose(outcome -> record(phones, to, order, sofar.and(outcome)));
  }

  private CompletionStage<Outcome> recordOnce(List<Long> phones, Order order, int tries) {
    return db.transaction("opt-outs", connection -> record(connection, phones, order))
        .<CompletionStage<Outcome>>handle(
            (outcome, failure) -> {
              if (failure == null) {
                return CompletableFuture.completedStage(outcome);
              }
              // Another writer held a contact and waited for this one: it has let go now.
              return tries > 1 && isDeadlock(failure)
                  ? recordOnce(phones, order, tries - 1)
                  : CompletableFuture.failedStage(failure);
            })
        .thenCompose(stage -> stage);
  }

  private static boolean isDeadlock(Throwable failure) {
    for (var cause = Optional.of(failure); cause.isPresent(); ) {
      if (cause.get() instanceof SQLException e && DEADLOCK.equals(e.getSQLState())) {
        return true;
      }
      cause = Optional.ofNullable(cause.get().getCause());
    }
    return false;
  }

  /** One of the transactions. */
  static Outcome record(Connection connection, List<Long> phones, Order order) throws SQLException {
    ContactLocks.shared(connection);
    Walk.preferIndexes(connection);
    var added =
        Db.query(
            connection,
            RECORD,
            statement -> {
              statement.setString(1, order.method());
              statement.setString(2, order.reason());
              statement.setString(3, order.by());
              phones(statement, 4, phones);
            },
            row -> row.getLong(1));
    if (!added.isEmpty()) {
      var marked = mark(connection, added);
      remember(connection, marked, order);
      var deltas = new HashMap<Sort, Long>();
      for (var contact : marked) {
        deltas.merge(contact.sort(), -1L, Long::sum);
        deltas.merge(contact.sort().withOptedOut(true), 1L, Long::sum);
      }
      ContactCounts.apply(connection, deltas);
      return new Outcome(added.size(), marked.size(), phones.size() - added.size());
    }
    return new Outcome(0, 0, phones.size());
  }

  private static List<Marked> mark(Connection connection, List<Long> phones) throws SQLException {
    return Db.query(
        connection,
        MARK,
        statement -> phones(statement, 1, phones),
        row ->
            new Marked(
                row.getLong(1),
                new Sort(
                    row.getInt(2),
                    row.getInt(3),
                    row.getInt(4),
                    row.getInt(5),
                    row.getInt(6),
                    row.getInt(7),
                    false,
                    row.getBoolean(8))));
  }

  private static void phones(PreparedStatement statement, int at, List<Long> phones)
      throws SQLException {
    var connection = statement.getConnection();
    var draws = phones.stream().map(phone -> (Object) Draw.of(phone)).toArray();
    statement.setArray(at, connection.createArrayOf("int8", phones.toArray()));
    statement.setArray(at + 1, connection.createArrayOf("int4", draws));
  }

  private static void remember(Connection connection, List<Marked> marked, Order order)
      throws SQLException {
    var phones = marked.stream().map(contact -> (Object) contact.phone()).toArray();
    var kinds = marked.stream().map(contact -> (Object) contact.sort().kind()).toArray();
    Db.update(
        connection,
        REMEMBER,
        statement -> {
          statement.setString(1, order.by());
          statement.setString(2, order.reason());
          statement.setString(3, order.method());
          statement.setArray(4, connection.createArrayOf("int8", phones));
          statement.setArray(5, connection.createArrayOf("int4", kinds));
        });
  }

  /** The opt-out of this number, where there is one. */
  public CompletionStage<Optional<OptOut>> find(long phone) {
    return db.queryOne(
        FIND,
        statement -> statement.setLong(1, phone),
        row ->
            new OptOut(Db.instant(row, 1), row.getString(2), row.getString(3), row.getString(4)));
  }
}
