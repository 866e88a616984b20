package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.simulators.SocksSimulator;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /api/v1/proxies}, over the whole of a node. */
final class ProxiesApiTest {
  private static final String PATH = "/api/v1/proxies";
  private static final SocksSimulator SOCKS =
      SocksSimulator.start(SocksSimulator.Options.loopback("acme", "hunter2secret"));
  private static final AtomicInteger HOSTS = new AtomicInteger();

  private final ApiClient admin = TestNode.admin();

  @AfterAll
  static void close() {
    SOCKS.close();
  }

  private static String newHost() {
    return "proxy-" + HOSTS.incrementAndGet() + ".example.net";
  }

  private static String body(String host, String username, String password) {
    return "{\"ip\":\"%s\",\"port_min\":12233,\"port_max\":12240,\"username\":\"%s\",\"password\":\"%s\",\"user\":null}"
        .formatted(host, username, password);
  }

  private static String local(String username, String password) {
    return "{\"ip\":\"127.0.0.1\",\"port_min\":%d,\"port_max\":%d,\"username\":\"%s\",\"password\":\"%s\",\"user\":null}"
        .formatted(SOCKS.port(), SOCKS.port(), username, password);
  }

  private String create(String json) {
    var answer = admin.post(PATH, json);
    assertEquals(201, answer.statusCode(), answer.body());
    return PATH + "/" + OpenApi.json(answer).get("id").asText();
  }

  private JsonNode get(String path) {
    return OpenApi.json(admin.get(path));
  }

  private static JsonNode ok(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return OpenApi.json(answer);
  }

  @Test
  void create_shows_andTellsNoCredentials() {
    var host = newHost();
    var created = admin.post(PATH, body(host, "user-xyzzy\\nplain-xyzzy", "pw-xyzzy"));
    var path = PATH + "/" + OpenApi.json(created).get("id").asText();

    var proxy = admin.get(path);

    var json = OpenApi.json(proxy);
    assertEquals(host, json.get("ip").asText());
    assertEquals(2, json.get("user_names").asInt());
    assertEquals("CLOSED", json.get("state").asText());
    assertEquals(0, json.get("counters").get("tls_error").asInt());
    for (var answer :
        java.util.List.of(created, proxy, admin.get(PATH), admin.get(path + "/history"))) {
      assertFalse(answer.body().contains("xyzzy"), answer.body());
    }
  }

  @Test
  void create_duplicate_is409_andNamesTheOther() {
    var host = newHost();
    var path = create(body(host, "b\\na", "p"));

    var again = admin.post(PATH, body(host.toUpperCase(java.util.Locale.ROOT), "a\\n b \\n", "q"));

    assertEquals(409, again.statusCode());
    var detail = OpenApi.problem(again).get("detail").asText();
    assertTrue(detail.contains("proxy " + path.substring(path.lastIndexOf('/') + 1)), detail);
  }

