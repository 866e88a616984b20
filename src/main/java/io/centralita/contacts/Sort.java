package io.centralita.contacts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;

/**
 * What contacts are counted by. Places and carriers are ids, 0 where none is known.
 *
 * @param lada 0 where the number has none
 * @param kind 0 unknown, 1 mobile, 2 fixed
 * @param held whether an extraction has them for itself
 */
public record Sort(
    int state,
    int municipality,
    int city,
    int lada,
    int kind,
    int carrier,
    boolean optedOut,
    boolean held)
    implements Comparable<Sort> {

  /** The columns of contacts from which a sort follows. */
  static final String SOURCES =
      "state, municipality, city, lada, kind, carrier, opt_out_at, " + Holdings.HELD + " AS held";

  /** A sort, of those columns, as {@link #read} reads it. */
  static final String COLUMNS =
      "state, municipality, city, lada, kind, carrier, opt_out_at IS NOT NULL, held";

  /** A sort, of a row of contacts, as {@link #read} reads it. */
  static final String OF_CONTACTS =
      "state, municipality, city, lada, kind, carrier, opt_out_at IS NOT NULL, " + Holdings.HELD;

  private static final Comparator<Sort> ORDER =
      Comparator.comparingInt(Sort::state)
          .thenComparingInt(Sort::municipality)
          .thenComparingInt(Sort::city)
          .thenComparingInt(Sort::lada)
          .thenComparingInt(Sort::kind)
          .thenComparingInt(Sort::carrier)
          .thenComparing(Sort::optedOut)
          .thenComparing(Sort::held);

  /** The sort in a row whose columns from {@code at} on are {@link #COLUMNS}. */
  static Sort read(ResultSet row, int at) throws SQLException {
    return new Sort(
        row.getInt(at),
        row.getInt(at + 1),
        row.getInt(at + 2),
        row.getInt(at + 3),
        row.getInt(at + 4),
        row.getInt(at + 5),
        row.getBoolean(at + 6),
        row.getBoolean(at + 7));
  }

  @Override
  public int compareTo(Sort other) {
    return ORDER.compare(this, other);
  }

  Sort withOptedOut(boolean now) {
    return new Sort(state, municipality, city, lada, kind, carrier, now, held);
  }

  Sort withHeld(boolean now) {
    return new Sort(state, municipality, city, lada, kind, carrier, optedOut, now);
  }

  /** The sort of one whose number is this kind of line, of this carrier. */
  Sort withLine(int newKind, int newCarrier) {
    return new Sort(state, municipality, city, lada, newKind, newCarrier, optedOut, held);
  }

  /** The sort of the same contact once it stands as this row. */
  Sort movedAs(ContactRow row) {
    return row.sort(optedOut, held);
  }

  /** The sort without its carrier: what {@code contact_counts} counts. */
  Sort withoutCarrier() {
    return new Sort(state, municipality, city, lada, kind, 0, optedOut, held);
  }

  /** The sort without its municipality: what {@code carrier_counts} counts. */
  Sort withoutMunicipality() {
    return new Sort(state, 0, city, lada, kind, carrier, optedOut, held);
  }
}
