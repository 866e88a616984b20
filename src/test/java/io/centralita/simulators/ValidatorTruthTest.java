package io.centralita.simulators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.scoring.Platform;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class ValidatorTruthTest {
  private static final long FIRST = 525_512_000_000L;
  private static final int NUMBERS = 10_000;

  @Test
  void statusOf_manyNumbersOnAllPlatforms_hasTheSharesThatAreTold() {
    var all =
        Arrays.stream(Platform.values())
            .flatMap(platform -> statuses(platform, 1).stream())
            .collect(Collectors.groupingBy(status -> status, Collectors.counting()));

    assertBetween(0.55, 0.62, all.getOrDefault(ValidatorTruth.Status.ACTIVE, 0L));
    assertBetween(0.08, 0.12, all.getOrDefault(ValidatorTruth.Status.INACTIVE, 0L));
    assertBetween(0.27, 0.35, all.getOrDefault(ValidatorTruth.Status.NOT_FOUND, 0L));
  }

  @Test
  void statusOf_anotherPlatformOrSeed_differs_andTheSameDoesNot() {
    var whatsapp = statuses(Platform.WHATSAPP, 1);

    assertEquals(whatsapp, statuses(Platform.WHATSAPP, 1));
    assertNotEquals(whatsapp, statuses(Platform.WHATSAPP, 2));
    assertNotEquals(whatsapp, statuses(Platform.APPLE, 1));
  }

  @Test
  void lastSeenDays_ofActiveNumbers_isWithinAMonth() {
    for (var number = FIRST; number < FIRST + 1000; number++) {
      var days = ValidatorTruth.lastSeenDays(Platform.GOOGLE, number, 1);
      var active =
          ValidatorTruth.statusOf(Platform.GOOGLE, number, 1) == ValidatorTruth.Status.ACTIVE;

      assertEquals(active, days < 30);
    }
  }

  @Test
  void lineOf_manyNumbers_findsEveryKind_andCarriersOfTheirCountry() {
    var kinds = EnumSet.noneOf(ValidatorTruth.LineKind.class);
    for (var number = FIRST; number < FIRST + 1000; number++) {
      var line = ValidatorTruth.lineOf(number, 1);
      kinds.add(line.kind());
      assertEquals("334", line.carrier().mobileCountryCode());
    }

    assertEquals(EnumSet.allOf(ValidatorTruth.LineKind.class), kinds);
    assertEquals("214", ValidatorTruth.lineOf(34_612_345_678L, 1).carrier().mobileCountryCode());
  }

  private static List<ValidatorTruth.Status> statuses(Platform platform, long seed) {
    return LongStream.range(FIRST, FIRST + NUMBERS)
        .mapToObj(number -> ValidatorTruth.statusOf(platform, number, seed))
        .toList();
  }

  private static void assertBetween(double least, double most, long count) {
    var share = (double) count / NUMBERS / Platform.values().length;
    assertTrue(share >= least && share <= most, () -> "share " + share);
  }
}
