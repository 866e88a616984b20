package io.centralita.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.ApiClient;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The API of webhooks, on a whole node, with a receiver that is a server. */
class WebhooksTest {
  private static final String PATH = "/api/v1/webhooks";

  private final Receiver receiver = new Receiver();
  private final String name = TestNode.newUser();
  private final ApiClient user = TestNode.user(name);

  @AfterEach
  void stop() {
    receiver.close();
  }

  private JsonNode made(String events) {
    var answer =
        user.post(
            PATH,
            "{\"url\":\"%s\",\"events\":%s,\"description\":\"shop\"}"
                .formatted(receiver.url(), events));
    assertEquals(201, answer.statusCode(), answer.body());
    return OpenApi.json(answer);
  }

  private String path(JsonNode made) {
    return PATH + "/" + made.get("id").asLong();
  }

  private JsonNode got(String path) {
    var answer = user.get(path);
    assertEquals(200, answer.statusCode(), answer.body());
    return OpenApi.json(answer);
  }

  private List<String> statuses(String path) {
    return StreamSupport.stream(got(path + "/deliveries").get("items").spliterator(), false)
        .map(delivery -> delivery.get("status").asText())
        .toList();
  }

  private String tested(String path) {
    var answer = user.post(path + "/test", "");
    assertEquals(202, answer.statusCode(), answer.body());
    return OpenApi.json(answer).get("webhook_id").asText();
  }

  @Test
  void test_isDelivered_signedAndListed() {
    var made = made("[\"score.tier_changed\"]");

    var id = tested(path(made));
    TestNode.until(() -> statuses(path(made)).equals(List.of("delivered")));

    var told = receiver.told().getFirst();
    assertEquals(id, told.id());
    assertEquals("application/json", told.contentType());
    assertTrue(told.isSignedWith(made.get("secret").asText()));
    assertTrue(Math.abs(Instant.now().getEpochSecond() - told.timestamp()) < 60);
    assertTrue(told.body().startsWith("{\"type\":\"webhook.test\",\"timestamp\":\""), told.body());
    var delivery = got(path(made) + "/deliveries").get("items").get(0);
    assertEquals(1, delivery.get("position").asInt());
    assertEquals(204, delivery.get("last_status").asInt());
    assertEquals(id, delivery.get("webhook_id").asText());
    var webhook = got(path(made));
    assertEquals(1, webhook.get("position").asInt());
    assertTrue(webhook.get("last_success_at").isTextual());
    assertFalse(webhook.toString().contains("whsec_"));
  }

  @Test
  void delivery_receiverFailsOnce_isTriedAgainWithTheSameId() {
    receiver.answering(500);
    var made = made("[\"*\"]");

    tested(path(made));
    TestNode.until(() -> statuses(path(made)).equals(List.of("delivered")));

    var told = receiver.told();
    assertEquals(2, told.size());
    assertEquals(told.get(0).id(), told.get(1).id());
    assertEquals(told.get(0).body(), told.get(1).body());
    assertTrue(got(path(made)).get("failing_since").isNull());
  }

  @Test
  void delivery_givenUp_isListedAsFailed_andSentAgainWhenAsked() {
    receiver.answering(500).answering(302).answering(404);
    var made = made("[\"*\"]");
    tested(path(made));
    TestNode.until(() -> statuses(path(made)).equals(List.of("failed")));

    var failed = got(path(made) + "/deliveries?status=failed").get("items");
    assertEquals(1, failed.size());
    assertEquals(3, failed.get(0).get("attempts").asInt());
    assertEquals("answered 404", failed.get(0).get("last_error").asText());
    assertEquals(0, got(path(made) + "/deliveries?status=pending").get("items").size());
    assertTrue(got(path(made)).get("failing_since").isTextual());

    assertEquals(202, user.post(path(made) + "/deliveries/1/resend", "").statusCode());
    TestNode.until(() -> statuses(path(made)).equals(List.of("delivered")));
    assertEquals(4, receiver.told().size());
    assertEquals(404, user.post(path(made) + "/deliveries/2/resend", "").statusCode());
  }

