package io.centralita.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.centralita.ApiClient;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import io.centralita.scoring.ScoringModel;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Models as data: made, tried, brought into force, and all leads scored anew by them. */
final class ScoringModelsTest {
  private static final String MODELS = "/api/v1/scoring/models";

  private static final String GOOD =
      """
      {"name":"mostly-whatsapp","weights":{"whatsapp":80,"apple":20},
       "points":{"ACTIVE":20,"INACTIVE":5,"NOT_FOUND":0},"fresh_days":60,"half_life_days":30,
       "thresholds":{"premium":90,"high":60,"medium":40,"low":20},
       "rules":[{"name":"a fixed line","when":{"line_type":"fixed"},"then":{"cap":10}},
                {"name":"three are many","when":{"active_at_least":3},"then":{"add":5}},
                {"name":"one is little","when":{"answered_at_most":1},"then":{"cap":50}},
                {"name":"apple","when":{"active_on":"apple"},"then":{"add":-5}}]}
      """;

  private final ApiClient admin = TestNode.admin();
  private final ApiClient user = TestNode.contactsUser(TestNode.newUser());

  private static JsonNode json(HttpResponse<String> answer, int status) {
    assertEquals(status, answer.statusCode(), answer.body());
    return OpenApi.json(answer);
  }

  @Test
  void firstVersion_isTheBuiltInModel() {
    var first = json(user.get(MODELS + "/1"), 200);

    var body = (ObjectNode) first.deepCopy();
    body.remove(List.of("version", "name", "active", "created_by", "created_at", "activated_at"));
    assertEquals(ScoringModel.DEFAULT, ModelBody.parse(body.toString()).model());
  }

  @Test
  void model_isTriedThenActivated_andAllLeadsAreScoredAnew() {
    var numbers = LongStream.range(525_544_000_000L, 525_544_000_300L).boxed().toList();
    var evidence =
        numbers.stream()
            .map(
                number ->
                    "{\"phone_e164\":\"+%d\",\"platform\":\"apple\",\"status\":\"ACTIVE\"},"
                            .formatted(number)
                        + "{\"phone_e164\":\"+%d\",\"platform\":\"whatsapp\",\"status\":\"NOT_FOUND\"}"
                            .formatted(number))
            .collect(Collectors.joining(",", "{\"validations\":[", "]}"));
    json(user.post("/api/v1/platform-validations", evidence), 200);
    var lead = "/api/v1/scores/+" + numbers.getFirst();
    assertEquals("MEDIUM", json(user.get(lead), 200).get("quality_tier").asText()); // 50
    var made = json(admin.post(MODELS, GOOD), 201);
    var version = made.get("version").asInt();
    assertFalse(made.get("active").asBoolean());
    assertEquals(made, json(user.get(MODELS + "/" + version), 200));
    assertEquals(version, json(user.get(MODELS), 200).get("items").get(0).get("version").asInt());

    var tried = json(user.post(MODELS + "/" + version + "/compare", "{}"), 200);

    assertTrue(tried.get("compared").asInt() >= 300, tried::toString);
    assertTrue(tried.get("changed").asInt() >= 300, tried::toString);
    assertEquals("MEDIUM", json(user.get(lead), 200).get("quality_tier").asText());
    try {
      var begun = json(admin.post(MODELS + "/" + version + "/activate", ""), 202);
      var rescoring = "/api/v1/scoring/rescorings/" + begun.get("id").asInt();
      TestNode.until(
          () -> json(user.get(rescoring), 200).get("status").asText().equals("completed"));
      var done = json(user.get(rescoring), 200);
      assertEquals(done.get("total").asLong(), done.get("rescored").asLong(), done::toString);
      assertTrue(done.get("changed").asLong() >= 300, done::toString);
      var score = json(user.get(lead), 200);
      assertEquals(version, score.get("model").asInt());
      assertEquals("POOR", score.get("quality_tier").asText()); // 20 of 100, less 5
      assertEquals("POOR", score.get("history").get(0).get("quality_tier").asText());
      assertEquals(version, score.get("history").get(0).get("model").asInt());
      assertEquals("MEDIUM", score.get("history").get(1).get("quality_tier").asText());
      assertEquals(
          0,
          TestNode.count("SELECT count(*) FROM lead_scores WHERE model <> %d".formatted(version)));
      assertEquals(409, admin.post(MODELS + "/" + version + "/activate", "").statusCode());
    } finally {
      json(admin.post(MODELS + "/1/activate", ""), 202);
    }
    TestNode.until(
        () ->
            json(user.get("/api/v1/scoring/rescorings"), 200)
                .get("items")
                .get(0)
                .get("status")
                .asText()
                .equals("completed"));
    assertEquals("MEDIUM", json(user.get(lead), 200).get("quality_tier").asText());
  }

