package io.centralita.contacts;

import io.centralita.scoring.Tier;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Selection} in the terms of the store: names are ids, words a {@code tsquery}. What is
 * null or empty does not matter.
 *
 * @param kind {@link #MOBILE} or {@link #FIXED}
 * @param held whether an extraction has them for itself
 * @param tiers of their leads; with {@link Tier#UNKNOWN}, those who were never scored, too
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
    @Nullable String tsquery,
    Set<Tier> tiers) {
  static final int MOBILE = 1;
  static final int FIXED = 2;

  public Criteria {
    states = List.copyOf(states);
    municipalities = List.copyOf(municipalities);
    cities = List.copyOf(cities);
    carriers = List.copyOf(carriers);
    tiers = tiers.size() == Tier.values().length ? Set.of() : Set.copyOf(tiers);
  }

  /** Whether the counters tell how many there are. */
  boolean isCounted() {
    return !neverSent
        && sentBefore == null
        && sentAfter == null
        && sendsMin == null
        && sendsMax == null
        && tsquery == null
        && tiers.isEmpty()
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
        tsquery,
        tiers);
  }

  /**
   * The tiers of which a lead must be; empty where it must be of none of {@link #tiersAvoided}, or
   * where tiers do not matter.
   */
  Set<Tier> tiersNeeded() {
    return tiers.contains(Tier.UNKNOWN) ? Set.of() : tiers;
  }

  /** The tiers that a lead must not be of, where one of no tier will do. */
  Set<Tier> tiersAvoided() {
    if (!tiers.contains(Tier.UNKNOWN)) {
      return Set.of();
    }
    var avoided = EnumSet.allOf(Tier.class);
    avoided.removeAll(tiers);
    return avoided;
  }

  Criteria withTiers(Set<Tier> newTiers) {
    return new Criteria(
        states,
        municipalities,
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
        tsquery,
        newTiers);
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
        tsquery,
        tiers);
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
        tsquery,
        tiers);
  }
}
