package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that was not told where the portal is. */
final class NoSourceTest {
  private static Node node;
  private static ApiClient admin;

  @BeforeAll
  static void start(@TempDir Path dataDir) {
    var nothing = Map.of("centralita.portal.web-url", "", "centralita.portal.api-url", "");
    node =
        Node.start(
            ConfigFactory.parseMap(nothing)
                .withFallback(TestNode.settings(dataDir, TestPostgres.fresh())));
    admin = new ApiClient(node.uri(), TestNode.ADMIN_KEY);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void file_waits_andSaysWhy() {
    var created =
        admin.post(
            "/api/v1/files",
            "{\"user\":\"ana\",\"name\":\"a.csv\",\"numbers\":[\"699999001\",\"912345678\"]}");
    var path = "/api/v1/files/" + OpenApi.json(created).get("id").asText();

    TestNode.until(() -> !OpenApi.json(admin.get(path)).get("waiting").isNull());

    var file = OpenApi.json(admin.get(path));
    assertEquals("processing", file.get("status").asText());
    assertTrue(file.get("waiting").asText().contains("no source is configured"), file.toString());
    TestNode.until(
        () -> {
          var listed = OpenApi.json(admin.get("/api/v1/files")).get("items").get(0);
          return file.get("waiting").equals(listed.get("waiting"));
        });
    assertEquals(200, admin.send("POST", path + "/pause", null).statusCode());
    assertEquals(204, admin.delete(path).statusCode());
  }

  @Test
  void singleNumbers_are503_withTheReason() {
    var byHand = admin.get("/api/v1/numbers/699999002");
    var seed = admin.post("/phone/consult/", "{\"user\":\"ana\",\"phone\":\"699999002\"}");

    assertEquals(503, byHand.statusCode());
    assertEquals(503, seed.statusCode());
    assertTrue(
        OpenApi.problem(byHand).get("detail").asText().contains("CENTRALITA_PORTAL_WEB_URL"));
    assertTrue(byHand.headers().firstValue("Retry-After").isPresent());
  }

  @Test
  void singleNumber_thatIsKnown_isAnsweredAllTheSame() {
    TestNode.redis().set("phone:699999003", "Movistar");

    var answer = OpenApi.json(admin.get("/api/v1/numbers/699999003"));

    assertEquals("Movistar", answer.get("operator").asText());
  }
}