  @Test
  void lead_comesIntoAnotherTier_isToldToTheWebhooksOfWhoeverSaidWhy() {
    var made =
        json(
            user.post(
                "/api/v1/webhooks",
                "{\"url\":\"http://127.0.0.1:9/\",\"events\":[\"score.tier_changed\"]}"),
            201);
    var deliveries = "/api/v1/webhooks/" + made.get("id").asLong() + "/deliveries";
    var evidence =
        """
        {"validations":[{"phone_e164":"+525543999999","platform":"%s","status":"%s"}]}
        """;

    json(user.post("/api/v1/platform-validations", evidence.formatted("apple", "NOT_FOUND")), 200);
    json(user.post("/api/v1/platform-validations", evidence.formatted("google", "ACTIVE")), 200);

    TestNode.until(() -> json(user.get(deliveries), 200).get("items").size() > 0);
    var told = json(user.get(deliveries), 200).get("items");
    assertEquals(1, told.size(), told::toString); // the first score is no change
    assertEquals("score.tier_changed", told.get(0).get("type").asText());
  }

  @Test
  void model_thatCannotBeMeant_isRefusedByItsField() {
    for (var bad :
        List.of(
            "weights " + GOOD.replace("80", "70"),
            "weights " + GOOD.replace("\"apple\":20", "\"myspace\":20"),
            "weights " + GOOD.replace("\"apple\":20", "\"apple\":-20"),
            "points " + GOOD.replace("\"INACTIVE\":5,", ""),
            "points " + GOOD.replace("\"ACTIVE\":20", "\"ACTIVE\":21"),
            "points " + GOOD.replace("\"NOT_FOUND\":0", "\"ERROR\":0"),
            "fresh_days " + GOOD.replace("\"fresh_days\":60", "\"fresh_days\":-1"),
            "half_life_days " + GOOD.replace("\"half_life_days\":30", "\"half_life_days\":0"),
            "thresholds " + GOOD.replace("\"premium\":90", "\"premium\":60"),
            "rules.cap " + GOOD.replace("\"cap\":10", "\"cap\":100"),
            "rules.when " + GOOD.replace("{\"line_type\":\"fixed\"}", "{}"),
            "rules.then " + GOOD.replace("{\"cap\":10}", "{\"cap\":10,\"add\":1}"),
            "rules.when.line_type " + GOOD.replace("\"fixed\"", "\"pager\""),
            "rules.platforms " + GOOD.replace("\"active_at_least\":3", "\"active_at_least\":6"))) {
      var field = bad.substring(0, bad.indexOf(' '));
      var answer = admin.post(MODELS, bad.substring(field.length() + 1));
      assertEquals(400, answer.statusCode(), bad);
      assertEquals(field, OpenApi.problem(answer).get("errors").get(0).get("field").asText(), bad);
    }
    assertEquals(400, admin.post(MODELS, GOOD.replace("\"rules\"", "\"rule\"")).statusCode());
    assertEquals(403, user.post(MODELS, GOOD).statusCode());
    assertEquals(403, user.post(MODELS + "/1/activate", "").statusCode());
    assertEquals(409, admin.post(MODELS + "/1/activate", "").statusCode());
    assertEquals(404, admin.post(MODELS + "/999999/activate", "").statusCode());
    assertEquals(404, user.post(MODELS + "/999999/compare", "{}").statusCode());
    assertEquals(400, user.post(MODELS + "/1/compare", "{\"sample\":0}").statusCode());
    assertEquals(404, user.get(MODELS + "/999999").statusCode());
    assertEquals(404, user.get("/api/v1/scoring/rescorings/999999").statusCode());
    var nobody = TestNode.user(TestNode.newUser());
    assertEquals(403, nobody.get(MODELS).statusCode());
  }
}
