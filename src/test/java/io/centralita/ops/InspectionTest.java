package io.centralita.ops;

import static io.centralita.ops.Operator.OPS;
import static io.centralita.ops.Operator.detail;
import static io.centralita.ops.Operator.ok;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.TestNode;
import io.centralita.simulators.Faults;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes, entities and journals, seen by an administrator and by nobody else. */
final class InspectionTest {
  private final Operator operator = new Operator();

  @AfterEach
  void healthyPortal() {
    TestNode.PORTAL.faults(Faults.NONE);
  }

  @Test
  void everyPath_withAUsersKey_is403_andWithoutAKey401() {
    var id = operator.file(1);
    var gets =
        List.of(
            "nodes",
            "types",
            "shards",
            "targets",
            "hot",
            "pauses",
            "audit",
            "entities",
            "entities/UserFile/" + id,
            "entities/UserFile/" + id + "/journal",
            "entities/UserFile/" + id + "/journal/diff?from=0&to=1");
    for (var path : gets) {
      detail(403, operator.theirs.get(OPS + path));
      detail(401, operator.theirs.withKey(null).get(OPS + path));
    }
    var posts =
        List.of(
            "pause",
            "resume",
            "nodes/a:1/drain",
            "entities/UserFile/" + id + "/passivate",
            "entities/UserFile/" + id + "/restart");
    for (var path : posts) {
      detail(403, operator.theirs.post(OPS + path, "{\"reason\":\"r\"}"));
      detail(401, operator.theirs.withKey(null).post(OPS + path, "{\"reason\":\"r\"}"));
    }
  }

  @Test
  void nodes_oneNode_isUpWithItsLoad() {
    var id = operator.file(1);
    operator.completed(id);

    var nodes = ok(operator.admin.get(OPS + "nodes")).get("items");

    assertEquals(1, nodes.size());
    var node = nodes.get(0);
    assertEquals("Up", node.get("status").asText());
    assertTrue(node.get("reachable").asBoolean());
    assertTrue(node.get("oldest").asBoolean());
    assertTrue(node.get("entities").asInt() >= 1, node::toString);
    assertTrue(node.get("shards").get("UserFile").asInt() >= 1, node::toString);
    assertTrue(node.get("load").get("heap_used").asLong() > 0, node::toString);
    assertEquals(operator.entity(id).get("node"), node.get("address"));
  }

  @Test
  void shards_countTheEntitiesInMemory() {
    operator.completed(operator.file(1));

    var shards = ok(operator.admin.get(OPS + "shards"));

    assertEquals(0, shards.get("unanswered").size());
    assertTrue(shards.get("items").size() >= 1);
    assertEquals("UserFile", shards.get("items").get(0).get("type").asText());
  }

  @Test
  void types_countByState() {
    operator.completed(operator.file(1));

    var types = ok(operator.admin.get(OPS + "types")).get("items");

    assertEquals("UserFile", types.get(0).get("type").asText());
    assertTrue(types.get(0).get("states").get("COMPLETED").asInt() >= 1);
    assertEquals(0, types.get(0).get("states").get("CANCELLED").asInt());
  }

  @Test
  void entities_pagedByState_areEachThereOnce() {
    var ids = new HashSet<String>();
    for (var i = 0; i < 3; i++) {
      var id = operator.file(1);
      operator.completed(id);
      ids.add(Long.toString(id));
    }
    var found = new ArrayList<String>();
    var query = OPS + "entities?type=UserFile&state=COMPLETED&limit=2";

    for (var next = query; !next.isEmpty(); ) {
      var page = ok(operator.admin.get(next));
      page.get("items").forEach(item -> found.add(item.get("id").asText()));
      var cursor = page.get("next_cursor");
      next = cursor.isNull() ? "" : query + "&cursor=" + cursor.asText();
    }

    assertTrue(found.containsAll(ids));
    assertEquals(found.size(), new HashSet<>(found).size());
  }

  @Test
  void entities_unknownTypeOrState_is400AndNamesTheKnown() {
    assertTrue(detail(400, operator.admin.get(OPS + "entities?type=File")).contains("UserFile"));
    assertTrue(
        detail(400, operator.admin.get(OPS + "entities?state=paused")).contains("PROCESSING"));
    for (var forged : List.of("0 abc", "99 1", "x")) {
      var cursor = Base64.getUrlEncoder().withoutPadding().encodeToString(forged.getBytes(UTF_8));
      assertTrue(
          detail(400, operator.admin.get(OPS + "entities?cursor=" + cursor)).contains("cursor"));
    }
  }

  @Test
  void entity_atWork_tellsWhatItIsAt() {
    var id = operator.slowFile(1200);
    TestNode.until(() -> operator.entity(id).get("in_flight").size() > 0);

    var file = operator.entity(id);

    assertTrue(file.get("live").asBoolean() && file.get("answers").asBoolean());
    assertEquals("PROCESSING", file.get("state_name").asText());
    assertEquals(operator.user, file.get("state").get("owner").asText());
    assertEquals(3, file.get("state").get("windows").asInt());
    assertEquals(1, file.get("sequence_nr").asLong());
    assertEquals("Extended", file.get("last_events").get(0).get("event").asText());
    assertEquals(2, file.get("children").size());
    assertEquals("window 0", file.get("children").get(0).get("name").asText());
    assertEquals(1, file.get("children").get(0).get("tries").asInt());
    assertEquals(0, file.get("stash_size").asInt());
    assertTrue(file.get("messages").asLong() > 0);
    operator.theirs.delete("/api/v1/files/" + id);
  }