  @Test
  void create_withIdempotencyKey_isDoneOnce() {
    var json = body(newHost(), "a", "p");

    var first = admin.post(PATH, json, "Idempotency-Key", "proxy-1");
    var second = admin.post(PATH, json, "Idempotency-Key", "proxy-1");

    assertEquals(first.body(), second.body());
    assertEquals(201, second.statusCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"ip":"h","port_min":5,"port_max":4,"username":"a","password":"b"} | port_max
          {"ip":"h","port_min":0,"port_max":4,"username":"a","password":"b"} | port_min
          {"ip":"h","port_min":1,"port_max":65536,"username":"a","password":"b"} | port_max
          {"ip":"h","port_min":"1","port_max":2,"username":"a","password":"b"} | port_min
          {"ip":"h","port_max":2,"username":"a","password":"b"} | port_min
          {"ip":" ","port_min":1,"port_max":2,"username":"a","password":"b"} | ip
          {"ip":"a b","port_min":1,"port_max":2,"username":"a","password":"b"} | ip
          {"ip":"1.2.3.400","port_min":1,"port_max":2,"username":"a","password":"b"} | ip
          {"ip":"h","port_min":1,"port_max":2,"username":" ","password":"b"} | username
          {"ip":"h","port_min":1,"port_max":2,"password":"b"} | username
          {"ip":"h","port_min":1,"port_max":2,"username":"a","password":""} | password
          {"ip":"h","port_min":1,"port_max":2,"username":"a"} | password
          {"ip":"h","port_min":1,"port_max":2,"username":"a","password":"b","calls_at_once":0} | calls_at_once
          {"ip":"h","port_min":1,"port_max":2,"username":"a","password":"b","user":""} | user
          {"ip":"h","port_min":1,"port_max":2,"username":"a","password":"b","colour":1} | colour
          """)
  void create_badField_is400_andNamesIt(String json, String field) {
    var answer = admin.post(PATH, json);

    assertEquals(400, answer.statusCode(), answer.body());
    assertEquals(
        field, OpenApi.problem(answer).get("errors").get(0).get("field").asText(), answer.body());
  }

  @Test
  void create_nameTooLongWithItsSession_is400_withoutTheName() {
    var name = "user-" + "x".repeat(230);

    var answer = admin.post(PATH, body(newHost(), "ok\\n" + name, "p"));

    assertEquals(400, answer.statusCode());
    assertTrue(answer.body().contains("username: line 2 is longer"), answer.body());
    assertFalse(answer.body().contains("xxx"), answer.body());
  }

  @Test
  void onlyAdministrators_mayDoAnything() {
    var user = TestNode.user(TestNode.newUser());

    assertEquals(403, user.get(PATH).statusCode());
    assertEquals(403, user.post(PATH, body(newHost(), "a", "b")).statusCode());
    assertEquals(403, user.get(PATH + "/1").statusCode());
    assertEquals(403, user.delete(PATH + "/1").statusCode());
    assertEquals(401, admin.withKey("cen_nobody").get(PATH).statusCode());
  }

  @Test
  void unknownProxy_is404_everywhere() {
    var path = PATH + "/999999999";

    assertEquals(404, admin.get(path).statusCode());
    assertEquals(404, admin.delete(path).statusCode());
    assertEquals(404, admin.get(path + "/history").statusCode());
    assertEquals(404, admin.send("POST", path + "/test", null).statusCode());
    assertEquals(404, admin.send("POST", path + "/disable", null).statusCode());
    assertEquals(
        404, admin.send("PATCH", path, "{}", "Content-Type", "application/json").statusCode());
  }

  @Test
  void disable_enable_andHistory() {
    var path = create(body(newHost(), "a", "p"));

    var disabled = ok(admin.post(path + "/disable", "{\"reason\":\"too dear\"}"));
    var enabled = ok(admin.send("POST", path + "/enable", null));

    assertEquals("DISABLED", disabled.get("state").asText());
    assertTrue(disabled.get("reason").asText().endsWith(", too dear"), disabled.toString());
    assertEquals("CLOSED", enabled.get("state").asText());
    var history = get(path + "/history?limit=2");
    assertEquals("enabled", history.get("items").get(0).get("event").asText());
    assertEquals("disabled", history.get("items").get(1).get("event").asText());
    var rest = get(path + "/history?cursor=" + history.get("next_cursor").asText());
    assertEquals("configured", rest.get("items").get(0).get("event").asText());
    assertTrue(rest.get("next_cursor").isNull());
  }

  @Test
  void change_whatIsLeftOutStays_nullTakesAway() {
    var user = TestNode.newUser();
    var path = create(body(newHost(), "a", "p"));
    var json = "Content-Type";

    var assigned =
        ok(
            admin.send(
                "PATCH",
                path,
                "{\"user\":\"%s\",\"calls_at_once\":7,\"port_max\":12250,\"username\":\"a\",\"password\":\"p\"}"
                    .formatted(user),
                json,
                "application/json"));
    var shared = ok(admin.send("PATCH", path, "{\"user\":null}", json, "application/json"));

    assertEquals(user, assigned.get("user").asText());
    assertEquals(12250, assigned.get("port_max").asInt());
    assertEquals(12233, assigned.get("port_min").asInt());
    assertTrue(shared.get("user").isNull());
    assertEquals(7, shared.get("calls_at_once").asInt());
    var wrong = admin.send("PATCH", path, "{\"port_max\":5}", json, "application/json");
    assertEquals(400, wrong.statusCode());
  }

  private HttpResponse<String> patch(String path, String json) {
    return admin.send("PATCH", path, json, "Content-Type", "application/json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"ip":"mine.example"}                  | username, password
          {"port_min":12230}                     | username, password
          {"port_max":12239,"username":"a"}      | password
          {"ip":"mine.example","password":"p"}   | username
          """)
  void change_elsewhere_takesNoStoredCredentialsAlong(String json, String missing) {
    var path = create(body(newHost(), "a", "p"));

    var refused = patch(path, json);

    assertEquals(400, refused.statusCode(), refused.body());
    var fields =
        OpenApi.problem(refused).get("errors").valueStream().map(e -> e.get("field").asText());
    assertEquals(missing, fields.collect(Collectors.joining(", ")));
    assertEquals(12233, get(path).get("port_min").asInt());
  }

  @Test
  void change_elsewhereWithCredentials_orWithoutAny_orToTheSamePlace_isDone() {
    var host = newHost();
    var path = create(body(host, "a", "p"));
    var withoutLogin = create("{\"ip\":\"%s\",\"port_min\":1,\"port_max\":1}".formatted(newHost()));
    var moved = newHost();

    ok(patch(path, "{\"ip\":\"%s\",\"port_min\":12233}".formatted(host)));
    ok(patch(path, "{\"ip\":\"%s\",\"username\":\"a\",\"password\":\"p\"}".formatted(moved)));
    ok(patch(withoutLogin, "{\"port_max\":2}"));

    assertEquals(moved, get(path).get("ip").asText());
    assertEquals(2, get(withoutLogin).get("port_max").asInt());
  }

