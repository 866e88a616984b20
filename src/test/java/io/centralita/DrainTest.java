package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.http.Json;
import io.centralita.simulators.Faults;
import io.centralita.simulators.PortalSimulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two nodes: an entity looked at from either, and the node that has it told to leave. */
final class DrainTest {
  private static final int NUMBERS = 3_000;
  private static final String ENTITY = "/api/v1/ops/entities/UserFile/1";

  @Test
  void drain_ofTheNodeWithTheFile_movesTheFileAndEndsTheNode() throws IOException {
    var database = TestPostgres.fresh();
    try (var portal = PortalSimulator.start(PortalSimulator.Options.LOOPBACK)) {
      portal.faults(Faults.NONE.withLatency(20, 30));
      var environment = new HashMap<String, String>();
      environment.put("CENTRALITA_DB_URL", database.url());
      environment.put("CENTRALITA_DB_USER", database.user());
      environment.put("CENTRALITA_DB_PASSWORD", database.password());
      environment.put("CENTRALITA_PORTAL_WEB_URL", portal.webUrl().toString());
      environment.put("CENTRALITA_PORTAL_API_URL", portal.apiUrl().toString());
      environment.put("CENTRALITA_PORTAL_DIRECT", "true");
      environment.put("CENTRALITA_PORTAL_CALLS_AT_ONCE", "10");
      var firstPort = Integer.toString(TestPorts.free());
      environment.put("CENTRALITA_CLUSTER_PORT", firstPort);
      try (var first = NodeProcess.start(dataDir("first"), TestPorts.free(), environment)) {
        environment.put("CENTRALITA_CLUSTER_PORT", Integer.toString(TestPorts.free()));
        try (var second = NodeProcess.start(dataDir("second"), TestPorts.free(), environment)) {
          moved(first, second, firstPort);
        }
      }
    }
  }

  private static void moved(NodeProcess first, NodeProcess second, String firstPort)
      throws IOException {
    await(second, "/api/v1/ops/nodes", DrainTest::bothAnswer);
    var numbers =
        IntStream.range(640_000_000, 640_000_000 + NUMBERS).mapToObj(String::valueOf).toList();
    var body = Json.text(Map.of("user", "ana", "name", "a.csv", "numbers", numbers));
    assertEquals(201, first.client().post("/api/v1/files", body).statusCode());
    var seen = await(second, ENTITY, file -> file.path("children").size() > 0);
    var node = seen.path("node").asText();
    assertEquals(node, get(first, ENTITY).path("node").asText(), "the same from either node");
    var leaving = node.endsWith(":" + firstPort) ? first : second;
    var staying = leaving == first ? second : first;

    var told = staying.client().send("POST", "/api/v1/ops/nodes/" + node + "/drain", null);

    assertEquals(202, told.statusCode(), told.body());
    assertEquals(0, leaving.waitForEnd(), leaving::output);
    var file = await(staying, "/api/v1/files/1", v -> v.path("progres").asInt() == NUMBERS);
    assertEquals("completed", file.path("status").asText());
    var entity = get(staying, ENTITY);
    assertTrue(!entity.path("node").asText().equals(node), entity::toString);
    await(staying, "/api/v1/ops/nodes", nodes -> nodes.path("items").size() == 1);
  }

  private static boolean bothAnswer(JsonNode nodes) {
    var items = nodes.path("items");
    return items.size() == 2
        && items.get(0).path("entities").isNumber()
        && items.get(1).path("entities").isNumber();
  }

  private static Path dataDir(String name) {
    return Path.of("target", "test-data", "drain-" + name).toAbsolutePath();
  }

  private static JsonNode get(NodeProcess node, String path) throws IOException {
    return Json.MAPPER.readTree(node.client().get(path).body());
  }

  private static JsonNode await(NodeProcess node, String path, Predicate<JsonNode> condition)
      throws IOException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (System.nanoTime() < deadline) {
      var answer = get(node, path);
      if (condition.test(answer)) {
        return answer;
      }
    }
    throw new AssertionError("it never came to that:\n" + node.output());
  }
}
