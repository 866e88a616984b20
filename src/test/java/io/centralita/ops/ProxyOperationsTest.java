package io.centralita.ops;

import static io.centralita.ops.Operator.OPS;
import static io.centralita.ops.Operator.detail;
import static io.centralita.ops.Operator.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Proxies as operators see them: looks, journals, verbs, and what may be called by them. */
final class ProxyOperationsTest {
  private static final String PROXIES = "/api/v1/proxies/";
  private static final AtomicInteger NAMES = new AtomicInteger();

  /** Where nothing listens. */
  private static final int NOBODY = 1;

  private final Operator operator = new Operator();
  private final List<String> created = new ArrayList<>();

  @AfterEach
  void remove() {
    created.forEach(id -> operator.admin.delete(PROXIES + id));
  }

  private String proxy(int port, String more) {
    var json =
        "{\"ip\":\"127.0.0.1\",\"port_min\":%1$d,\"port_max\":%1$d,\"username\":\"name-xyzzy-%2$d\",\"password\":\"word-xyzzy\"%3$s}"
            .formatted(port, NAMES.incrementAndGet(), more);
    var answer = operator.admin.post("/api/v1/proxies", json);
    assertEquals(201, answer.statusCode(), answer.body());
    var id = OpenApi.json(answer).get("id").asText();
    created.add(id);
    ok(operator.admin.get(PROXIES + id)); // which it answers when it is configured
    return id;
  }

  private HttpResponse<String> tested(String id) {
    return operator.admin.send("POST", PROXIES + id + "/test", null);
  }

  /** A proxy whose circuit five failed calls have opened. */
  private String opened() {
    var id = proxy(NOBODY, "");
    for (var i = 0; i < 5; i++) {
      ok(tested(id));
    }
    ok(operator.admin.get(PROXIES + id)); // which it answers when its event is stored
    return id;
  }

  private static String path(String id) {
    return OPS + "entities/proxy/" + id;
  }

  private JsonNode entity(String id) {
    return ok(operator.admin.get(path(id)));
  }

  private HttpResponse<String> told(String id, String verb) {
    return operator.admin.send("POST", path(id) + "/" + verb, null);
  }

  private static Stream<JsonNode> items(JsonNode page) {
    return StreamSupport.stream(page.get("items").spliterator(), false);
  }

  @Test
  void entities_ofTypeProxy_areListedAndCountedByState() {
    var id = proxy(NOBODY, "");
    ok(operator.admin.post(PROXIES + id + "/disable", "{\"reason\":\"too dear\"}"));

    var listed = ok(operator.admin.get(OPS + "entities?type=proxy&state=DISABLED&limit=200"));
    var types = ok(operator.admin.get(OPS + "types"));

    var entry = items(listed).filter(item -> item.get("id").asText().equals(id)).findFirst();
    assertEquals("Proxy", entry.orElseThrow().get("type").asText());
    assertTrue(entry.get().get("note").asText().endsWith("too dear"), listed::toString);
    assertTrue(entry.get().get("owner").isNull());
    var type = items(types).filter(one -> one.get("type").asText().equals("Proxy")).findFirst();
    var states = type.orElseThrow().get("states");
    assertEquals(List.of("CLOSED", "OPEN", "HALF_OPEN", "DISABLED"), OpenApi.names(states));
    assertTrue(states.get("DISABLED").asInt() >= 1);
    detail(400, operator.admin.get(OPS + "entities?type=proxy&state=PAUSED"));
  }

  @Test
  void entity_opened_saysWhyAndUntilWhen_andNamesNoCredential() {
    var id = opened();

    var answer = operator.admin.get(path(id));

    var proxy = ok(answer);
    assertTrue(proxy.get("live").asBoolean() && proxy.get("answers").asBoolean());
    assertEquals("OPEN", proxy.get("state_name").asText());
    assertEquals("OPEN", proxy.at("/state/status").asText());
    assertTrue(proxy.at("/state/reason").asText().startsWith("5 connection errors"));
    assertEquals(1, proxy.at("/state/configuration/user_names").asInt());
    assertEquals(2, proxy.get("sequence_nr").asInt());
    assertEquals("Opened", proxy.at("/last_events/0/event").asText());
    assertTrue(proxy.at("/last_failure/text").asText().startsWith("5 connection errors"));
    var retryAt = ok(operator.admin.get(PROXIES + id)).get("retry_at").asText();
    assertEquals(Instant.parse(retryAt), Instant.parse(proxy.at("/timers/0/due").asText()));
    assertEquals(ok(operator.admin.get(OPS + "nodes")).at("/items/0/address"), proxy.get("node"));
    assertFalse(answer.body().contains("xyzzy"), answer.body());
    assertTrue(detail(409, told(id, "passivate")).contains("a clock will wake it"));
  }

