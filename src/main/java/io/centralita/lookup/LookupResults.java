package io.centralita.lookup;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** The last valid answer for every number that was looked up, in PostgreSQL. */
final class LookupResults {

  /** A valid answer, fresh from its source. */
  record Fresh(int number, Operator operator, Instant answeredAt) {}

  private static final String RECENT =
      """
      SELECT number, operator, answered_at
      FROM lookup_results
      WHERE number = ANY (?) AND answered_at >= ?
      """;

  // Sorted by number, so that two writers lock the same rows in the same order. The last line: a
  // retried, older answer must not overwrite a newer one.
  private static final String SAVE =
      """
      INSERT INTO lookup_results (number, operator, answered_at)
      SELECT number, operator, to_timestamp(ms / 1000.0)
      FROM unnest(?::integer[], ?::smallint[], ?::bigint[]) AS fresh (number, operator, ms)
      ORDER BY number
      ON CONFLICT (number) DO UPDATE
      SET operator = EXCLUDED.operator, answered_at = EXCLUDED.answered_at
      WHERE lookup_results.answered_at < EXCLUDED.answered_at
      """;

  private final Db db;
  private final OperatorCatalogue operators;

  LookupResults(Db db, OperatorCatalogue operators) {
    this.db = db;
    this.operators = operators;
  }

  /** The answers not older than {@code since}, for those of the numbers that have one. */
  CompletionStage<Map<Integer, Finding>> recent(int[] numbers, Instant since) {
    return db.transaction(
        "recent look-up results",
        connection -> {
          var found = HashMap.<Integer, Finding>newHashMap(numbers.length);
          for (var row : rows(connection, numbers, since)) {
            var operator = operators.byId(connection, row.operator());
            found.put(
                row.number(), Finding.found(operator, Source.DATABASE, row.at().toEpochMilli()));
          }
          return found;
        });
  }

  private record Row(int number, short operator, Instant at) {}

  private static List<Row> rows(Connection connection, int[] numbers, Instant since)
      throws SQLException {
    return Db.query(
        connection,
        RECENT,
        st -> {
          st.setObject(1, numbers);
          st.setObject(2, since.atOffset(ZoneOffset.UTC));
        },
        row -> new Row(row.getInt(1), row.getShort(2), Db.instant(row, 3)));
  }

  /** Stores the answers; of several for one number the newest. */
  CompletionStage<Integer> save(List<Fresh> fresh) {
    var newest = new HashMap<Integer, Fresh>();
    for (var answer : fresh) {
      newest.merge(
          answer.number(), answer, (a, b) -> a.answeredAt().isAfter(b.answeredAt()) ? a : b);
    }
    var answers = List.copyOf(newest.values());
    var named = answers.stream().map(Fresh::operator).collect(Collectors.toSet());
    return operators.ids(db, named).thenCompose(ids -> save(answers, ids));
  }

  private CompletionStage<Integer> save(List<Fresh> answers, Map<Operator, Short> ids) {
    var numbers = answers.stream().mapToInt(Fresh::number).toArray();
    var named = new short[numbers.length];
    for (var i = 0; i < named.length; i++) {
      named[i] = Objects.requireNonNull(ids.get(answers.get(i).operator()));
    }
    var times = answers.stream().mapToLong(a -> a.answeredAt().toEpochMilli()).toArray();
    return db.update(
        SAVE,
        st -> {
          st.setObject(1, numbers);
          st.setObject(2, named);
          st.setObject(3, times);
        });
  }

  /** The operator as the catalogue has it. */
  Operator catalogued(Operator operator) {
    return operators.catalogued(operator);
  }

  static int[] array(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }
}
