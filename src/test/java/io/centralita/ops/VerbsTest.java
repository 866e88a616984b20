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
import io.centralita.simulators.Faults;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators do, what is refused, and what is written down of it. */
final class VerbsTest {
  private final Operator operator = new Operator();

  @AfterEach
  void healthyPortal() {
    TestNode.PORTAL.faults(Faults.NONE);
  }

  private String order(String reason) {
    return "{\"user\":\"%s\",\"reason\":\"%s\"}".formatted(operator.user, reason);
  }

  private String order() {
    return "{\"user\":\"%s\"}".formatted(operator.user);
  }

  @Test
  void passivate_atWork_is409_atRest_isDoneOnce() {
    var id = operator.slowFile(200);
    assertTrue(detail(409, operator.told(id, "passivate")).contains("pause it first"));
    assertTrue(detail(409, operator.told(id, "passivate?dry_run=true")).contains("pause it first"));
    operator.completed(id);

    assertFalse(ok(operator.told(id, "passivate?dry_run=true")).get("done").asBoolean());
    assertTrue(operator.entity(id).get("live").asBoolean());
    assertTrue(ok(operator.told(id, "passivate")).get("done").asBoolean());
    TestNode.until(() -> !operator.entity(id).get("live").asBoolean());
    assertFalse(ok(operator.told(id, "passivate")).get("done").asBoolean());
    assertTrue(detail(409, operator.told(id, "restart")).contains("not in memory"));
    detail(404, operator.told(999_999, "passivate"));
  }

  @Test
  void restart_atWork_goesOnFromItsJournal() {
    var id = operator.slowFile(700);
    assertFalse(ok(operator.told(id, "restart?dry_run=true")).get("done").asBoolean());
    assertEquals(0, operator.entity(id).get("restarts").asInt());

    var told = ok(operator.told(id, "restart"));

    assertTrue(told.get("effect").asText().contains("2 windows"), told::toString);
    TestNode.until(() -> operator.entity(id).get("children").size() == 2);
    var file = operator.entity(id);
    assertEquals(1, file.get("restarts").asInt());
    assertTrue(file.get("last_failure").get("text").asText().contains("operator"));
    assertEquals(0, file.get("stash_size").asInt());
    var hot = ok(operator.admin.get(OPS + "hot")).get("most_restarted").toString();
    assertTrue(hot.contains("\"id\":\"" + id + "\""), hot);
    operator.completed(id);
    assertEquals(700, operator.view(id).get("progres").asInt());
  }

  @Test
  void pause_ofAUser_holdsHisFiles_andThoseThatCome_andHeCannotUndoIt() {
    var running = operator.slowFile(400);
    var dry = ok(operator.told("pause?dry_run=true", order("r")));
    assertTrue(dry.get("effect").asText().contains("1 UserFile"), dry::toString);
    assertEquals("processing", operator.view(running).get("status").asText());

    assertTrue(ok(operator.told("pause", order("the portal asked us to"))).get("done").asBoolean());

    TestNode.until(() -> !operator.view(running).get("paused").isNull());
    var paused = operator.view(running).get("paused");
    assertEquals("the portal asked us to", paused.get("reason").asText());
    assertEquals("admin", paused.get("by").asText());
    assertEquals(0, operator.entity(running).get("children").size());
    assertEquals("PROCESSING", operator.entity(running).get("state_name").asText());
    var resumed = operator.theirs.send("POST", "/api/v1/files/" + running + "/resume", null);
    assertTrue(detail(409, resumed).contains("operator"));
    var later = operator.file(1);
    TestNode.until(() -> !operator.view(later).get("paused").isNull());
    var other = new Operator();
    other.completed(other.file(1)); // nobody else is held

    assertTrue(detail(409, operator.told("pause", order("again"))).contains("paused already"));
    ok(operator.told("resume", order()));

    operator.completed(running);
    operator.completed(later);
    assertTrue(detail(409, operator.told("resume", order())).contains("not paused"));
  }

  @Test
  void pause_ofAUser_leavesHisOwnPausesAsTheyAre() {
    var id = operator.slowFile(200);
    ok(operator.told("pause", order("r")));
    ok(operator.theirs.send("POST", "/api/v1/files/" + id + "/pause", null));

    ok(operator.told("resume", order()));

    assertEquals(operator.user, operator.view(id).at("/paused/by").asText());
    ok(operator.theirs.send("POST", "/api/v1/files/" + id + "/resume", null));
    operator.completed(id);
  }

