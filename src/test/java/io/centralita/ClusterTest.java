package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.http.Json;
import io.centralita.simulators.Faults;
import io.centralita.simulators.PortalSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two nodes on one database: they find each other, and one goes on with what the other leaves. */
final class ClusterTest {
  private static final int NUMBERS = 6_000;

  /** Of both nodes together. */
  private static final int CALLS_AT_ONCE = 20;

  @Test
  void kill9_ofTheFirstNode_itsFileGoesOnOnTheOther() throws IOException {
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
      var first = NodeProcess.start(dataDir("first"), freePort(), environment);
      try (var second = NodeProcess.start(dataDir("second"), freePort(), environment)) {
        assertTrue(second.output().contains("joining the cluster through"), second::output);
        var numbers =
            IntStream.range(630_000_000, 630_000_000 + NUMBERS).mapToObj(String::valueOf).toList();
        var body = Json.text(Map.of("user", "ana", "name", "a.csv", "numbers", numbers));
        assertEquals(201, first.client().post("/api/v1/files", body).statusCode());
        await(second, file -> file.path("progres").asInt() > 1_000);

        first.kill();

        var file = await(second, view -> view.path("status").asText().equals("completed"));
        assertEquals(NUMBERS, file.path("progres").asInt());
        var asked = portal.calls().values().stream().mapToLong(PortalSimulator.Calls::asked).sum();
        assertTrue(asked - NUMBERS <= 500, "asked twice: " + (asked - NUMBERS));
        var together = portal.stats().mostUnderWay();
        assertTrue(together > 10 && together <= CALLS_AT_ONCE, together + " calls at once");
      } finally {
        first.close();
      }
    }
  }

  private static Path dataDir(String name) {
    return Path.of("target", "test-data", "cluster-" + name).toAbsolutePath();
  }

  private static JsonNode await(NodeProcess node, Predicate<JsonNode> condition)
      throws IOException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (System.nanoTime() < deadline) {
      var file = Json.MAPPER.readTree(node.client().get("/api/v1/files/1").body());
      if (condition.test(file)) {
        return file;
      }
    }
    throw new AssertionError("it never came to that:\n" + node.output());
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