  @Test
  void change_twoToTheSameAtOnce_isDoneOnce_andRefusedOnce() {
    for (var round = 0; round < 10; round++) {
      var same = "{\"ip\":\"%s\",\"username\":\"a\",\"password\":\"p\"}".formatted(newHost());
      var paths = List.of(create(body(newHost(), "a", "p")), create(body(newHost(), "a", "p")));

      var changing =
          paths.stream()
              .map(path -> CompletableFuture.supplyAsync(() -> patch(path, same).statusCode()))
              .toList();

      var statuses = changing.stream().map(CompletableFuture::join).sorted().toList();
      assertEquals(List.of(200, 409), statuses);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "POST, ''",
    "GET, /1",
    "PATCH, /1",
    "DELETE, /1",
    "POST, /1/disable",
    "POST, /1/enable",
    "POST, /1/test"
  })
  void route_withAParameterThatItDoesNotKnow_is400_andNothingIsDone(String method, String path) {
    var before = get(PATH);

    var answer =
        admin.send(method, PATH + path + "?dry_run=true", "{}", "Content-Type", "application/json");

    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("takes no parameters"), answer.body());
    assertEquals(before, get(PATH));
  }

  @Test
  void list_byUserAndState_inPages() {
    var user = TestNode.newUser();
    for (var i = 0; i < 3; i++) {
      create(body(newHost(), "a", "p").replace("\"user\":null", "\"user\":\"" + user + "\""));
    }

    var first = get(PATH + "?user=" + user + "&limit=2&state=CLOSED");
    var second =
        get(PATH + "?user=" + user + "&limit=2&cursor=" + first.get("next_cursor").asText());

    assertEquals(2, first.get("items").size());
    assertEquals(1, second.get("items").size());
    assertTrue(second.get("next_cursor").isNull());
    assertEquals(400, admin.get(PATH + "?state=open").statusCode());
  }

  @Test
  void delete_takesTheCredentialsWithIt() {
    var path = create(body(newHost(), "a", "p"));
    var id = path.substring(path.lastIndexOf('/') + 1);

    assertEquals(204, admin.delete(path).statusCode());

    assertEquals(404, admin.get(path).statusCode());
    assertEquals(0, TestNode.count("SELECT count(*) FROM proxies WHERE id = " + id));
  }

  @Test
  void test_rightPassword_passes_wrongOne_saysWhy() {
    var good = create(local("user-acme", "hunter2secret"));
    var bad = create(local("user-acme-region-pt", "wrong-xyzzy"));

    var passed = ok(admin.send("POST", good + "/test", null));
    var refused = ok(admin.send("POST", bad + "/test", null));

    assertTrue(passed.get("passed").asBoolean(), passed.toString());
    assertEquals("200 from 127.0.0.1", passed.get("detail").asText());
    assertEquals("login_refused", refused.get("outcome").asText());
    assertEquals("proxy refused the login", refused.get("detail").asText());
    assertEquals(1, get(good).get("counters").get("ok").asInt());
    admin.delete(good);
    admin.delete(bad);
  }

  @Test
  void importList_givesAVerdictForEachLine() {
    var a = newHost();
    var b = newHost();
    var list =
        """
        # a provider's list
        %1$s:12233:user-a:pw:with:colons
        user-b:pw@%2$s:12233

        socks5://user-c:p%%40w@%2$s:12234
        %1$s:12233:user-a:another
        %1$s:99999:user-a:pw
        %1$s:12233:user-a
        http://u:p@%1$s:80
        nonsense
        """
            .formatted(a, b);

    var report = ok(admin.send("POST", PATH + "/import", list, "Content-Type", "text/plain"));

    assertEquals(3, report.get("added").asInt(), report.toString());
    assertEquals(1, report.get("duplicates").asInt());
    assertEquals(4, report.get("refused").asInt());
    var lines = report.get("lines");
    assertEquals(2, lines.get(0).get("line").asInt());
    assertEquals("duplicate", lines.get(3).get("verdict").asText());
    assertEquals(lines.get(0).get("id"), lines.get(3).get("id"));
    assertTrue(lines.get(4).get("reason").asText().contains("between 1 and 65535"));
    assertEquals("the password is missing", lines.get(5).get("reason").asText());
    assertEquals("the port is missing", lines.get(7).get("reason").asText());
    assertEquals("CLOSED", get(PATH + "/" + lines.get(0).get("id").asText()).get("state").asText());
    assertEquals(
        415,
        admin
            .send("POST", PATH + "/import", "{}", "Content-Type", "application/json")
            .statusCode());
  }

  @Test
  void credentials_areNowhereInClear() {
    var path = create(body(newHost(), "user-plugh", "pw-plugh"));
    ok(admin.post(path + "/disable", "{}"));
    for (var table :
        Map.of("event_journal", "event_payload", "proxies", "credentials").entrySet()) {
      assertEquals(
          0,
          TestNode.count(
              "SELECT count(*) FROM %s WHERE position('plugh'::bytea in %s) > 0"
                  .formatted(table.getKey(), table.getValue())));
    }
    assertEquals(
        0, TestNode.count("SELECT count(*) FROM idempotency_keys WHERE body LIKE '%plugh%'"));
    assertEquals(
        0,
        TestNode.count(
            "SELECT count(*) FROM snapshot WHERE position('plugh'::bytea in snapshot_payload) > 0"));
  }
}
