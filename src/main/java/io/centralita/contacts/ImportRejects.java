package io.centralita.contacts;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.centralita.db.Db;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

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

  private static final String AFTER =
      """
      SELECT row_no, reason, fields FROM import_rejects
      WHERE import_id = ? AND row_no > ?
      ORDER BY row_no
      LIMIT ?
      """;

  private final Db db;

  ImportRejects(Db db) {
    this.db = db;
  }

  /** Rejects of an import beyond a row, in the file's order. */
  CompletionStage<List<Reject>> after(int importId, long rowNo, int limit) {
    return db.query(
        AFTER,
        st -> {
          st.setInt(1, importId);
          st.setLong(2, rowNo);
          st.setInt(3, limit);
        },
        ImportRejects::read);
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