  @Test
  void secrets_rotated_signWithBothUntilTheOlderEnds() {
    var made = made("[\"*\"]");
    var first = made.get("secret").asText();

    var rotated = user.post(path(made) + "/secrets", "{}");
    assertEquals(201, rotated.statusCode(), rotated.body());
    var second = OpenApi.json(rotated).get("secret").asText();
    assertNotEquals(first, second);
    tested(path(made));
    TestNode.until(() -> statuses(path(made)).equals(List.of("delivered")));

    var both = receiver.told().getFirst();
    assertEquals(2, both.signature().split(" ").length);
    assertTrue(both.isSignedWith(first) && both.isSignedWith(second));

    var third =
        user.post(path(made) + "/secrets", "{\"older_valid_until\":\"2026-01-01T00:00:00Z\"}");
    tested(path(made));
    TestNode.until(() -> statuses(path(made)).equals(List.of("delivered", "delivered")));
    var one = receiver.told().get(1);
    assertEquals(1, one.signature().split(" ").length);
    assertTrue(one.isSignedWith(OpenApi.json(third).get("secret").asText()));
    assertEquals(
        400,
        user.post(path(made) + "/secrets", "{\"older_valid_until\":\"2999-01-01T00:00:00Z\"}")
            .statusCode());
  }

  @Test
  void replay_fromAPositionOrATime_sendsAgainInOrder() {
    var made = made("[\"*\"]");
    for (var i = 1; i <= 3; i++) {
      tested(path(made));
      var sent = i;
      TestNode.until(() -> receiver.told().size() == sent);
    }
    TestNode.until(() -> !statuses(path(made)).contains("pending"));

    var answer = user.post(path(made) + "/replay", "{\"from\":2}");
    assertEquals(202, answer.statusCode(), answer.body());
    assertEquals("{\"replayed\":2,\"next\":null}", answer.body());
    TestNode.until(() -> receiver.told().size() == 5);
    var ids = receiver.told().stream().map(Receiver.Told::id).toList();
    assertEquals(ids.subList(1, 3), ids.subList(3, 5));
    TestNode.until(() -> !statuses(path(made)).contains("pending"));

    var byTime = user.post(path(made) + "/replay", "{\"from\":\"2020-01-01T00:00:00Z\"}");
    assertEquals(3, OpenApi.json(byTime).get("replayed").asInt());
    TestNode.until(() -> receiver.told().size() == 8);
    assertEquals(400, user.post(path(made) + "/replay", "{\"from\":\"then\"}").statusCode());
  }

  @Test
  void webhook_ofAnotherUser_isNotThere() {
    var path = path(made("[\"*\"]"));
    var other = TestNode.user(TestNode.newUser());

    assertEquals(404, other.get(path).statusCode());
    assertEquals(
        404, other.send("PATCH", path, "{}", "Content-Type", "application/json").statusCode());
    assertEquals(404, other.delete(path).statusCode());
    assertEquals(404, other.post(path + "/test", "").statusCode());
    assertEquals(404, other.post(path + "/secrets", "{}").statusCode());
    assertEquals(404, other.get(path + "/deliveries").statusCode());
    assertEquals(404, other.post(path + "/replay", "{\"from\":0}").statusCode());
    assertEquals(404, other.post(path + "/deliveries/1/resend", "").statusCode());
    assertEquals(0, OpenApi.json(other.get(PATH)).get("items").size());
    assertEquals(403, other.get(PATH + "?user=" + name).statusCode());
    assertEquals(200, TestNode.admin().get(path).statusCode());
    assertEquals(1, OpenApi.json(TestNode.admin().get(PATH + "?user=" + name)).get("items").size());
  }

  @Test
  void webhook_changedAndRemoved() {
    var path = path(made("[\"webhook.test\",\"webhook.test\"]"));
    assertEquals("[\"webhook.test\"]", got(path).get("events").toString());

    var off = user.send("PATCH", path, "{\"enabled\":false}", "Content-Type", "application/json");
    assertEquals(200, off.statusCode(), off.body());
    assertEquals("switched off by its owner", OpenApi.json(off).get("disabled_reason").asText());
    assertEquals(409, user.post(path + "/test", "").statusCode());
    assertEquals(409, user.post(path + "/replay", "{\"from\":0}").statusCode());

    var on =
        user.send(
            "PATCH",
            path,
            "{\"enabled\":true,\"events\":[\"*\"],\"description\":\"\"}",
            "Content-Type",
            "application/json");
    assertTrue(OpenApi.json(on).get("disabled_at").isNull(), on.body());
    assertEquals("[\"*\"]", OpenApi.json(on).get("events").toString());
    assertEquals("", OpenApi.json(on).get("disabled_reason").asText());

    assertEquals(204, user.delete(path).statusCode());
    assertEquals(404, user.get(path).statusCode());
    assertEquals(0, OpenApi.json(user.get(PATH)).get("items").size());
  }

