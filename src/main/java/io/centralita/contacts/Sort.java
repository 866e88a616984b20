package io.centralita.contacts;

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
  private static final Comparator<Sort> ORDER =
      Comparator.comparingInt(Sort::state)
          .thenComparingInt(Sort::municipality)
          .thenComparingInt(Sort::city)
          .thenComparingInt(Sort::lada)
          .thenComparingInt(Sort::kind)
          .thenComparingInt(Sort::carrier)
          .thenComparing(Sort::optedOut)
          .thenComparing(Sort::held);

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

  /** The sort without its carrier: what {@code contact_counts} counts. */
  Sort withoutCarrier() {
    return new Sort(state, municipality, city, lada, kind, 0, optedOut, held);
  }

  /** The sort without its municipality: what {@code carrier_counts} counts. */
  Sort withoutMunicipality() {
    return new Sort(state, 0, city, lada, kind, carrier, optedOut, held);
  }
}
