package io.centralita.contacts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Selection} in the terms of the store: names are ids, words a {@code tsquery}. What is
 * null or empty does not matter.
 *
 * @param kind {@link #MOBILE} or {@link #FIXED}
 * @param held whether an extraction has them for itself
 */
public record Criteria(
    List<Integer> states,
    List<Integer> municipalities,
    List<Integer> cities,
    @Nullable Integer lada,
    @Nullable Integer kind,
    List<Integer> carriers,
    @Nullable Boolean optedOut,
    @Nullable Boolean held,
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

  /** Those of them who may be drawn: nobody holds them, and they have not opted out. */
  Criteria free() {
    return with(false, false);
  }

  /** Those of them who have not opted out. */
  Criteria withoutOptedOut() {
    return with(false, held);
  }

  private Criteria with(@Nullable Boolean newOptedOut, @Nullable Boolean newHeld) {
    return new Criteria(
        states,
        municipalities,
        cities,
        lada,
        kind,
        carriers,
        newOptedOut,
        newHeld,
        neverSent,
        sentBefore,
        sentAfter,
        sendsMin,
        sendsMax,
        tsquery);
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
        held,
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
        held,
        neverSent,
        sentBefore,
        sentAfter,
        sendsMin,
        sendsMax,
        tsquery);
  }
}
