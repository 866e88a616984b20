package io.centralita.phone;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which ranges of Mexico's numbers are of mobiles and which of fixed lines, and to whom each was
 * assigned first. A number that was taken to another carrier keeps its kind, not its carrier.
 *
 * <p>Immutable. Ranges are sorted and do not overlap; neighbours differ in kind or carrier.
 */
public final class NumberingPlan {

  /** A plan without ranges: nothing is known of any number. */
  public static final NumberingPlan EMPTY = new NumberingPlanBuilder().build();

  /** Numbers with their first six digits in common, 52 and four, are found together. */
  private static final long BLOCK = 1_000_000;

  private static final int FIRST_BLOCK = 520_000;
  private static final int BLOCKS = 10_000;

  /** How many ranges begin before each block, so that a search is among few. */
  private final int[] before = new int[BLOCKS + 1];

  private final long[] firsts;
  private final long[] lasts;
  private final LineKind[] kinds;
  private final int[] carriers;
  private final List<String> carrierNames;

  NumberingPlan(
      long[] firsts, long[] lasts, LineKind[] kinds, int[] carriers, List<String> carrierNames) {
    this.firsts = firsts;
    this.lasts = lasts;
    this.kinds = kinds;
    this.carriers = carriers;
    this.carrierNames = List.copyOf(carrierNames);
    var range = 0;
    for (var block = 0; block <= BLOCKS; block++) {
      while (range < firsts.length && firsts[range] < (FIRST_BLOCK + block) * BLOCK) {
        range++;
      }
      before[block] = range;
    }
  }

  /**
   * A plan of ranges that were kept somewhere: as {@link #first(int)} and the like gave them.
   *
   * @param carriers the index of each range's carrier in {@code carrierNames}
   * @throws IllegalArgumentException where they are not in order, or overlap
   */
  public static NumberingPlan of(
      long[] firsts, long[] lasts, LineKind[] kinds, int[] carriers, List<String> carrierNames) {
    for (var i = 0; i < firsts.length; i++) {
      if (firsts[i] > lasts[i] || (i > 0 && firsts[i] <= lasts[i - 1])) {
        throw new IllegalArgumentException("range " + i + " is not after the one before it");
      }
    }
    return new NumberingPlan(
        firsts.clone(), lasts.clone(), kinds.clone(), carriers.clone(), carrierNames);
  }

  /** The index of the range that a number is in, by its E.164 digits, or -1. */
  public int find(long number) {
    if (!PhoneNumbers.isMexican(number)) {
      return -1;
    }
    var block = (int) (number / BLOCK) - FIRST_BLOCK;
    var at = Arrays.binarySearch(firsts, before[block], before[block + 1], number);
    var range = at >= 0 ? at : -at - 2;
    return range >= 0 && number <= lasts[range] ? range : -1;
  }

  /** How many ranges there are. */
  public int size() {
    return firsts.length;
  }

  /** The first number of a range. */
  public long first(int range) {
    return firsts[range];
  }

  /** The last number of a range. */
  public long last(int range) {
    return lasts[range];
  }

  public LineKind kind(int range) {
    return kinds[range];
  }

  /** The index in {@link #carriers} of the one that a range was assigned to. */
  public int carrier(int range) {
    return carriers[range];
  }

  /** The names of all carriers, as the plan's file has them. */
  public List<String> carriers() {
    return carrierNames;
  }

  /**
   * The kind of a number of any country: of Spain by its first digits, otherwise by this plan. Null
   * where that is not known, as for services (800, 900), personal numbers and other countries.
   */
  public @Nullable LineKind kindOf(long number) {
    if (PhoneNumbers.isSpanish(number)) {
      return spanish((int) (number / 10_000_000 % 100));
    }
    var range = find(number);
    return range < 0 ? null : kinds[range];
  }

  private static @Nullable LineKind spanish(int firstTwo) {
    return switch (firstTwo) {
      case 51, 70, 80, 90, 40 -> null;
      default ->
          switch (firstTwo / 10) {
            case 6, 7 -> LineKind.MOBILE;
            case 8, 9 -> LineKind.FIXED;
            default -> null;
          };
    };
  }
}
