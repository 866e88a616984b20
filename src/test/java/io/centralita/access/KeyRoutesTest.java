package io.centralita.access;

import static io.centralita.OpenApi.json;
import static io.centralita.OpenApi.problem;
import static io.centralita.access.Node.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.pekko.http.javadsl.server.Directives;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KeyRoutesTest {
  private static final String KEYS = "/api/v1/keys";

  private static Node node;

  @BeforeAll
  static void start() {
    node = new Node(_ -> Directives.reject());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static JsonNode created(String user, String scope) {
    var answer = node.admin.post(KEYS, "{\"user\":\"%s\",\"scope\":\"%s\"}".formatted(user, scope));
    assertEquals(201, answer.statusCode(), answer.body());
    return json(answer);
  }

  private static void assertRefused(int status, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode(), answer.body());
    problem(answer);
  }

  @Test
  void create_byAnAdministrator_tellsAKeyThatWorksEitherWay() {
    var key = created("eva", "user").path("key").asText();

    assertEquals(200, node.admin.withKey(key).get(KEYS).statusCode());
    var bearer = node.admin.withKey(null).get(KEYS, "Authorization", "Bearer " + key);
    assertEquals(200, bearer.statusCode());
  }

  @Test
  void create_anyKey_isStoredAsAHashOnly() {
    var key = created("hash", "user").path("key").asText();

    var stored =
        done(node.db.query("SELECT k::text FROM api_keys k", _ -> {}, row -> row.getString(1)));

    assertFalse(stored.stream().anyMatch(row -> row.contains(key.substring(key.length() - 43))));
  }

  @Test
  void request_withoutAValidKey_is401WithChallenge() {
    var good = created("wrong", "user").path("key").asText();
    var wrongSecret = good.substring(0, good.length() - 4) + "AAAA";
    assertNotEquals(good, wrongSecret);
    var wrong =
        List.of("", "x", wrongSecret, "cen_admin_" + "A".repeat(43), "k".repeat(5000), "admin");
    for (var key : wrong) {
      assertRefused(401, node.admin.withKey(key).get(KEYS));
    }

    var none = node.admin.withKey(null).get(KEYS);
    assertRefused(401, none);
    assertTrue(none.headers().firstValue("WWW-Authenticate").orElseThrow().startsWith("Bearer"));
    assertRefused(401, node.admin.withKey(null).get(KEYS, "Authorization", "Basic YTpi"));
    assertRefused(401, node.admin.withKey(null).post(KEYS, "{}"));
    assertRefused(401, node.admin.withKey(null).delete(KEYS + "/abc"));
  }

  @Test
  void revoke_aKeyInUse_isRefusedAtOnce() {
    var made = created("rita", "user");
    var rita = node.admin.withKey(made.path("key").asText());
    var path = KEYS + "/" + made.path("id").asText();
    assertEquals(200, rita.get(KEYS).statusCode());

    assertEquals(204, node.admin.delete(path).statusCode());

    assertRefused(401, rita.get(KEYS));
    assertEquals(204, node.admin.delete(path).statusCode());
  }

  @Test
  void revoke_ownKey_isAllowed() {
    var made = created("olga", "user");
    var olga = node.admin.withKey(made.path("key").asText());

    assertEquals(204, olga.delete(KEYS + "/" + made.path("id").asText()).statusCode());

    assertRefused(401, olga.get(KEYS));
  }

  @Test
  void revoke_whatMayNotBe_isRefused() {
    var ana = node.user("ana");
    var luis = created("luis", "user").path("id").asText();
    assertRefused(403, ana.delete(KEYS + "/" + luis));
    assertRefused(403, ana.delete(KEYS + "/admin"));
    assertRefused(404, node.admin.delete(KEYS + "/nosuchkey"));
    assertRefused(404, node.admin.delete(KEYS + "/no%00key"));
    assertRefused(409, node.admin.delete(KEYS + "/admin"));
    var anasAdmin = created("ana", "admin").path("id").asText();
    assertRefused(403, ana.delete(KEYS + "/" + anasAdmin));
    assertRefused(403, ana.post(KEYS, "{\"user\":\"ana\",\"scope\":\"admin\"}"));
    assertRefused(405, node.admin.send("PATCH", KEYS, null));
  }

  @Test
  void list_byAUser_showsOwnKeysOnly() {
    created("pia", "user");
    var pia = node.user("pia");
    node.user("quim");

    var items = json(pia.get(KEYS)).path("items");

    assertEquals(2, items.size());
    items.forEach(item -> assertEquals("pia", item.path("user").asText()));
    assertRefused(403, pia.get(KEYS + "?user=quim"));
    assertRefused(400, node.admin.get(KEYS + "?user=%00"));
    assertEquals(1, json(node.admin.get(KEYS + "?user=quim")).path("items").size());
  }

  @Test
  void list_pageByPage_showsEveryKeyOnce() {
    for (var i = 0; i < 7; i++) {
      created("pages", "user");
    }
    var seen = new ArrayList<String>();
    var path = KEYS + "?user=pages&limit=3";
    for (var next = path; !next.isEmpty(); ) {
      var page = json(node.admin.get(next));
      page.path("items").forEach(item -> seen.add(item.path("id").asText()));
      var cursor = page.path("next_cursor");
      next = cursor.isNull() ? "" : path + "&cursor=" + cursor.asText();
    }

    assertEquals(7, seen.size());
    assertEquals(7, new HashSet<>(seen).size());
    assertRefused(400, node.admin.get(KEYS + "?cursor=xyz"));
    assertRefused(400, node.admin.get(KEYS + "?limit=201"));
  }

  @Test
  void use_ofAKey_isNoted() {
    node.user("tom").get(KEYS);

    // Written behind the answer's back.
    await(() -> !lastUsed("tom").isNull());
  }

  private static JsonNode lastUsed(String user) {
    return json(node.admin.get(KEYS + "?user=" + user)).path("items").path(0).path("last_used_at");
  }

  private static void await(BooleanSupplier condition) {
    var deadline = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "never came about");
    }
  }

  @Test
  void create_badInput_namesTheField() {
    assertField("user", "{\"user\":\"\",\"scope\":\"user\"}");
    assertField("user", "{\"user\":\"%s\",\"scope\":\"user\"}".formatted("x".repeat(300)));
    assertField("user", "{\"user\":\"a/b\",\"scope\":\"user\"}");
    assertField("user", "{\"user\":\"a\\u0000b\",\"scope\":\"user\"}");
    assertField("user", "{\"user\":7,\"scope\":\"user\"}");
    assertField("user", "{\"scope\":\"user\"}");
    assertField("scope", "{\"user\":\"ana\",\"scope\":\"root\"}");
    assertField("extra", "{\"user\":\"ana\",\"scope\":\"user\",\"extra\":1}");
    assertField("scope", "{\"user\":\"ana\",\"scope\":\"us");
    assertRefused(
        413, node.admin.post(KEYS, "{\"user\":\"" + "x".repeat(20_000) + "\",\"scope\":\"user\"}"));
    assertRefused(415, node.admin.send("POST", KEYS, "user=a", "Content-Type", "text/plain"));
  }

  private static void assertField(String field, String body) {
    var answer = node.admin.post(KEYS, body);
    assertRefused(400, answer);
    assertEquals(field, problem(answer).path("errors").path(0).path("field").asText());
  }

  @Test
  void create_repeatedWithItsIdempotencyKey_neverTellsTheKeyAgain() {
    var body = "{\"user\":\"once\",\"scope\":\"user\"}";
    var first = node.admin.post(KEYS, body, "Idempotency-Key", "once-1");
    assertEquals(201, first.statusCode());

    var again = node.admin.post(KEYS, body, "Idempotency-Key", "once-1");

    assertRefused(409, again);
    assertTrue(again.body().contains(json(first).path("id").asText()));
    assertEquals(1, json(node.admin.get(KEYS + "?user=once")).path("items").size());
    var stored =
        done(
            node.db.query(
                "SELECT k::text FROM idempotency_keys k", _ -> {}, row -> row.getString(1)));
    assertFalse(stored.toString().contains(json(first).path("key").asText()));
  }

  @Test
  void adminKey_changedInTheSettings_replacesTheOldOne() {
    try (var other = new Node(_ -> Directives.reject())) {
      var old = other.admin;
      assertEquals(200, old.get(KEYS).statusCode());

      done(other.keys.setAdminKey("another-administrators-key"));

      assertRefused(401, old.get(KEYS));
      var changed = old.withKey("another-administrators-key");
      assertEquals(200, changed.get(KEYS).statusCode());
    }
  }
}
