package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Fifty extractions, some of them cancelled, on a node that is killed in their middle. */
final class ExtractionCrashTest {
  private static final List<Integer> LADAS = List.of(33, 55, 81);
  private static final int PEOPLE_OF_EACH = 11_000;
  private static final int PEOPLE = 3 * PEOPLE_OF_EACH;
  private static final int EXTRACTIONS = 50;
  private static final int AMOUNT = 600;
  private static final Set<String> ENDED = Set.of("completed", "cancelled", "failed");

  private final Path folder =
      Path.of("target", "test-data", "extraction-crash-" + System.nanoTime()).toAbsolutePath();
  private final int port = TestPorts.free();

  private void makeFile() throws IOException, SQLException {
    Files.createDirectories(folder);
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("n.db"));
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE numeros (id INTEGER PRIMARY KEY, numero TEXT)");
      statement.execute("CREATE TABLE mejores_ladas (lada TEXT, icpth_2022 REAL)");
      for (var lada : LADAS) {
        statement.execute("INSERT INTO mejores_ladas VALUES (%d, 50000)".formatted(lada));
        statement.execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
            INSERT INTO numeros (numero) SELECT %d20000000 + i FROM n
            """
                .formatted(PEOPLE_OF_EACH, lada));
      }
    }
  }

  @Test
  void kill9_whileFiftyAreDrawn_everyContactIsFreeOrInOneFile()
      throws IOException, SQLException, InterruptedException, ExecutionException {
    makeFile();
    var environment = Map.of("CENTRALITA_IMPORT_DIR", folder.toString());
    var data = folder.resolve("data");
    var node = NodeProcess.start(data, port, environment);
    assertEquals(202, node.client().post("/api/v1/imports", "{\"file\":\"n.db\"}").statusCode());
    await(node, "/api/v1/imports/1", view -> view.path("status").asText().equals("completed"));

    orderAtOnce(node);
    cancelEveryFifth(node);
    node.kill();
    node = NodeProcess.start(data, port, environment);

    try (var last = node) {
      var inFiles = new HashSet<String>();
      var delivered = 0;
      for (var id = 1; id <= EXTRACTIONS; id++) {
        var path = "/api/v1/extractions/" + id;
        var view = await(last, path, found -> ENDED.contains(found.path("status").asText()));
        if (view.path("status").asText().equals("completed")) {
          delivered++;
          assertBalanced(view);
          inFiles.addAll(lines(last, path + "/file"));
        } else {
          assertEquals("cancelled", view.path("status").asText(), view.toString());
        }
      }
      assertTrue(delivered >= EXTRACTIONS - EXTRACTIONS / 5, delivered + " delivered");
      assertEquals(delivered * AMOUNT, inFiles.size());
      assertEquals(
          PEOPLE - delivered * AMOUNT,
          OpenApi.json(last.client().get("/api/v1/contacts/availability?type=premium"))
              .path("available")
              .asInt());
      var check = last.client().post("/api/v1/contacts/check", "");
      assertTrue(check.body().contains("\"sound\":true"), check.body());
    }
  }

  private static void orderAtOnce(NodeProcess node)
      throws InterruptedException, ExecutionException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var orders = new ArrayList<Future<Integer>>();
      for (var i = 0; i < EXTRACTIONS; i++) {
        orders.add(
            threads.submit(
                () ->
                    node.client()
                        .post(
                            "/api/v1/extractions",
                            "{\"type\":\"premium\",\"amount\":%d,\"format\":\"txt\"}"
                                .formatted(AMOUNT))
                        .statusCode()));
      }
      for (var order : orders) {
        assertEquals(202, order.get());
      }
    }
  }

  private static void cancelEveryFifth(NodeProcess node) {
    for (var id = EXTRACTIONS; id > 0; id -= 5) {
      var status = node.client().post("/api/v1/extractions/" + id + "/cancel", "").statusCode();
      assertTrue(status == 200 || status == 409, () -> "cancelling was answered " + status);
    }
  }

  private static void assertBalanced(JsonNode view) {
    var counts = new ArrayList<Integer>();
    view.path("by_lada").forEach(count -> counts.add(count.asInt()));
    assertEquals(LADAS.size(), counts.size(), view.toString());
    assertEquals(AMOUNT, counts.stream().mapToInt(Integer::intValue).sum(), view.toString());
    counts.sort(Integer::compare);
    assertTrue(counts.getLast() - counts.getFirst() <= 1, view.toString());
  }

  private static List<String> lines(NodeProcess node, String path) {
    var file = node.client().bytes(path);
    assertEquals(200, file.statusCode());
    return new String(file.body(), StandardCharsets.US_ASCII).lines().toList();
  }

  /** Asks until it is so; each answer takes a while, so this is no busy wait. */
  private static JsonNode await(NodeProcess node, String path, Predicate<JsonNode> condition) {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (true) {
      var view = OpenApi.json(node.client().get(path));
      if (condition.test(view)) {
        return view;
      }
      assertTrue(System.nanoTime() < until, () -> "not so within 60 s: " + view);
    }
  }
}
