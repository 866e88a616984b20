package io.centralita.contacts;

import java.util.Comparator;

/**
 * What contacts are counted by. Places and carriers are ids, 0 where none is known.
 *
 * @param lada 0 where the number has none
 * @param kind 0 unknown, 1 mobile, 2 fixed
 */
public record Sort(
    int state, int municipality, int city, int lada, int kind, int carrier, boolean optedOut)
    implements Comparable<Sort> {
  private static final Comparator<Sort> ORDER =
      Comparator.comparingInt(Sort::state)
          .thenComparingInt(Sort::municipality)
          .thenComparingInt(Sort::city)
          .thenComparingInt(Sort::lada)
          .thenComparingInt(Sort::kind)
          .thenComparingInt(Sort::carrier)
          .thenComparing(Sort::optedOut);

  @Override
  public int compareTo(Sort other) {
    return ORDER.compare(this, other);
  }

  Sort withOptedOut(boolean now) {
    return new Sort(state, municipality, city, lada, kind, carrier, now);
  }

  /** The sort of one whose number is this kind of line, of this carrier. */
  Sort withLine(int newKind, int newCarrier) {
    return new Sort(state, municipality, city, lada, newKind, newCarrier, optedOut);
  }

  /** The sort without its carrier: what {@code contact_counts} counts. */
  Sort withoutCarrier() {
    return new Sort(state, municipality, city, lada, kind, 0, optedOut);
  }

  /** The sort without its municipality: what {@code carrier_counts} counts. */
  Sort withoutMunicipality() {
    return new Sort(state, 0, city, lada, kind, carrier, optedOut);
  }
}
