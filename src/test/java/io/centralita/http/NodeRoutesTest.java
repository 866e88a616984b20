package io.centralita.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.ApiClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Health, readiness and the description, to which every answer is held. */
class NodeRoutesTest {
  private static CompletionStage<Boolean> up() {
    return CompletableFuture.completedStage(true);
  }

  @Test
  void ready_everythingThere_is200() {
    try (var server =
        TestServer.serving(new Health(Map.of("database", NodeRoutesTest::up)).route())) {
      var api = new ApiClient(server.server.uri(), null);

      assertEquals("{\"status\":\"UP\"}", api.get("/health").body());
      var ready = api.get("/ready");
      assertEquals(200, ready.statusCode());
      assertEquals("{\"status\":\"UP\",\"checks\":{\"database\":\"UP\"}}", ready.body());
    }
  }

  @Test
  void ready_checkFails_is503AndSaysWhich() throws Exception {
    var health =
        new Health(
            Map.of(
                "cache",
                NodeRoutesTest::up,
                "database",
                () -> {
                  throw new IllegalStateException("gone");
                }));
    try (var server = TestServer.serving(health.route())) {
      var ready = server.get("/ready");

      assertEquals(503, ready.statusCode());
      assertEquals(
          "{\"status\":\"DOWN\",\"checks\":{\"cache\":\"UP\",\"database\":\"DOWN\"}}",
          ready.body());
      assertEquals(200, server.get("/health").statusCode());
    }
  }

  @Test
  void docs_page_isServedWithEverythingItNames() throws Exception {
    try (var server = TestServer.serving(Docs.route())) {
      var page = server.get("/docs");

      assertEquals(200, page.statusCode());
      assertTrue(page.headers().firstValue("Content-Type").orElseThrow().startsWith("text/html"));
      var policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
      assertTrue(policy.contains("script-src 'self';"), policy);
      assertFalse(page.body().contains("<script>"), "no script in the page: the policy forbids it");
      var links = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page.body());
      var count = 0;
      for (; links.find(); count++) {
        var file = server.get("/" + links.group(1));
        assertEquals(200, file.statusCode(), links.group(1));
      }
      assertEquals(6, count);
      assertTrue(server.get("/docs/docs.js").body().contains("url: \"openapi.yaml\""));
      assertEquals("../docs", server.get("/docs/").headers().firstValue("Location").orElseThrow());
      assertEquals(404, server.get("/docs/index.html").statusCode());
    }
  }

  @Test
  void description_isTheFileInTheRepository() throws Exception {
    try (var server = TestServer.serving(Docs.route())) {
      var answer = server.get("/openapi.yaml");

      assertEquals("application/yaml", answer.headers().firstValue("Content-Type").orElseThrow());
      assertEquals(Files.readString(Path.of("http", "openapi.yaml")), answer.body());
    }
  }
}
