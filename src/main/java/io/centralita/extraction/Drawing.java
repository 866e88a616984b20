package io.centralita.extraction;

import io.centralita.contacts.Holdings;
import io.centralita.contacts.PlaceNames;
import io.centralita.db.Db;
import io.centralita.http.Json;
import io.centralita.http.ProblemException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Draws the contacts of an extraction, and notes that they are drawn. */
final class Drawing {
  private static final String DRAWN =
      "UPDATE extractions SET drawn_at = clock_timestamp(), by_lada = ?::jsonb WHERE id = ?";

  private Drawing() {}

  /**
   * Draws what was ordered, as part of the caller's transaction, which waits for other draws.
   *
   * @return how many were drawn; where fewer than ordered, the transaction is to be given up
   * @throws ProblemException where the selection means nothing, or takes too long to find
   */
  static int draw(Connection connection, PlaceNames names, ExtractionRow row) throws SQLException {
    var criteria = names.criteria(connection, row.filter());
    var drawn = Holdings.draw(connection, row.id(), criteria, row.amount(), row.seed());
    var byLada = byLada(row, drawn);
    Db.update(
        connection,
        DRAWN,
        st -> {
          st.setString(1, Json.text(byLada));
          st.setInt(2, row.id());
        });
    return drawn.stream().mapToInt(Integer::intValue).sum();
  }

  /** How many of each LADA, where each group is one; the others are known when they are written. */
  private static Map<String, Integer> byLada(ExtractionRow row, List<Integer> drawn) {
    var counts = new TreeMap<String, Integer>();
    for (var i = 0; i < drawn.size(); i++) {
      var lada = row.filter().get(i).lada();
      if (row.type() == Type.PREMIUM && lada != null) {
        counts.merge(lada.toString(), drawn.get(i), Integer::sum);
      }
    }
    return counts;
  }
}
