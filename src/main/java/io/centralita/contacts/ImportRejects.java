package io.centralita.contacts;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.centralita.db.Db;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** The rows of imports that hold no number, with what they held. */
final class ImportRejects {

  /**
   * A row.
   *
   * @param rowNo its id in the file
   * @param fields what it held, by the fields' words; without those that were empty
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Reject(long rowNo, String reason, Map<String, String> fields) {}

  /** All rejects of an import, by reason, the most frequent first. */
  record Summary(long rejected, List<Sum> reasons) {}

  /**
   * The rejects of one reason.
   *
   * @param says it in words, as most of them do
   */
  record Sum(String reason, long rows, String says) {}

  private record Said(String text, long rows) {}

  private static final int STEP = 1_000;

  private static final String AFTER =
      """
      SELECT row_no, reason, fields FROM import_rejects
      WHERE import_id = ? AND row_no > ?
      ORDER BY row_no
      LIMIT ?
      """;

  // Walks the key and leaves out what does not match: rejects are few, and asked for by people.
  private static final String AFTER_OF =
      """
      SELECT row_no, reason, fields FROM import_rejects
      WHERE import_id = ? AND row_no > ? AND reason = ANY (?)
      ORDER BY row_no
      LIMIT ?
      """;

  private static final String SAID =
      "SELECT reason, n FROM import_reject_counts WHERE import_id = ? ORDER BY n DESC, reason";

  private final Db db;

  ImportRejects(Db db) {
    this.db = db;
  }

  /**
   * Rejects of an import beyond a row, in the file's order; where a reason is given, only of it.
   */
  CompletionStage<List<Reject>> after(
      int importId, @Nullable RejectReason reason, long rowNo, int limit) {
    return reason == null
        ? page(importId, rowNo, limit)
        : said(importId).thenCompose(said -> page(importId, textsOf(said, reason), rowNo, limit));
  }

  private CompletionStage<List<Reject>> page(int importId, long rowNo, int limit) {
    return db.query(
        AFTER,
        st -> {
          begin(st, importId, rowNo);
          st.setInt(3, limit);
        },
        ImportRejects::read);
  }

  private CompletionStage<List<Reject>> page(int importId, String[] texts, long rowNo, int limit) {
    return texts.length == 0
        ? CompletableFuture.completedFuture(List.of())
        : db.query(
            AFTER_OF,
            st -> {
              begin(st, importId, rowNo);
              st.setArray(3, st.getConnection().createArrayOf("text", texts));
              st.setInt(4, limit);
            },
            ImportRejects::read);
  }

  private static void begin(PreparedStatement statement, int importId, long rowNo)
      throws SQLException {
    statement.setInt(1, importId);
    statement.setLong(2, rowNo);
  }

  private static String[] textsOf(List<Said> said, RejectReason reason) {
    return said.stream()
        .map(Said::text)
        .filter(text -> RejectReason.of(text) == reason)
        .toArray(String[]::new);
  }

  /** All rejects of an import, in the file's order, in small steps: none holds a connection. */
  Source<List<Reject>, NotUsed> all(int importId, @Nullable RejectReason reason) {
    return Source.unfoldAsync(
        Long.MIN_VALUE,
        after ->
            after == Long.MAX_VALUE
                ? CompletableFuture.completedFuture(Optional.empty())
                : after(importId, reason, after, STEP)
                    .thenApply(
                        rows ->
                            Optional.of(
                                Pair.create(
                                    rows.size() < STEP ? Long.MAX_VALUE : rows.getLast().rowNo(),
                                    rows))));
  }

  /** How many there are of which reason. */
  CompletionStage<Summary> summary(int importId) {
    return said(importId).thenApply(ImportRejects::summary);
  }

  private static Summary summary(List<Said> said) {
    var sums = new EnumMap<RejectReason, Sum>(RejectReason.class);
    for (var some : said) { // of texts with one reason the most frequent comes first
      var reason = RejectReason.of(some.text());
      sums.merge(
          reason,
          new Sum(reason.word(), some.rows(), some.text()),
          (sum, more) -> new Sum(sum.reason(), sum.rows() + more.rows(), sum.says()));
    }
    return new Summary(
        said.stream().mapToLong(Said::rows).sum(),
        sums.values().stream().sorted(Comparator.comparingLong(Sum::rows).reversed()).toList());
  }

  private CompletionStage<List<Said>> said(int importId) {
    return db.query(
        SAID, st -> st.setInt(1, importId), row -> new Said(row.getString(1), row.getLong(2)));
  }

  private static Reject read(ResultSet row) throws SQLException {
    var texts = (String[]) row.getArray(3).getArray();
    var fields = new LinkedHashMap<String, String>();
    for (var field : ImportField.ALL) {
      if (!texts[field.place].isEmpty()) {
        fields.put(field.word(), texts[field.place]);
      }
    }
    return new Reject(row.getLong(1), row.getString(2), fields);
  }
}
