package io.centralita.contacts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Selection} in the terms of the store: names are ids, words a {@code tsquery}. What is
 * null or empty does not matter.
 *
 * @param kind {@link #MOBILE} or {@link #FIXED}
 */
public record Criteria(
    List<Integer> states,
    List<Integer> municipalities,
    List<Integer> cities,
    @Nullable Integer lada,
    @Nullable Integer kind,
    List<Integer> carriers,
    @Nullable Boolean optedOut,
    boolean neverSent,
    @Nullable Instant sentBefore,
    @Nullable Instant sentAfter,
    @Nullable Integer sendsMin,
    @Nullable Integer sendsMax,
    @Nullable String tsquery) {
  static final int MOBILE = 1;
  static final int FIXED = 2;

  public Criteria {
    states = List.copyOf(states);
    municipalities = List.copyOf(municipalities);
    cities = List.copyOf(cities);
    carriers = List.copyOf(carriers);
  }

  /** Whether the counters tell how many there are. */
  boolean isCounted() {
    return !neverSent
        && sentBefore == null
        && sentAfter == null
        && sendsMin == null
        && sendsMax == null
        && tsquery == null
        && (carriers.isEmpty() || municipalities.isEmpty());
  }

  /** Whether only those are meant to whom something was sent. */
  boolean isSent() {
    return sentBefore != null || sentAfter != null || (sendsMin != null && sendsMin > 0);
  }

  Criteria withoutCarriers() {
    return new Criteria(
        states,
        municipalities,
        cities,
        lada,
        kind,
        List.of(),
        optedOut,
        neverSent,
        sentBefore,
        sentAfter,
        sendsMin,
        sendsMax,
        tsquery);
  }

  Criteria withoutMunicipalities() {
    return new Criteria(
        states,
        List.of(),
        cities,
        lada,
        kind,
        carriers,
        optedOut,
        neverSent,
        sentBefore,
        sentAfter,
        sendsMin,
        sendsMax,
        tsquery);
  }
}
