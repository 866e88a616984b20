package io.centralita.cluster;

/**
 * What a target bears from the whole cluster.
 *
 * @param atOnce calls under way at once, at least 1
 * @param perSecond calls begun in a second, more than 0; infinite where only {@code atOnce} counts
 */
public record Limit(int atOnce, double perSecond) {

  public Limit {
    if (atOnce < 1 || !(perSecond > 0)) {
      throw new IllegalArgumentException("a limit lets through one call at least");
    }
  }

  /** So many calls at once, however many that makes in a second. */
  public static Limit atOnce(int calls) {
    return new Limit(calls, Double.POSITIVE_INFINITY);
  }

  /** A part of it: one call at once at least. */
  Limit times(double part) {
    return new Limit(Math.max(1, (int) (atOnce * part + 1e-6)), perSecond * part);
  }
}
