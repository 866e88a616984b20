package io.centralita.contacts;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * That a delivered extraction has a contact.
 *
 * @param at since when there is the file
 * @param by who ordered it
 */
record Extracted(Instant at, String by, int extractionId) {

  // The view is what extractions tell others of themselves.
  private static final String OF =
      """
      SELECT phone, extracted_at, extracted_by, extraction_id FROM extracted_contacts
      JOIN unnest(?::int[], ?::bigint[]) AS wanted (draw, phone) USING (draw, phone)
      """;

  /**
   * Those of these numbers that one has.
   *
   * @param phones E.164 without the plus
   */
  static Map<Long, Extracted> of(Connection connection, Collection<Long> phones)
      throws SQLException {
    if (phones.isEmpty()) {
      return Map.of();
    }
    return Db.query(
            connection,
            OF,
            statement -> {
              statement.setArray(
                  1, connection.createArrayOf("int4", phones.stream().map(Draw::of).toArray()));
              statement.setArray(2, connection.createArrayOf("int8", phones.toArray()));
            },
            row ->
                Map.entry(
                    row.getLong(1),
                    new Extracted(Db.instant(row, 2), row.getString(3), row.getInt(4))))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
