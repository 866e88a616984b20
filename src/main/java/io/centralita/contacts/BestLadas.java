package io.centralita.contacts;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The LADAs of highest household income, as the newest completed import says whose file tells of
 * them, and that was not undone. A LADA counts by its highest row.
 */
public final class BestLadas {
  /** At most so many. */
  public static final int MOST = 10;

  /**
   * One LADA.
   *
   * @param state as the file has it
   * @param city as the file has it: a city, or a municipality
   * @param icpth2022 INEGI's quarterly current income of a household in 2022, in pesos
   */
  public record Best(
      @JsonSerialize(using = ToStringSerializer.class) int lada,
      @Nullable String state,
      @Nullable String city,
      @JsonProperty("icpth_2022") double icpth2022) {}

  /**
   * Those that hold now, the highest first.
   *
   * @param importId that says so; null where none does
   */
  public record InForce(@Nullable Integer importId, List<Best> items) {}

  // The index on best_ladas finds each import's first row: imports without any are passed over
  // fast.
  private static final String IN_FORCE =
      """
      WITH newest AS (
        SELECT i.id
        FROM imports i
        WHERE i.status = 'COMPLETED' AND i.undone_at IS NULL
          AND EXISTS (SELECT 1 FROM best_ladas b WHERE b.import_id = i.id)
        ORDER BY i.id DESC
        LIMIT 1)
      SELECT import_id, lada, state, city, icpth_2022
      FROM (
        SELECT DISTINCT ON (b.lada) b.import_id, b.lada, b.state, b.city, b.icpth_2022
        FROM best_ladas b
        WHERE b.import_id = (SELECT id FROM newest)
        ORDER BY b.lada, b.icpth_2022 DESC, b.row_no) AS best
      ORDER BY icpth_2022 DESC, lada
      LIMIT ?
      """;

  private record Row(int importId, Best best) {}

  private final Db db;

  public BestLadas(Db db) {
    this.db = db;
  }

  public CompletionStage<InForce> inForce() {
    return db.transaction("best LADAs", BestLadas::inForce);
  }

  /** As {@link #inForce()}, as part of a transaction. */
  public static InForce inForce(Connection connection) throws SQLException {
    var rows =
        Db.query(
            connection,
            IN_FORCE,
            statement -> statement.setInt(1, MOST),
            row ->
                new Row(
                    row.getInt(1),
                    new Best(row.getInt(2), row.getString(3), row.getString(4), row.getDouble(5))));
    return new InForce(
        rows.isEmpty() ? null : rows.getFirst().importId(), rows.stream().map(Row::best).toList());
  }
}