  @Test
  void journal_pagedAsOfAndDiff_tellsHowItCameToThat() {
    var id = opened();
    var journal = path(id) + "/journal";

    var first = ok(operator.admin.get(journal + "?limit=1"));
    var second = ok(operator.admin.get(journal + "?from=" + first.get("next_from")));
    var before = ok(operator.admin.get(journal + "?as_of=1"));
    var diff = ok(operator.admin.get(journal + "/diff?from=1&to=2"));

    assertEquals("Configured", first.at("/items/0/event").asText());
    assertEquals("admin", first.at("/items/0/data/cause/by").asText());
    assertTrue(first.at("/items/0/data/at").isMissingNode());
    assertEquals("Opened", second.at("/items/0/event").asText());
    assertEquals("CLOSED", before.at("/state/status").asText());
    assertEquals(
        entity(id).get("state"), ok(operator.admin.get(journal + "?as_of=2")).get("state"));
    var changed =
        StreamSupport.stream(diff.get("changes").spliterator(), false)
            .map(change -> change.get("path").asText())
            .collect(Collectors.toSet());
    assertTrue(changed.containsAll(List.of("/status", "/until")), diff::toString);
    assertEquals(
        diff.get("changes"), ok(operator.admin.get(journal + "/diff?from=1")).get("changes"));
    assertFalse(first.toString().contains("xyzzy"), first::toString);
    for (var past : List.of("?from=3", "?as_of=3", "/diff?from=1&to=3")) {
      assertTrue(detail(400, operator.admin.get(journal + past)).contains("number 2"), past);
    }
  }