  @Test
  void entity_pausedUntil_hasATimer() {
    var id = operator.slowFile(600);
    var until = Instant.parse("2999-01-01T00:00:00Z");
    ok(
        operator.theirs.post(
            "/api/v1/files/" + id + "/pause", "{\"until\":\"%s\"}".formatted(until)));

    var file = operator.entity(id);

    assertEquals(until, Instant.parse(file.get("timers").get(0).get("due").asText()));
    assertEquals(0, file.get("children").size());
    assertTrue(detail(409, operator.told(id, "passivate")).contains("clock"));
    operator.theirs.delete("/api/v1/files/" + id);
  }

  @Test
  void entity_notInMemory_isSeenAndNotWoken() {
    var id = operator.file(3);
    operator.completed(id);
    var before = operator.entity(id);
    ok(operator.told(id, "passivate"));
    TestNode.until(() -> !operator.entity(id).get("live").asBoolean());

    var resting = operator.entity(id);

    assertFalse(resting.get("answers").asBoolean());
    assertTrue(resting.get("node").isNull());
    assertEquals(before.get("state"), resting.get("state"));
    assertEquals(before.get("sequence_nr"), resting.get("sequence_nr"));
    assertEquals(before.get("last_events"), resting.get("last_events"));
    assertEquals("COMPLETED", resting.get("state_name").asText());
  }

  @Test
  void entity_unknown_is404() {
    assertTrue(detail(404, operator.admin.get(Operator.path(999_999))).contains("UserFile"));
    for (var id : List.of("abc", "1%7C2", "%00", "1%2F2", "0", "9".repeat(400))) {
      detail(404, operator.admin.get(OPS + "entities/UserFile/" + id));
    }
    assertTrue(
        detail(404, operator.admin.get(OPS + "entities/Nothing/1")).contains("there are UserFile"));
  }

  private JsonNode journal(long id, String query) {
    return ok(operator.admin.get(Operator.path(id) + "/journal" + query));
  }

  @Test
  void journal_isPagedByNumber() {
    var id = operator.file(1);
    operator.completed(id);

    var first = journal(id, "?limit=1");
    var second = journal(id, "?limit=1&from=" + first.get("next_from"));

    assertEquals(2, first.get("highest_sequence_nr").asInt());
    assertEquals("Extended", first.get("items").get(0).get("event").asText());
    assertEquals("WindowFinished", second.get("items").get(0).get("event").asText());
    assertEquals(0, second.get("items").get(0).get("data").get("window").asInt());
    assertTrue(second.get("next_from").isNull());
  }

  @Test
  void journal_asOf_isTheStateOfThatMoment() {
    var id = operator.file(1);
    operator.completed(id);

    assertEquals("PENDING", journal(id, "?as_of=0").at("/state/status").asText());
    assertEquals("PROCESSING", journal(id, "?as_of=1").at("/state/status").asText());
    assertEquals("COMPLETED", journal(id, "?as_of=2").at("/state/status").asText());
    assertEquals(0, journal(id, "?as_of=2020-01-01T00:00:00Z").get("sequence_nr").asInt());
    assertEquals(2, journal(id, "?as_of=2999-01-01T00:00:00Z").get("sequence_nr").asInt());
    assertEquals(
        operator.entity(id).get("state"),
        journal(id, "?as_of=2").get("state"),
        "as the entity says");
  }

  @Test
  void journal_diff_namesWhatChanged() {
    var id = operator.file(2);
    operator.completed(id);

    var diff = ok(operator.admin.get(Operator.path(id) + "/journal/diff?from=1&to=2"));

    var paths =
        StreamSupport.stream(diff.get("changes").spliterator(), false)
            .map(change -> change.get("path").asText())
            .toList();
    assertTrue(paths.contains("/status"), diff::toString);
    assertTrue(paths.contains("/round/done_windows"), diff::toString);
    assertFalse(paths.contains("/owner"), diff::toString);
    assertEquals(1, diff.get("from").get("sequence_nr").asInt());
  }

  @Test
  void journal_badPoints_areRefusedWithASentence() {
    var id = operator.file(1);
    operator.completed(id);
    var journal = Operator.path(id) + "/journal";

    for (var query : List.of("?from=3", "?as_of=3", "/diff?from=0&to=3")) {
      assertTrue(detail(400, operator.admin.get(journal + query)).contains("number 2"), query);
    }
    detail(400, operator.admin.get(journal + "?as_of=yesterday"));
    detail(400, operator.admin.get(journal + "?from=0"));
    detail(400, operator.admin.get(journal + "?from=1&as_of=1"));
    detail(400, operator.admin.get(journal + "/diff?to=1"));
    detail(404, operator.admin.get(Operator.path(999_999) + "/journal"));
  }

  @Test
  void journal_ofARemovedFile_canStillBeRead() {
    var id = operator.file(1);
    operator.completed(id);
    operator.theirs.delete("/api/v1/files/" + id);

    assertEquals("Cancelled", journal(id, "?from=3").at("/items/0/event").asText());
    assertEquals("CANCELLED", operator.entity(id).get("state_name").asText());
  }
}
