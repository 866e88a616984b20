package io.centralita.phone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberingPlanTest {
  private static final long START = 524111800000L;

  private final NumberingPlanBuilder builder = new NumberingPlanBuilder();

  @Test
  void find_numbersAtAndBesideTheEdges_isTheRangeOrNone() {
    builder.add(START + 100, START + 199, LineKind.MOBILE, "B");
    builder.add(START, START + 49, LineKind.FIXED, "A");
    var plan = builder.build();

    assertEquals(2, plan.size());
    assertEquals(-1, plan.find(START - 1));
    assertEquals(0, plan.find(START));
    assertEquals(0, plan.find(START + 49));
    assertEquals(-1, plan.find(START + 50));
    assertEquals(-1, plan.find(START + 99));
    assertEquals(1, plan.find(START + 100));
    assertEquals(1, plan.find(START + 199));
    assertEquals(-1, plan.find(START + 200));
    assertEquals("B", plan.carriers().get(plan.carrier(1)));
    assertEquals(LineKind.FIXED, plan.kind(0));
  }

  @Test
  void build_neighboursOfOneKindAndCarrier_areOneRange() {
    builder.add(START + 200, START + 299, LineKind.MOBILE, "A");
    builder.add(START, START + 99, LineKind.MOBILE, "A");
    builder.add(START + 100, START + 199, LineKind.MOBILE, "A");
    builder.add(START + 300, START + 399, LineKind.FIXED, "A");
    builder.add(START + 400, START + 499, LineKind.FIXED, "B");
    var plan = builder.build();

    assertEquals(3, plan.size());
    assertEquals(START, plan.first(0));
    assertEquals(START + 299, plan.last(0));
  }

  @Test
  void add_overEarlierRanges_takesTheirPlace() {
    assertFalse(builder.add(START, START + 99, LineKind.FIXED, "A"));
    assertFalse(builder.add(START + 100, START + 109, LineKind.FIXED, "C"));
    assertTrue(builder.add(START + 20, START + 29, LineKind.MOBILE, "B"));
    assertTrue(builder.add(START + 90, START + 200, LineKind.MOBILE, "B"));
    var plan = builder.build();

    assertEquals(List.of("0-19 A", "20-29 B", "30-89 A", "90-200 B"), ranges(plan));
  }

  @Test
  void of_whatAPlanTells_isThatPlan() {
    var kinds = new LineKind[] {LineKind.MOBILE, LineKind.FIXED};
    var plan =
        NumberingPlan.of(
            new long[] {START, START + 10},
            new long[] {START + 9, START + 19},
            kinds,
            new int[] {1, 0},
            List.of("A", "B"));

    assertEquals(List.of("0-9 B", "10-19 A"), ranges(plan));
    assertEquals(1, plan.find(START + 10));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            NumberingPlan.of(
                new long[] {START, START + 9},
                new long[] {START + 9, START + 19},
                kinds,
                new int[] {0, 0},
                List.of("A")));
  }

  private static List<String> ranges(NumberingPlan plan) {
    var ranges = new ArrayList<String>();
    for (var i = 0; i < plan.size(); i++) {
      ranges.add(
          "%d-%d %s"
              .formatted(
                  plan.first(i) - START,
                  plan.last(i) - START,
                  plan.carriers().get(plan.carrier(i))));
    }
    return ranges;
  }

  @Test
  void find_anyRangesInAnyOrder_isTheLastOneAdded() {
    var random = new SplittableRandom(1);
    var byHand = new int[2000];
    for (var i = 1; i <= 400; i++) {
      var first = random.nextInt(byHand.length);
      var last = Math.min(byHand.length - 1, first + random.nextInt(60));
      builder.add(START + first, START + last, LineKind.MOBILE, Integer.toString(i % 7));
      for (var n = first; n <= last; n++) {
        byHand[n] = 1 + i % 7;
      }
    }
    var plan = builder.build();

    for (var n = 0; n < byHand.length; n++) {
      var range = plan.find(START + n);
      var carrier = range < 0 ? 0 : 1 + Integer.parseInt(plan.carriers().get(plan.carrier(range)));
      assertEquals(byHand[n], carrier);
    }
  }

  @Test
  void find_rangeOfAWholeAreaCode_isFoundThroughout() {
    builder.add(528100000000L, 528199999999L, LineKind.MOBILE, "A");
    builder.add(529999990000L, 529999999999L, LineKind.FIXED, "B");
    var plan = builder.build();

    for (var number = 528100000000L; number <= 528199999999L; number += 999_999) {
      assertEquals(0, plan.find(number));
    }
    assertEquals(-1, plan.find(528200000000L));
    assertEquals(1, plan.find(529999999999L));
    assertEquals(-1, plan.find(530000000000L));
  }

  @Test
  void find_emptyPlan_isNone() {
    assertEquals(-1, NumberingPlan.EMPTY.find(START));
    assertEquals(-1, NumberingPlan.EMPTY.find(0));
    assertEquals(-1, NumberingPlan.EMPTY.find(Long.MAX_VALUE));
    assertEquals(0, NumberingPlan.EMPTY.size());
  }

  @ParameterizedTest
  @CsvSource({
    "524111800005, FIXED",
    "524111900000,",
    "34600123456, MOBILE",
    "34711234567, MOBILE",
    "34912345678, FIXED",
    "34812345678, FIXED",
    "34900123456,",
    "34803123456,",
    "34701234567,",
    "34512345678,",
    "12125552368,"
  })
  void kindOf_numbersOfAnyCountry_isWhatTheirPlanSays(long number, @Nullable LineKind kind) {
    builder.add(START, START + 99, LineKind.FIXED, "A");

    assertEquals(kind, builder.build().kindOf(number));
  }
}
