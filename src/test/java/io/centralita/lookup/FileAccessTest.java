package io.centralita.lookup;

import static io.centralita.lookup.Person.numbers;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.ApiClient;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may do what: no key, a wrong key, another user's file. */
final class FileAccessTest {
  private final Person ana = Person.fresh();
  private final Person eve = Person.fresh();

  /** One request of each kind, about a file of this user. */
  private static List<HttpResponse<String>> requests(ApiClient api, String user, long id) {
    var ofUser = "{\"user\":\"" + user + "\"";
    var file = "/api/v1/files/" + id;
    return List.of(
        api.post("/process/", ofUser + ",\"file\":\"a.csv\",\"number\":[\"600000001\"]}"),
        api.post("/filter_data/", ofUser + "}"),
        api.post("/pause/", ofUser + ",\"file\":\"a.csv\"}"),
        api.post("/consult/", ofUser + ",\"id\":" + id + "}"),
        api.post("/remove/", ofUser + ",\"id\":" + id + "}"),
        api.post("/phone/consult/", ofUser + ",\"phone\":\"600000001\"}"),
        api.get("/api/v1/files?user=" + user),
        api.post("/api/v1/files", ofUser + ",\"name\":\"a.csv\",\"numbers\":[\"600000001\"]}"),
        api.upload(
            "/api/v1/files?user=" + user + "&name=a.csv",
            "text/csv",
            "600000001".getBytes(StandardCharsets.UTF_8)),
        api.get(file),
        api.send("POST", file + "/pause", null),
        api.send("POST", file + "/resume", null),
        api.get(file + "/results"),
        api.get(file + "/results", "Accept", "text/csv"),
        api.get(file + "/events"),
        api.delete(file));
  }

  private void assertAll(int status, ApiClient api) {
    var id = ana.done("a.csv", numbers(1)).get("id").asLong();

    for (var answer : requests(api, ana.name(), id)) {
      assertEquals(status, answer.statusCode(), answer.request().uri() + " " + answer.body());
      assertFalse(OpenApi.problem(answer).get("detail").asText().contains(ana.name()));
    }

    var file = ana.view(id);
    assertEquals(1, file.get("subido").asInt(), "nothing came of it");
    assertEquals("completed", file.get("status").asText());
  }

  @Test
  void everyPath_withoutAKey_is401() {
    assertAll(401, ana.api().withKey(null));
    var answer = ana.api().withKey(null).get("/api/v1/files");
    assertTrue(answer.headers().firstValue("WWW-Authenticate").orElse("").startsWith("Bearer"));
  }

  @Test
  void everyPath_withAWrongKey_is401() {
    assertAll(401, ana.api().withKey(ana.api().key() + "x"));
  }

  @Test
  void everyPath_withAnotherUsersKey_is403() {
    assertAll(403, eve.api());
  }

  @Test
  void anotherUsersFile_underOnesOwnName_isNotThere() {
    var id = ana.done("a.csv", numbers(1)).get("id").asLong();

    assertEquals(404, eve.seed("/consult/", ",\"id\":" + id).statusCode());
    assertEquals(404, eve.seed("/remove/", ",\"id\":" + id).statusCode());
    assertEquals(404, eve.seed("/pause/", ",\"file\":\"a.csv\"").statusCode());
    assertEquals("completed", ana.view(id).get("status").asText());
  }

  @Test
  void list_showsOnlyOnesOwn_andAnAdministratorAll() {
    var anas = ana.done("a.csv", numbers(1)).get("id").asText();
    var eves = eve.done("e.csv", numbers(1)).get("id").asText();

    assertEquals(List.of(anas), ids(ana.api()));
    assertEquals(List.of(eves), ids(eve.api()));
    assertTrue(ids(TestNode.admin()).containsAll(List.of(anas, eves)));
  }

  private static List<String> ids(ApiClient api) {
    return Person.ok(api.get("/api/v1/files")).get("items").findValuesAsText("id");
  }

  @Test
  void everyPath_withAnAdministratorsKey_works() {
    var id = ana.done("a.csv", numbers(1)).get("id").asLong();

    assertEquals(200, TestNode.admin().get("/api/v1/files/" + id).statusCode());
    assertEquals(
        200,
        TestNode.admin()
            .post("/consult/", "{\"user\":\"%s\",\"id\":%d}".formatted(ana.name(), id))
            .statusCode());
    assertEquals(204, TestNode.admin().delete("/api/v1/files/" + id).statusCode());
  }

  @Test
  void bearer_isAsGoodAsTheHeader() {
    var answer =
        ana.api().withKey(null).get("/api/v1/files", "Authorization", "Bearer " + ana.api().key());

    assertEquals(200, answer.statusCode());
  }

  @Test
  void fileThatIsNotThere_is404_onEveryPath() {
    for (var path : List.of("", "/results", "/events")) {
      assertEquals(404, ana.api().get("/api/v1/files/999999999" + path).statusCode(), path);
    }
    for (var path : List.of("/pause", "/resume")) {
      assertEquals(
          404, ana.api().send("POST", "/api/v1/files/999999999" + path, null).statusCode(), path);
    }
    assertEquals(404, ana.api().delete("/api/v1/files/999999999").statusCode());
    assertEquals(404, ana.api().get("/api/v1/files/abc").statusCode());
    assertEquals(404, ana.api().get("/api/v1/files/1/nothing").statusCode());
  }
}
