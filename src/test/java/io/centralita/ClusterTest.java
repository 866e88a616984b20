package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.db.Database;
import io.centralita.http.Json;
import io.centralita.simulators.Calls;
import io.centralita.simulators.Faults;
import io.centralita.simulators.PortalSimulator;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two nodes on one database: they find each other, and one goes on with what the other leaves. */
final class ClusterTest {
  private static final int NUMBERS = 6_000;
  private static final String FILE = "/api/v1/files/1";
  private static final String PROXY = "/api/v1/proxies/1";
  private static final String ENTITY = "/api/v1/ops/entities/proxy/1";

  /** Of both nodes together. */
  private static final int CALLS_AT_ONCE = 20;

  @Test
  void kill9_ofTheFirstNode_itsFileGoesOnOnTheOther_andItsOpenProxyStaysOpen()
      throws IOException, SQLException {
    var database = TestPostgres.fresh();
    try (var portal =
        PortalSimulator.start(
            PortalSimulator.Options.LOOPBACK.withFaults(Faults.NONE.withLatency(15, 25)))) {
      var environment = new HashMap<String, String>();
      environment.put("CENTRALITA_DB_URL", database.url());
      environment.put("CENTRALITA_DB_USER", database.user());
      environment.put("CENTRALITA_DB_PASSWORD", database.password());
      environment.put("CENTRALITA_PORTAL_WEB_URL", portal.webUrl().toString());
      environment.put("CENTRALITA_PORTAL_API_URL", portal.apiUrl().toString());
      environment.put("CENTRALITA_PORTAL_DIRECT", "true");
      environment.put("CENTRALITA_PORTAL_CALLS_AT_ONCE", Integer.toString(CALLS_AT_ONCE));
      try (var first = NodeProcess.start(dataDir("first"), TestPorts.free(), environment)) {
        openProxy(first);
        try (var second = NodeProcess.start(dataDir("second"), TestPorts.free(), environment)) {
          assertTrue(second.output().contains("joining the cluster through"), second::output);
          var numbers =
              IntStream.range(630_000_000, 630_000_000 + NUMBERS)
                  .mapToObj(String::valueOf)
                  .toList();
          var body = Json.text(Map.of("user", "ana", "name", "a.csv", "numbers", numbers));
          assertEquals(201, first.client().post("/api/v1/files", body).statusCode());
          await(second, FILE, file -> file.path("progres").asInt() > 1_000);
          var open = json(second, PROXY);
          assertEquals(oldest(second), living(second).path("node"), "it lives on the first");

          first.kill();

          var file = await(second, FILE, view -> view.path("status").asText().equals("completed"));
          assertEquals(NUMBERS, file.path("progres").asInt());
          var asked = portal.calls().values().stream().mapToLong(Calls::asked).sum();
          assertTrue(asked - NUMBERS <= 500, "asked twice: " + (asked - NUMBERS));
          var together = portal.stats().mostUnderWay();
          assertTrue(together > 10 && together <= CALLS_AT_ONCE, together + " calls at once");
          assertMoved(second, open);
          assertEndsWhenOvertaken(second, database, environment);
        }
      }
    }
  }

  /** A node that freezes alone finds, when it thaws, that another has founded the cluster anew. */
  private static void assertEndsWhenOvertaken(
      NodeProcess node, Database.Settings database, Map<String, String> environment)
      throws SQLException {
    node.freeze();
    try (var connection =
            DriverManager.getConnection(database.url(), database.user(), database.password());
        var statement = connection.createStatement()) {
      statement.execute("UPDATE cluster_members SET seen_at = seen_at - interval '11 seconds'");
    }
    try (var third = NodeProcess.start(dataDir("third"), TestPorts.free(), environment)) {
      assertTrue(third.output().contains("the first node of the cluster"), third::output);
      node.thaw();
      assertTrue(node.waitForEnd() != 0, node::output);
      assertTrue(node.output().contains("the other nodes have gone on without"), node::output);
    }
  }

  /** Configures a proxy, and opens its circuit by five calls that fail. */
  private static void openProxy(NodeProcess node) throws IOException {
    var body = "{\"ip\":\"127.0.0.1\",\"port_min\":1,\"port_max\":1}";
    assertEquals(201, node.client().post("/api/v1/proxies", body).statusCode());
    for (var call = 0; call < 5; call++) {
      assertEquals(200, node.client().send("POST", PROXY + "/test", null).statusCode());
    }
    assertEquals("OPEN", json(node, PROXY).path("state").asText());
  }

  /** The proxy's entity, as soon as the node's operators hear of it; it is woken by nobody. */
  private static JsonNode living(NodeProcess node) throws IOException {
    return await(node, ENTITY, seen -> seen.path("answers").asBoolean());
  }

  /** Where the first node is. */
  private static JsonNode oldest(NodeProcess node) throws IOException {
    return json(node, "/api/v1/ops/nodes")
        .path("items")
        .valueStream()
        .filter(one -> one.path("oldest").asBoolean())
        .findFirst()
        .orElseThrow()
        .path("address");
  }

  /** The open proxy of before lives on this node, and is as it was. */
  private static void assertMoved(NodeProcess node, JsonNode before) throws IOException {
    var entity = living(node);
    assertEquals(before.path("retry_at"), entity.at("/timers/0/due"));
    var after = json(node, PROXY);
    for (var field : List.of("state", "reason", "since", "retry_at", "counters")) {
      assertEquals(before.path(field), after.path(field), field);
    }
    assertTrue(after.path("reason").asText().contains("5 connection errors"), after::toString);
  }

  private static JsonNode json(NodeProcess node, String path) throws IOException {
    return Json.MAPPER.readTree(node.client().get(path).body());
  }

  private static Path dataDir(String name) {
    return Path.of("target", "test-data", "cluster-" + name).toAbsolutePath();
  }

  private static JsonNode await(NodeProcess node, String path, Predicate<JsonNode> condition)
      throws IOException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (System.nanoTime() < deadline) {
      var found = json(node, path);
      if (condition.test(found)) {
        return found;
      }
    }
    throw new AssertionError("it never came to that:\n" + node.output());
  }
}
