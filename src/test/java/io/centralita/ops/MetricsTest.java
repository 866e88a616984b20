package io.centralita.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.centralita.TestNode;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What Prometheus gets, and the small rules behind it. */
final class MetricsTest {

  @Test
  void metrics_ofAWorkingNode_areThereAndNameNobody() {
    var operator = new Operator();
    var id = operator.file(40);
    operator.completed(id);
    operator.view(id);

    var answer = operator.admin.get("/metrics");

    assertEquals(200, answer.statusCode());
    var type = answer.headers().firstValue("Content-Type").orElse("");
    assertTrue(type.startsWith("text/plain") && type.contains("version=0.0.4"), type);
    for (var expected :
        List.of(
            "http_server_requests_seconds_count{method=\"GET\",route=\"/api/v1/files/{id}\",status=\"200\"}",
            "centralita_entities{state=\"completed\",type=\"UserFile\"}",
            "centralita_entities_live{type=\"UserFile\"}",
            "centralita_entity_restarts_total{type=\"UserFile\"}",
            "centralita_entity_mailbox_seconds_count{type=\"UserFile\"}",
            "centralita_events_journalled_total{event=\"WindowFinished\",type=\"UserFile\"}",
            "centralita_windows_finished_total{type=\"UserFile\"}",
            "centralita_portal_lookups_total{outcome=\"found\"}",
            "centralita_portal_responses_total{status=\"200\"}",
            "centralita_portal_lookup_seconds_bucket",
            "centralita_gate_waiting ",
            "centralita_db_connections{pool=\"db\",state=\"active\"}",
            "centralita_db_connections{pool=\"journal\",state=\"idle\"}",
            "centralita_redis_up 1",
            "centralita_shards{type=\"UserFile\"}",
            "centralita_cluster_members 1",
            "centralita_pauses ",
            "jvm_memory_used_bytes",
            "process_cpu_usage")) {
      assertTrue(answer.body().contains("\n" + expected), expected + " in\n" + answer.body());
    }
    assertFalse(answer.body().contains(operator.user));
    var numbers = Pattern.compile("=\"[^\"]*[0-9]{6}[^\"]*\"").matcher(answer.body());
    assertFalse(numbers.find(), "no label is anybody's number");
  }

  @Test
  void metrics_needAnAdministratorsKey() {
    var operator = new Operator();

    assertEquals(403, operator.theirs.get("/metrics").statusCode());
    assertEquals(401, TestNode.admin().withKey(null).get("/metrics").statusCode());
    var bearer = "Bearer " + TestNode.ADMIN_KEY;
    assertEquals(
        200, TestNode.admin().withKey(null).get("/metrics", "Authorization", bearer).statusCode());
  }

  @Test
  void routeTemplates_ofAnyPath_areThoseOfTheDescription() {
    var templates = RouteTemplates.described();

    assertEquals("/api/v1/files/{id}", templates.of("/api/v1/files/123"));
    assertEquals("/api/v1/files", templates.of("/api/v1/files"));
    assertEquals("/process/", templates.of("/process"));
    assertEquals("/process/", templates.of("/process/"));
    assertEquals(
        "/api/v1/ops/entities/{type}/{id}/journal/diff",
        templates.of("/api/v1/ops/entities/UserFile/1/journal/diff"));
    assertEquals("/api/v1/numbers/{number}", templates.of("/api/v1/numbers/600123456"));
    assertEquals("other", templates.of("/wp-admin/600123456"));
  }

  @Test
  void diff_nestedObjects_namesTheLeavesThatDiffer() {
    var nodes = JsonNodeFactory.instance;
    var from = nodes.objectNode().put("a", 1).put("gone", true);
    from.putObject("in/ner").put("x", 1).put("y", 2);
    var to = nodes.objectNode().put("a", 1).put("new", "n");
    to.putObject("in/ner").put("x", 1).put("y", 3);

    var changes = JsonDiff.between(from, to);

    assertEquals(
        List.of("/gone", "/in~1ner/y", "/new"),
        changes.stream().map(JsonDiff.Change::path).toList());
    assertTrue(changes.getFirst().to().isNull());
    assertEquals(List.of(), JsonDiff.between(from, from.deepCopy()));
  }
}
