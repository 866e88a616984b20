package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.http.Json;
import io.centralita.simulators.Calls;
import io.centralita.simulators.Faults;
import io.centralita.simulators.PortalNumbering;
import io.centralita.simulators.PortalSimulator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node killed in the middle of its work, with servers of its own that outlive it. */
final class CrashTest {

  /** How fast the file is when its node is killed. */
  enum Speed {
    /**
     * Mostly numbers without an operator: their answers are durable no sooner than their window.
     */
    MODEST(15, 60, 60, 8_000, 3),
    /** Nothing is waited for. */
    FULL(0, 200, 1, 25_000, 1);

    final int latencyMs;
    final int callsAtOnce;
    final int oneInSoManyHasAnOperator;
    final int numbers;
    final int kills;

    Speed(int latencyMs, int callsAtOnce, int oneInSoManyHasAnOperator, int numbers, int kills) {
      this.latencyMs = latencyMs;
      this.callsAtOnce = callsAtOnce;
      this.oneInSoManyHasAnOperator = oneInSoManyHasAnOperator;
      this.numbers = numbers;
      this.kills = kills;
    }
  }

  private static final int WINDOW = 500;

  private final Path dataDir =
      Path.of("target", "test-data", "crash-" + System.nanoTime()).toAbsolutePath();
  private final int port = TestPorts.free();
  private final PortalSimulator portal = PortalSimulator.start(PortalSimulator.Options.LOOPBACK);

  private Map<String, String> environment(Speed speed) {
    return Map.of(
        "CENTRALITA_PORTAL_WEB_URL",
        portal.webUrl().toString(),
        "CENTRALITA_PORTAL_API_URL",
        portal.apiUrl().toString(),
        "CENTRALITA_PORTAL_DIRECT",
        "true",
        "CENTRALITA_PORTAL_CALLS_AT_ONCE",
        Integer.toString(speed.callsAtOnce));
  }

  @AfterEach
  void closePortal() {
    portal.close();
  }

  @ParameterizedTest
  @EnumSource
  void kill9_inTheMiddleOfAFile_losesNothing_andAsksAtMostOneWindowTwiceEachTime(Speed speed)
      throws IOException {
    portal.faults(Faults.NONE.withLatency(speed.latencyMs, speed.latencyMs * 5 / 3));
    var environment = environment(speed);
    var numbers = numbers(speed);
    var body =
        Json.text(
            Map.of(
                "user",
                "ana",
                "name",
                "big.csv",
                "numbers",
                numbers.stream().map(String::valueOf).toList()));
    var node = NodeProcess.start(dataDir, port, environment);
    assertEquals(201, node.client().post("/api/v1/files", body).statusCode());

    for (var kill = 1; kill <= speed.kills; kill++) {
      var share = 0.9 * kill / (speed.kills + 1);
      await(node, file -> file.path("progres").asInt() >= share * speed.numbers);
      node.kill();
      node = NodeProcess.start(dataDir, port, environment);
    }
    var file = await(node, view -> view.path("status").asText().equals("completed"));

    try (var last = node) {
      assertEquals(speed.numbers, file.path("progres").asInt());
      var outcomes = outcomes(last);
      assertEquals(numbers, outcomes.keySet());
      outcomes.forEach(CrashTest::assertTrueOf);
      assertCountersEqualRows(file, outcomes);
      var asked = portal.calls().values().stream().mapToLong(Calls::asked).sum();
      assertTrue(
          asked - speed.numbers <= (long) speed.kills * WINDOW,
          "asked twice: " + (asked - speed.numbers) + " in " + speed.kills + " crashes");
      assertTrue(last.output().contains("adopting the PostgreSQL"), last.output());
      assertTrue(last.output().contains("adopting the Redis"), last.output());
      assertSecondNodeIsRefused(environment);
    }
  }

  private void assertSecondNodeIsRefused(Map<String, String> environment) {
    var second = NodeProcess.launch(dataDir, TestPorts.free(), environment);
    assertTrue(second.waitForEnd() != 0);
    assertTrue(second.output().contains("another node is using the data directory"));
  }

  private static Set<Integer> numbers(Speed speed) {
    var random = new Random(7);
    var numbers = new LinkedHashSet<Integer>();
    while (numbers.size() < speed.numbers) {
      var number = 600_000_000 + random.nextInt(99_999_999);
      if (PortalNumbering.answerFor(number).operator().isEmpty()
          || random.nextInt(speed.oneInSoManyHasAnOperator) == 0) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  /** Asks until the file is so; each answer takes a while, so this is no busy wait. */
  private static JsonNode await(NodeProcess node, Predicate<JsonNode> condition)
      throws IOException {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (System.nanoTime() < deadline) {
      var file = Json.MAPPER.readTree(node.client().get("/api/v1/files/1").body());
      if (condition.test(file)) {
        return file;
      }
    }
    throw new AssertionError("it never came to that:\n" + node.output());
  }

  private record Seen(String outcome, String operator) {}

  private static Map<Integer, Seen> outcomes(NodeProcess node) throws IOException {
    var outcomes = new HashMap<Integer, Seen>();
    for (var cursor = ""; ; ) {
      var page =
          Json.MAPPER.readTree(
              node.client().get("/api/v1/files/1/results?limit=5000" + cursor).body());
      for (var item : page.path("items")) {
        var before =
            outcomes.put(
                item.path("number").asInt(),
                new Seen(item.path("outcome").asText(), item.path("operator").asText("")));
        assertEquals(null, before, "a number has two results");
      }
      if (page.path("next_cursor").isNull()) {
        return outcomes;
      }
      cursor = "&cursor=" + page.path("next_cursor").asText();
    }
  }

  private static void assertTrueOf(int number, Seen seen) {
    var truth = PortalNumbering.answerFor(number).operator();
    assertEquals(truth.isPresent() ? "FOUND" : "UNKNOWN", seen.outcome());
    assertEquals(truth.orElse("null"), truth.isPresent() ? seen.operator() : "null");
  }

  private static void assertCountersEqualRows(JsonNode file, Map<Integer, Seen> outcomes) {
    var counted =
        outcomes.values().stream()
            .collect(Collectors.groupingBy(Seen::outcome, Collectors.counting()));
    for (var outcome : new String[] {"FOUND", "UNKNOWN", "FAILED"}) {
      assertEquals(
          counted.getOrDefault(outcome, 0L).longValue(),
          file.path("outcomes").path(outcome).asLong(),
          outcome);
    }
  }
}