  @Test
  void create_repeatedWithItsKey_doesNotTellTheSecretAgain() {
    var body = "{\"url\":\"%s\",\"events\":[\"*\"]}".formatted(receiver.url());
    assertEquals(201, user.post(PATH, body, "Idempotency-Key", "w").statusCode());
    var again = user.post(PATH, body, "Idempotency-Key", "w");
    assertEquals(409, again.statusCode());
    assertFalse(again.body().contains("whsec_"));
    assertEquals(
        0, TestNode.count("SELECT count(*) FROM webhook_secrets WHERE secret LIKE 'whsec%'"));
  }

  @Test
  void changes_andResends_areInTheAudit() {
    var made = made("[\"*\"]");
    var path = path(made);
    tested(path);
    TestNode.until(() -> statuses(path).equals(List.of("delivered")));
    user.send(
        "PATCH",
        path,
        "{\"enabled\":true,\"url\":\"%s&key=hidden\"}".formatted(receiver.url()),
        "Content-Type",
        "application/json");
    user.post(path + "/deliveries/1/resend", "");
    user.post(path + "/replay", "{\"from\":1}");
    user.post(path + "/secrets", "{}");
    TestNode.user(TestNode.newUser()).delete(path);
    user.delete(path);

    var audit = OpenApi.json(TestNode.admin().get("/api/v1/ops/audit?limit=200")).get("items");
    var target = "Webhook/" + made.get("id").asLong();
    var told =
        StreamSupport.stream(audit.spliterator(), false)
            .filter(
                entry ->
                    entry.get("target").asText().equals(target)
                        || entry.get("outcome").asText().equals(target + " is made"))
            .map(
                entry ->
                    entry.get("action").asText().replace("webhook_", "")
                        + " | "
                        + entry.get("details").asText()
                        + " | "
                        + entry.get("outcome").asText().replace(target, "it")
                        + (entry.get("user").asText().equals(name) ? "" : " | another"))
            .toList();
    assertEquals(
        List.of(
            "remove |  | done",
            "remove |  | refused: 404 there is no such webhook | another",
            "secret |  | done",
            "replay | from 1 | done",
            "resend | position 1 | done",
            "change | url, enabled: true | done",
            "test |  | done",
            "add |  | it is made"),
        told);
    assertFalse(audit.toString().contains("hidden"));
  }

  @Test
  void events_thatDoNotExist_areRefusedWithThoseThatDo() {
    var path = path(made("[\"score.tier_changed\",\"validation_job.finished\"]"));
    for (var events : List.of("[\"score.tier_change\"]", "[\"*\",\"secret.type\"]", "[\"\"]")) {
      var body = "{\"url\":\"%s\",\"events\":%s}".formatted(receiver.url(), events);
      for (var answer :
          List.of(
              user.post(PATH, body),
              user.send(
                  "PATCH",
                  path,
                  "{\"events\":%s}".formatted(events),
                  "Content-Type",
                  "application/json"))) {
        assertEquals(400, answer.statusCode(), events);
        assertEquals(
            "events: expected some of score.tier_changed, validation_job.finished, webhook.test,"
                + " or * for all",
            OpenApi.problem(answer).get("detail").asText());
      }
    }
  }

  @Test
  void create_whatIsNoWebhook_isRefused() {
    for (var body :
        List.of(
            "{\"url\":\"ftp://example.net\",\"events\":[\"*\"]}",
            "{\"url\":\"https://u:p@example.net\",\"events\":[\"*\"]}",
            "{\"url\":\"https://example.net/\",\"events\":[]}",
            "{\"url\":\"https://example.net/\",\"events\":[\"Everything\"]}",
            "{\"events\":[\"*\"]}")) {
      assertEquals(400, user.post(PATH, body).statusCode(), body);
    }
  }
}