  @Test
  void entity_testedByTwoOperators_showsOneCall_andRestartedAnswersBoth() throws IOException {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var id = proxy(silent.getLocalPort(), "");
      var testers =
          Stream.generate(() -> CompletableFuture.supplyAsync(() -> tested(id))).limit(2).toList();
      TestNode.until(() -> entity(id).get("children").size() == 1);

      var trial = entity(id).at("/children/0");

      assertEquals("trial 1", trial.get("name").asText());
      assertEquals(1, trial.get("tries").asInt());
      assertEquals("the answer to its call", trial.get("waiting").asText());
      assertTrue(detail(409, told(id, "passivate")).contains("a call of its own"));
      assertTrue(ok(told(id, "restart")).get("effect").asText().contains("trial"));
      for (var tester : testers) {
        assertTrue(detail(409, tester.join()).contains("begins again"));
      }
      TestNode.until(() -> entity(id).get("children").isEmpty());
      assertEquals(1, entity(id).get("restarts").asInt());
    }
  }

  @Test
  void passivate_unused_isDoneOnce_andWhoeverAsksWakesIt() {
    var id = proxy(NOBODY, "");
    var before = entity(id);
    TestNode.until(() -> told(id, "passivate?dry_run=true").statusCode() == 200); // it is shown
    assertFalse(ok(told(id, "passivate?dry_run=true")).get("done").asBoolean());
    assertTrue(entity(id).get("live").asBoolean());

    TestNode.until(() -> told(id, "passivate").statusCode() == 200);

    TestNode.until(() -> !entity(id).get("live").asBoolean());
    var resting = entity(id);
    assertEquals("CLOSED", resting.get("state_name").asText());
    assertEquals(before.get("state"), resting.get("state"));
    assertFalse(ok(told(id, "passivate")).get("done").asBoolean());
    assertTrue(detail(409, told(id, "restart")).contains("not in memory"));
    assertEquals("CLOSED", ok(operator.admin.get(PROXIES + id)).get("state").asText());
    assertTrue(entity(id).get("live").asBoolean());
  }

  @Test
  void restartAndDisable_byTwoOperatorsAtOnce_areBothDone() {
    var id = opened();
    var disabling =
        CompletableFuture.supplyAsync(() -> operator.admin.post(PROXIES + id + "/disable", "{}"));
    var restarting = CompletableFuture.supplyAsync(() -> told(id, "restart"));

    assertTrue(ok(restarting.join()).get("done").asBoolean());
    assertEquals("DISABLED", ok(disabling.join()).get("state").asText());

    var proxy = entity(id);
    assertEquals("DISABLED", proxy.get("state_name").asText());
    assertEquals(3, proxy.get("sequence_nr").asInt());
    assertEquals(1, proxy.get("restarts").asInt());
    assertEquals(0, proxy.get("timers").size());
    assertTrue(proxy.at("/last_failure/text").asText().contains("operator"), proxy::toString);
  }

  @Test
  void pause_ofOneEntity_isRefusedAndSaysWhatThereIs() {
    var id = proxy(NOBODY, "");

    var refused = detail(404, told(id, "pause"));

    assertTrue(refused.contains("/api/v1/proxies/{id}/disable"), refused);
    assertTrue(detail(404, told(id, "resume")).contains("passivate and restart"));
    var file = operator.admin.send("POST", OPS + "entities/UserFile/1/pause", null);
    assertTrue(detail(404, file).contains("/api/v1/files/{id}/pause"));
  }

  @Test
  void unknownProxy_is404_everywhere() {
    for (var id : List.of("999999999", "abc", "0")) {
      assertTrue(detail(404, operator.admin.get(path(id))).contains("Proxy"));
      detail(404, operator.admin.get(path(id) + "/journal"));
      detail(404, told(id, "passivate"));
      detail(404, told(id, "restart"));
    }
  }

  @Test
  void removed_isGoneForPeople_andCanStillBeReadInItsJournal() {
    var id = proxy(NOBODY, ",\"calls_at_once\":3");
    assertEquals(204, operator.admin.delete(PROXIES + id).statusCode());

    detail(404, operator.admin.get(PROXIES + id));
    detail(404, operator.admin.get(PROXIES + id + "/history"));
    assertEquals("REMOVED", entity(id).get("state_name").asText());
    assertEquals("Removed", entity(id).at("/last_events/0/event").asText());
    assertTrue(target("proxy-" + id).isMissingNode());
  }

  /** The target of that name, on whatever page; missing where there is none. */
  private JsonNode target(String name) {
    var next = OPS + "targets?limit=1";
    while (true) {
      var page = ok(operator.admin.get(next));
      assertTrue(page.get("items").size() <= 1);
      if (page.at("/items/0/target").asText().equals(name)) {
        return page.at("/items/0");
      }
      if (page.get("next_cursor").isNull()) {
        return page.at("/items/1");
      }
      next = OPS + "targets?limit=1&cursor=" + page.get("next_cursor").asText();
    }
  }

  @Test
  void targets_portalAndProxies_showTheirBudgetsAndWhoHasThem() {
    var limited = "proxy-" + proxy(NOBODY, ",\"calls_at_once\":3,\"calls_per_second\":2.5");
    var free = "proxy-" + proxy(NOBODY, "");
    TestNode.until(() -> target(limited).at("/nodes/0/at_once").asInt() == 3);

    var portal = ok(operator.admin.get(OPS + "targets")).at("/items/0");

    assertEquals("portal", portal.get("target").asText());
    assertEquals(TestNode.CALLS_AT_ONCE, portal.at("/limit/at_once").asInt());
    assertTrue(portal.at("/limit/per_second").isNull());
    var proxy = target(limited);
    assertEquals(Map.of("at_once", 3.0, "per_second", 2.5), numbers(proxy.get("limit")));
    assertEquals(proxy.get("limit"), proxy.get("in_force"));
    assertTrue(proxy.get("closed_until").isNull());
    assertEquals(
        ok(operator.admin.get(OPS + "nodes")).at("/items/0/address"), proxy.at("/nodes/0/node"));
    assertTrue(target(free).get("limit").isNull());
    assertTrue(detail(400, operator.admin.get(OPS + "targets?cursor=x")).contains("cursor"));
    detail(400, operator.admin.get(OPS + "targets?limit=0"));
  }

  private static Map<String, Double> numbers(JsonNode object) {
    return OpenApi.names(object).stream()
        .collect(Collectors.toMap(name -> name, name -> object.get(name).asDouble()));
  }

  @Test
  void metrics_countProxiesAsTheyCountFiles() {
    ok(told(opened(), "restart"));

    var metrics = operator.admin.get("/metrics").body();

    for (var expected :
        List.of(
            "centralita_entities{state=\"half_open\",type=\"Proxy\"}",
            "centralita_entities_live{type=\"Proxy\"}",
            "centralita_entity_restarts_total{type=\"Proxy\"}",
            "centralita_entity_mailbox_seconds_count{type=\"Proxy\"}",
            "centralita_events_journalled_total{event=\"Opened\",type=\"Proxy\"}",
            "centralita_shards{type=\"Proxy\"}")) {
      assertTrue(metrics.contains("\n" + expected), expected + " in\n" + metrics);
    }
  }
}
