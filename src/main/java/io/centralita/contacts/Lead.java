package io.centralita.contacts;

import io.centralita.db.Db;
import io.centralita.scoring.Tier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How good a lead a contact is.
 *
 * @param totalScore 0 to 100
 */
record Lead(int totalScore, Tier qualityTier) {

  /**
   * That a row with a draw and a phone is a lead of one of the tiers; for conditions. Between which
   * draws it is follows from the row, but PostgreSQL does not see it, and would take all leads for
   * those of a part.
   */
  static final String OF_TIERS =
      "EXISTS (SELECT 1 FROM lead_scores AS lead (lead_phone) WHERE lead_phone = phone AND"
          + " contact_draw = draw AND quality_tier = ANY (?) AND contact_draw >= ? AND"
          + " contact_draw <= ?)";

  private static final String OF =
      "SELECT phone, total_score, quality_tier FROM lead_scores WHERE phone = ANY (?)";

  /**
   * Those of these numbers that were ever scored.
   *
   * @param phones E.164 without the plus
   */
  static Map<Long, Lead> of(Connection connection, Collection<Long> phones) throws SQLException {
    if (phones.isEmpty()) {
      return Map.of();
    }
    return Db.query(
            connection,
            OF,
            statement -> statement.setArray(1, connection.createArrayOf("int8", phones.toArray())),
            row -> Map.entry(row.getLong(1), new Lead(row.getInt(2), Tier.ofCode(row.getInt(3)))))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
