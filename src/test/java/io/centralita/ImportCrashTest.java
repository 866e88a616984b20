package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A node killed in the middle of an import into an empty store. */
final class ImportCrashTest {
  private static final int ROWS = 350_000;
  private static final int DISTINCT = 330_000;

  private final Path folder =
      Path.of("target", "test-data", "import-crash-" + System.nanoTime()).toAbsolutePath();
  private final int port = TestPorts.free();

  /** Rows of which every hundredth holds no number, and the last ones repeat the first. */
  private void makeFile() throws IOException, SQLException {
    Files.createDirectories(folder);
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("n.db"));
        var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE numeros (id INTEGER PRIMARY KEY, numero TEXT, nombre TEXT, estado_cof TEXT)");
      statement.execute(
          """
          WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
          INSERT INTO numeros (numero, nombre, estado_cof)
          SELECT CASE WHEN i %% 100 = 0 THEN 'none' ELSE 3330000000 + i %% %d END, 'Ana ' || i, 'JAL'
          FROM n
          """
              .formatted(ROWS - 1, DISTINCT));
    }
  }

  @Test
  void kill9_inTheMiddleOfAnImport_losesNothingAndCountsNothingTwice()
      throws IOException, SQLException {
    makeFile();
    var environment = Map.of("CENTRALITA_IMPORT_DIR", folder.toString());
    var node = NodeProcess.start(folder.resolve("data"), port, environment);
    assertEquals(202, node.client().post("/api/v1/imports", "{\"file\":\"n.db\"}").statusCode());

    await(node, found -> found.path("read").asInt() > 0);
    node.kill();
    node = NodeProcess.start(folder.resolve("data"), port, environment);
    var view = await(node, found -> found.path("status").asText().equals("completed"));

    try (var last = node) {
      assertEquals(ROWS, view.path("read").asInt(), view.toString());
      assertEquals(ROWS / 100, view.path("rejected").asInt());
      assertEquals(DISTINCT - DISTINCT / 100, view.path("imported").asInt());
      assertEquals(ROWS - DISTINCT - (ROWS - DISTINCT) / 100, view.path("duplicates").asInt());
      assertEquals(
          DISTINCT - DISTINCT / 100,
          OpenApi.json(last.client().get("/api/v1/contacts/count?state=JAL"))
              .path("count")
              .asInt());
      var check = last.client().post("/api/v1/contacts/check", "");
      assertTrue(check.body().contains("\"sound\":true"), check.body());
    }
  }

  /** Asks until the import is so; each answer takes a while, so this is no busy wait. */
  private static JsonNode await(NodeProcess node, Predicate<JsonNode> condition) {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (true) {
      var view = OpenApi.json(node.client().get("/api/v1/imports/1"));
      if (condition.test(view)) {
        return view;
      }
      assertTrue(System.nanoTime() < until, () -> "not so within 120 s: " + view);
    }
  }
}
