package io.centralita.lookup;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The numbers of files and what became of them: one row a window, arrays of equal length in it. */
final class FileWindows {

  /** The most numbers that a window holds. */
  static final int SIZE = 500;

  /**
   * One window as it is stored.
   *
   * @param round the file's round in which it was last done; 0 for never
   * @param findings one for each number; empty before the first time
   * @param newlyFound of the numbers found, how many in that round
   */
  record FileWindow(
      int windowNo, List<Integer> numbers, int round, List<Finding> findings, int newlyFound) {

    int count(Outcome outcome) {
      return (int) findings.stream().filter(finding -> finding.outcome() == outcome).count();
    }
  }

  private static final String COLUMNS =
      "window_no, numbers, round, outcomes, operators, sources, answered_ms, reasons, newly_found";

  private static final String ONE =
      "SELECT " + COLUMNS + " FROM file_windows WHERE file_id = ? AND window_no = ?";

  // Walks by key. The counts let a page skip windows that have nothing of the outcome asked for.
  private static final String FROM =
      "SELECT "
          + COLUMNS
          + """
           FROM file_windows
          WHERE file_id = ? AND window_no >= ? AND round > 0
            AND CASE ? WHEN 1 THEN found > 0 WHEN 2 THEN unknown > 0 WHEN 3 THEN failed > 0
                       ELSE true END
          ORDER BY window_no
          LIMIT ?
          """;

  // The condition makes a repeated or late write harmless: a window is stored once a round.
  private static final String FINISH =
      """
      UPDATE file_windows
      SET round = ?, outcomes = ?, operators = ?, sources = ?, answered_ms = ?, reasons = ?,
          found = ?, unknown = ?, failed = ?, newly_found = ?
      WHERE file_id = ? AND window_no = ? AND round < ?
      """;

  private static final String ADD =
      "INSERT INTO file_windows (file_id, window_no, numbers) VALUES (?, ?, ?)";

  private static final String NUMBERS = "SELECT numbers FROM file_windows WHERE file_id = ?";

  private final Db db;
  private final OperatorCatalogue operators;

  FileWindows(Db db, OperatorCatalogue operators) {
    this.db = db;
    this.operators = operators;
  }

  /** The window, as the file's entity knows it to exist. */
  CompletionStage<FileWindow> window(long fileId, int windowNo) {
    return db.transaction(
        "one window of a file",
        connection ->
            Db.query(
                    connection,
                    ONE,
                    st -> {
                      st.setLong(1, fileId);
                      st.setInt(2, windowNo);
                    },
                    row -> read(connection, row))
                .getFirst());
  }

  /**
   * The windows done so far, from {@code fromWindow} on, in order.
   *
   * @param only windows that have this outcome; null for all
   */
  CompletionStage<List<FileWindow>> from(
      long fileId, int fromWindow, @Nullable Outcome only, int limit) {
    return db.transaction(
        "windows of a file",
        connection ->
            Db.query(
                connection,
                FROM,
                st -> {
                  st.setLong(1, fileId);
                  st.setInt(2, fromWindow);
                  st.setInt(3, only == null ? 0 : only.code());
                  st.setInt(4, limit);
                },
                row -> read(connection, row)));
  }

  /** Stores what became of a window's numbers. */
  CompletionStage<Integer> finish(
      long fileId, int windowNo, int round, List<Finding> findings, int newlyFound) {
    var named = new HashSet<Operator>();
    for (var finding : findings) {
      if (finding.operator() != null) {
        named.add(finding.operator());
      }
    }
    return operators
        .ids(db, named)
        .thenCompose(ids -> finish(fileId, windowNo, round, findings, newlyFound, ids));
  }

  private CompletionStage<Integer> finish(
      long fileId,
      int windowNo,
      int round,
      List<Finding> findings,
      int newlyFound,
      Map<Operator, Short> ids) {
    var size = findings.size();
    var outcomes = new short[size];
    var found = new short[size];
    var sources = new short[size];
    var answered = new long[size];
    @Nullable String[] reasons = new @Nullable String[size];
    var counts = new int[Outcome.values().length + 1];
    for (var i = 0; i < size; i++) {
      var finding = findings.get(i);
      outcomes[i] = finding.outcome().code();
      found[i] =
          finding.operator() == null ? 0 : Objects.requireNonNull(ids.get(finding.operator()));
      sources[i] = finding.source() == null ? Source.NONE : finding.source().code();
      answered[i] = finding.answeredMs();
      reasons[i] = finding.reason();
      counts[outcomes[i]]++;
    }
    return db.update(
        FINISH,
        st -> {
          st.setInt(1, round);
          st.setObject(2, outcomes);
          st.setObject(3, found);
          st.setObject(4, sources);
          st.setObject(5, answered);
          st.setArray(6, st.getConnection().createArrayOf("text", reasons));
          st.setInt(7, counts[Outcome.FOUND.code()]);
          st.setInt(8, counts[Outcome.UNKNOWN.code()]);
          st.setInt(9, counts[Outcome.FAILED.code()]);
          st.setInt(10, newlyFound);
          st.setLong(11, fileId);
          st.setInt(12, windowNo);
          st.setInt(13, round);
        });
  }

  /** Adds the numbers as new windows after the {@code windows} that the file has. */
  static int add(Connection connection, long fileId, int windows, int[] numbers)
      throws SQLException {
    var windowNo = windows;
    try (var statement = connection.prepareStatement(ADD)) {
      for (var from = 0; from < numbers.length; from += SIZE) {
        var to = Math.min(numbers.length, from + SIZE);
        statement.setLong(1, fileId);
        statement.setInt(2, windowNo++);
        statement.setObject(3, Arrays.copyOfRange(numbers, from, to));
        statement.addBatch();
        if ((windowNo - windows) % 100 == 0) {
          statement.executeBatch();
        }
      }
      statement.executeBatch();
    }
    return windowNo;
  }

  /** Shows the consumer every number that the file has. */
  static void forEachNumber(Connection connection, long fileId, IntConsumer consumer)
      throws SQLException {
    try (var statement = connection.prepareStatement(NUMBERS)) {
      statement.setFetchSize(50);
      statement.setLong(1, fileId);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          for (var number : (Integer[]) rows.getArray(1).getArray()) {
            consumer.accept(number);
          }
        }
      }
    }
  }

  private FileWindow read(Connection connection, ResultSet row) throws SQLException {
    var numbers = List.of((Integer[]) row.getArray(2).getArray());
    var round = row.getInt(3);
    var findings = round == 0 ? List.<Finding>of() : findings(connection, row, numbers.size());
    return new FileWindow(row.getInt(1), numbers, round, findings, row.getInt(9));
  }

  private List<Finding> findings(Connection connection, ResultSet row, int size)
      throws SQLException {
    var outcomes = (Short[]) row.getArray(4).getArray();
    var ids = (Short[]) row.getArray(5).getArray();
    var sources = (Short[]) row.getArray(6).getArray();
    var answered = (Long[]) row.getArray(7).getArray();
    @Nullable String[] reasons = (@Nullable String[]) row.getArray(8).getArray();
    var findings = new ArrayList<Finding>(size);
    for (var i = 0; i < size; i++) {
      findings.add(
          new Finding(
              Outcome.of(outcomes[i]),
              ids[i] == 0 ? null : operators.byId(connection, ids[i]),
              Source.of(sources[i]).orElse(null),
              reasons[i],
              answered[i]));
    }
    return findings;
  }
}