  @Test
  void pause_untilATime_endsByItself() {
    var id = operator.slowFile(100);
    var until = Instant.now().plusSeconds(2);

    ok(
        operator.told(
            "pause",
            "{\"user\":\"%s\",\"reason\":\"r\",\"until\":\"%s\"}".formatted(operator.user, until)));

    TestNode.until(() -> operator.view(id).at("/paused/until").isTextual());
    operator.completed(id);
    assertTrue(Instant.now().isAfter(until));
  }

  @Test
  void pause_ofThePlatform_holdsEverybody_andIsListed() {
    var id = operator.slowFile(200);
    ok(operator.told("pause", "{\"reason\":\"maintenance\"}"));
    try {
      TestNode.until(() -> !operator.view(id).get("paused").isNull());
      var listed = ok(operator.admin.get(OPS + "pauses")).get("items");
      assertTrue(listed.get(0).get("user").isNull(), listed::toString);
      assertEquals("maintenance", listed.get(0).get("reason").asText());
    } finally {
      ok(operator.admin.send("POST", OPS + "resume", null));
    }
    operator.completed(id);
  }

  @Test
  void pause_badOrders_areRefusedByField() {
    detail(404, operator.told("pause", "{\"user\":\"nobody-here\",\"reason\":\"r\"}"));
    assertTrue(detail(400, operator.told("pause", "{}")).contains("reason"));
    assertTrue(detail(400, operator.told("pause", "{\"reason\":\" \"}")).contains("reason"));
    assertTrue(
        detail(400, operator.told("pause", "{\"reason\":\"r\",\"until\":\"2020-01-01T00:00:00Z\"}"))
            .contains("until"));
    assertTrue(
        detail(400, operator.told("pause?dry_run=yes", "{\"reason\":\"r\"}")).contains("dry_run"));
  }

  @Test
  void pause_twoOperatorsAtOnce_oneIsRefused() {
    var statuses =
        Stream.generate(
                () -> CompletableFuture.supplyAsync(() -> operator.told("pause", order("r"))))
            .limit(4)
            .toList()
            .stream()
            .map(answer -> answer.join().statusCode())
            .sorted()
            .toList();

    assertEquals(List.of(200, 409, 409, 409), statuses);
    ok(operator.told("resume", order()));
  }

  @Test
  void drain_ofTheOnlyNode_is409_andOfAnUnknownOne404() {
    var node = ok(operator.admin.get(OPS + "nodes")).at("/items/0/address").asText();

    assertTrue(
        detail(409, operator.admin.send("POST", OPS + "nodes/" + node + "/drain", null))
            .contains("only node"));
    detail(404, operator.admin.send("POST", OPS + "nodes/10.9.8.7:1/drain", null));
  }

  private JsonNode audited(String requestId) {
    var audit = ok(operator.admin.get(OPS + "audit")).get("items");
    for (var entry : audit) {
      if (entry.get("request_id").asText().equals(requestId)) {
        return entry;
      }
    }
    throw new AssertionError(requestId + " is not in " + audit);
  }

  @Test
  void audit_saysWhoDidWhatAndWhatBecameOfIt() {
    var id = operator.file(1);
    operator.completed(id);
    var passivated = operator.told(id, "passivate?dry_run=true");
    var refused = operator.told(999_999, "restart");
    var looked = operator.admin.get(Operator.path(id));
    var read = operator.admin.get(Operator.path(id) + "/journal");

    var entry = audited(requestId(passivated));
    assertEquals("passivate", entry.get("action").asText());
    assertEquals("UserFile/" + id, entry.get("target").asText());
    assertEquals("admin", entry.get("user").asText());
    assertTrue(entry.get("dry_run").asBoolean());
    assertEquals(OpenApi.json(passivated).get("effect"), entry.get("outcome"));
    assertTrue(audited(requestId(refused)).get("outcome").asText().startsWith("refused: 404"));
    TestNode.until(() -> operator.admin.get(OPS + "audit").body().contains(requestId(read)));
    assertEquals("inspect", audited(requestId(looked)).get("action").asText());
    assertEquals("journal", audited(requestId(read)).get("action").asText());
  }

  private static String requestId(java.net.http.HttpResponse<String> answer) {
    return answer.headers().firstValue("X-Request-Id").orElseThrow();
  }
}
