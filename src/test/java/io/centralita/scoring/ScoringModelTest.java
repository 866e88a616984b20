package io.centralita.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.scoring.Evidence.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ScoringModelTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final ScoringModel MODEL = ScoringModel.DEFAULT;

  private static Evidence said(Platform platform, Status status, int daysAgo) {
    return new Evidence(platform, status, NOW.minus(Duration.ofDays(daysAgo)));
  }

  private static List<Evidence> allSay(Status status) {
    return Arrays.stream(Platform.values()).map(platform -> said(platform, status, 1)).toList();
  }

  private static Score score(Evidence... evidence) {
    return MODEL.score(List.of(evidence), LineType.MOBILE, NOW);
  }

  private static ScoringModel withRules(Rule... rules) {
    return new ScoringModel(
        MODEL.weights(),
        MODEL.points(),
        MODEL.fresh(),
        MODEL.halfLife(),
        MODEL.thresholds(),
        List.of(rules));
  }

  @Test
  void score_ofAllPlatforms_isTheSumOfTheirPoints() {
    assertEquals(100, MODEL.score(allSay(Status.ACTIVE), LineType.MOBILE, NOW).total());
    assertEquals(30, MODEL.score(allSay(Status.INACTIVE), LineType.MOBILE, NOW).total());
    assertEquals(0, MODEL.score(allSay(Status.NOT_FOUND), LineType.MOBILE, NOW).total());
  }

  @Test
  void score_platformThatCouldNotBeAsked_changesNothing() {
    var said =
        List.of(
            said(Platform.WHATSAPP, Status.ACTIVE, 1), said(Platform.GOOGLE, Status.NOT_FOUND, 1));
    for (var nothing : List.of(Status.ERROR, Status.RATE_LIMITED, Status.UNSUPPORTED)) {
      var more = new ArrayList<>(said);
      more.add(said(Platform.APPLE, nothing, 0));

      assertEquals(
          MODEL.score(said, LineType.MOBILE, NOW), MODEL.score(more, LineType.MOBILE, NOW));
    }
  }

  @Test
  void score_errorAfterAnAnswer_leavesTheAnswer() {
    var score =
        score(said(Platform.WHATSAPP, Status.ACTIVE, 5), said(Platform.WHATSAPP, Status.ERROR, 1));

    assertEquals(List.of(Status.ACTIVE), score.parts().stream().map(Score.Part::status).toList());
  }

  @Test
  void score_ofNothing_isUnknownAndNotPoor() {
    assertEquals(Tier.UNKNOWN, score().tier());
    assertEquals(Tier.UNKNOWN, score(said(Platform.APPLE, Status.UNSUPPORTED, 0)).tier());
    assertEquals(Tier.POOR, score(said(Platform.APPLE, Status.NOT_FOUND, 0)).tier());
  }

  @Test
  void score_ofOldEvidence_halvesWithEachHalfLife() {
    assertEquals(20, score(said(Platform.GOOGLE, Status.ACTIVE, 30)).parts().getFirst().points());
    assertEquals(
        10, score(said(Platform.GOOGLE, Status.ACTIVE, 120)).parts().getFirst().points(), 1e-9);
    assertEquals(
        5, score(said(Platform.GOOGLE, Status.ACTIVE, 210)).parts().getFirst().points(), 1e-9);
  }

  @Test
  void score_fixedLine_isCappedAndSaysWhy() {
    var score = MODEL.score(allSay(Status.ACTIVE), LineType.FIXED, NOW);

    assertEquals(19, score.total());
    assertEquals(Tier.POOR, score.tier());
    assertEquals("a fixed line receives no messages: 100 becomes 19", score.reasons().getLast());
  }

  @Test
  void score_tiers_beginAtTheirThresholds() {
    var thresholds = MODEL.thresholds();
    assertEquals(Tier.PREMIUM, thresholds.of(80));
    assertEquals(Tier.HIGH, thresholds.of(79));
    assertEquals(Tier.MEDIUM, thresholds.of(59));
    assertEquals(Tier.LOW, thresholds.of(39));
    assertEquals(Tier.POOR, thresholds.of(19));
  }

  @Test
  void rules_areAppliedInTheirOrder_andStayWithinTheScale() {
    var model =
        withRules(
            new Rule("seen everywhere", new Rule.ActiveAtLeast(5), new Rule.Add(50)),
            new Rule("on WhatsApp", new Rule.ActiveOn(Platform.WHATSAPP), new Rule.Add(-30)));

    assertEquals(70, model.score(allSay(Status.ACTIVE), LineType.MOBILE, NOW).total());
    assertEquals(
        0,
        model
            .score(
                List.of(
                    said(Platform.WHATSAPP, Status.ACTIVE, 3_000),
                    said(Platform.APPLE, Status.NOT_FOUND, 1)),
                LineType.MOBILE,
                NOW)
            .total());
  }

  @Test
  void score_ofAnyEvidence_isWithinTheScaleAndFallsWithTime() {
    var random = new Random(7);
    var statuses = List.of(Status.values());
    for (var i = 0; i < 20_000; i++) {
      var evidence = new ArrayList<Evidence>();
      for (var platform : Platform.values()) {
        if (random.nextBoolean()) {
          var status = statuses.get(random.nextInt(statuses.size()));
          evidence.add(said(platform, status, random.nextInt(400)));
        }
      }
      var now = MODEL.score(evidence, LineType.MOBILE, NOW);
      var later = MODEL.score(evidence, LineType.MOBILE, NOW.plus(Duration.ofDays(50)));

      assertTrue(now.total() >= 0 && now.total() <= 100, evidence.toString());
      assertTrue(later.total() <= now.total(), evidence.toString());
    }
  }

  @Test
  void model_thatCannotBeMeant_namesTheField() {
    var weights = Map.of(Platform.WHATSAPP, 60, Platform.APPLE, 60);
    assertEquals(
        "they add up to 120: expected 100",
        assertThrows(
                ModelException.class,
                () ->
                    new ScoringModel(
                        weights,
                        MODEL.points(),
                        MODEL.fresh(),
                        MODEL.halfLife(),
                        MODEL.thresholds(),
                        List.of()))
            .getMessage());
    refused("points", () -> points(Map.of(Status.ACTIVE, 20)));
    refused(
        "points",
        () ->
            points(
                Map.of(
                    Status.ACTIVE, 20, Status.INACTIVE, 5, Status.NOT_FOUND, 0, Status.ERROR, 0)));
    refused("thresholds", () -> new ScoringModel.Thresholds(60, 60, 40, 20));
    refused("rules.add", () -> new Rule("nothing", new Rule.AnsweredAtMost(0), new Rule.Add(0)));
    refused("rules.platforms", () -> new Rule("x", new Rule.ActiveAtLeast(6), new Rule.Cap(5)));
  }

  private static ScoringModel points(Map<Status, Integer> points) {
    return new ScoringModel(
        MODEL.weights(), points, MODEL.fresh(), MODEL.halfLife(), MODEL.thresholds(), List.of());
  }

  private static void refused(String field, org.junit.jupiter.api.function.Executable making) {
    assertEquals(field, assertThrows(ModelException.class, making).field());
  }
}
