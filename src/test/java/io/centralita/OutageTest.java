package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import io.centralita.embedded.DataDir;
import io.centralita.embedded.EmbeddedPostgres;
import io.centralita.embedded.EmbeddedRedis;
import io.centralita.embedded.Outage;
import io.centralita.http.Json;
import io.centralita.simulators.Faults;
import io.centralita.simulators.PortalNumbering;
import io.centralita.simulators.PortalSimulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a node stands on goes away in the middle of its work, and comes back. */
final class OutageTest {
  private static final String ADMIN_KEY = "an-administrators-key";
  private static final int NUMBERS = 4_000;
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path PROGRAMS = TARGET.resolve("postgres");

  private static final DataDir servers =
      DataDir.open(TARGET.resolve("test-data").resolve("outage-servers"));
  private static final PortalSimulator portal =
      PortalSimulator.start(
          PortalSimulator.Options.LOOPBACK.withFaults(Faults.NONE.withLatency(15, 25)));
  private static EmbeddedPostgres postgres;
  private static EmbeddedRedis redis;
  private static Node node;
  private static ApiClient client;

  @BeforeAll
  static void start() {
    postgres = EmbeddedPostgres.start(servers, PROGRAMS);
    redis = EmbeddedRedis.start(servers);
    node =
        Node.start(
            ConfigFactory.parseMap(
                Map.ofEntries(
                    Map.entry("centralita.data-dir", TARGET + "/test-data/outage-node"),
                    Map.entry("centralita.db.url", postgres.url()),
                    Map.entry("centralita.db.user", postgres.user()),
                    Map.entry("centralita.db.password", postgres.password()),
                    Map.entry("centralita.redis.url", redis.url()),
                    Map.entry("centralita.http.port", 0),
                    Map.entry("centralita.cluster.port", 0),
                    Map.entry("centralita.admin-key", ADMIN_KEY),
                    Map.entry("centralita.portal.web-url", portal.webUrl().toString()),
                    Map.entry("centralita.portal.api-url", portal.apiUrl().toString()),
                    Map.entry("centralita.portal.direct", true),
                    Map.entry("centralita.portal.calls-at-once", 30))));
    client = new ApiClient(node.uri(), ADMIN_KEY);
  }

  @AfterAll
  static void stop() {
    node.close();
    redis.close();
    postgres.close();
    servers.close();
    portal.close();
  }

  @Test
  void databaseGone_workWaits_andGoesOnWhenItIsBack() throws IOException {
    var id = deliver("database.csv", 610_000_000);
    await(id, file -> file.path("progres").asInt() > 500);

    Outage.stopPostgres(servers, PROGRAMS);
    assertEquals(503, client.get("/api/v1/files/" + id).statusCode());
    assertEquals(503, client.get("/ready").statusCode());
    assertEquals(200, client.get("/health").statusCode());
    Outage.startPostgres(servers, PROGRAMS);

    assertComplete(id);
  }

  @Test
  void cacheGone_isSlowerAndRight() throws IOException {
    var id = deliver("cache.csv", 620_000_000);
    await(id, file -> file.path("progres").asInt() > 500);

    redis.close();

    assertComplete(id);
    assertEquals(200, client.get("/api/v1/numbers/620000000").statusCode());
    assertEquals(200, client.get("/ready").statusCode());
  }

  private static long deliver(String name, int first) throws IOException {
    var numbers = IntStream.range(first, first + NUMBERS).mapToObj(String::valueOf).toList();
    var answer =
        client.post(
            "/api/v1/files", Json.text(Map.of("user", "ana", "name", name, "numbers", numbers)));
    assertEquals(201, answer.statusCode(), answer.body());
    return Json.MAPPER.readTree(answer.body()).path("id").asLong();
  }

  private static void assertComplete(long id) throws IOException {
    var file = await(id, view -> view.path("status").asText().equals("completed"));
    assertEquals(NUMBERS, file.path("progres").asInt());
    var results =
        Json.MAPPER.readTree(client.get("/api/v1/files/" + id + "/results?limit=5000").body());
    assertEquals(NUMBERS, results.path("items").size());
    for (var item : results.path("items")) {
      var truth = PortalNumbering.answerFor(item.path("number").asInt()).operator();
      assertEquals(truth.isPresent() ? "FOUND" : "UNKNOWN", item.path("outcome").asText());
      assertEquals(truth.orElse("null"), item.path("operator").asText());
    }
  }

  /** Asks until the file is so; while the database is away the answers are problems. */
  private static JsonNode await(long id, Predicate<JsonNode> condition) throws IOException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    JsonNode file = Json.MAPPER.createObjectNode();
    while (System.nanoTime() < deadline) {
      file = Json.MAPPER.readTree(client.get("/api/v1/files/" + id).body());
      if (condition.test(file)) {
        return file;
      }
    }
    assertTrue(false, "it never came to that: " + file);
    return file;
  }
}
