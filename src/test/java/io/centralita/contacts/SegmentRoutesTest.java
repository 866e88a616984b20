package io.centralita.contacts;

import static io.centralita.OpenApi.json;
import static io.centralita.OpenApi.problem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.access.Scope;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class SegmentRoutesTest {
  private static final String SEGMENTS = "/api/v1/segments";

  private static ContactsServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new ContactsServer(new Store().fill(1_000));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void segment_fromCreationToRemoval_isCounted() {
    var ana = server.user("ana", Scope.CONTACTS);
    var body =
        "{\"name\":\"Jalisco\",\"filter\":{\"state\":\"jalisco\",\"mobile\":true,\"last_sent\":\"never\"}}";
    var created = ana.post(SEGMENTS, body, "Idempotency-Key", "segment-1");
    assertEquals(201, created.statusCode(), created.body());
    var expected =
        server.store.count(
            "SELECT count(*) FROM contacts WHERE state = 14 AND kind = 1 AND last_sent_at IS NULL");
    assertEquals(expected, json(created).path("count").asLong());
    assertEquals(created.body(), ana.post(SEGMENTS, body, "Idempotency-Key", "segment-1").body());
    assertEquals(409, ana.post(SEGMENTS, body).statusCode());

    var path = SEGMENTS + "/" + json(created).path("id").asLong();
    assertEquals(json(created), json(ana.get(path)));
    assertTrue(json(ana.get(SEGMENTS)).path("items").path(0).path("count").isNull());
    assertEquals(204, ana.delete(path).statusCode());
    assertEquals(404, ana.get(path).statusCode());
  }

  @Test
  void segments_ofOthers_areNotSeen() {
    var eva = server.user("eva", Scope.CONTACTS);
    var luis = server.user("luis", Scope.CONTACTS);
    var made =
        json(
            eva.post(
                SEGMENTS, "{\"name\":\"mine\",\"filter\":{\"lada\":%d}}".formatted(Store.lada(1))));
    var path = SEGMENTS + "/" + made.path("id").asLong();

    assertEquals(404, luis.get(path).statusCode());
    assertEquals(404, luis.delete(path).statusCode());
    assertEquals(0, json(luis.get(SEGMENTS)).path("items").size());
    assertEquals(403, luis.get(SEGMENTS + "?user=eva").statusCode());
    assertEquals(200, server.admin.get(path).statusCode());
    var listed = json(server.admin.get(SEGMENTS + "?user=eva&limit=1")).path("items").path(0);
    assertEquals(made.path("count"), listed.path("count"));
    assertNotEquals(0, listed.path("count").asLong());
  }

  @Test
  void segment_thatMeansNothing_isRefusedByItsField() {
    for (var filter :
        List.of(
            "{\"lada\":1}",
            "{\"lada\":\"55\"}",
            "{\"q\":\"de\"}",
            "{\"sends_min\":-1}",
            "{\"color\":\"red\"}",
            "{\"last_sent\":\"x\"}",
            "{\"state\":\"\"}")) {
      var answer =
          server.admin.post(SEGMENTS, "{\"name\":\"bad\",\"filter\":%s}".formatted(filter));
      assertEquals(400, answer.statusCode(), filter);
      assertTrue(
          problem(answer).path("errors").path(0).path("field").asText().startsWith("filter."),
          answer.body());
    }
    var nowhere =
        server.admin.post(SEGMENTS, "{\"name\":\"bad\",\"filter\":{\"state\":\"Jalixxo\"}}");
    assertEquals(404, nowhere.statusCode());
    assertEquals("Jalisco", problem(nowhere).path("suggestions").path(0).asText());
    assertEquals(400, server.admin.post(SEGMENTS, "{\"name\":\" \",\"filter\":{}}").statusCode());
  }
}
