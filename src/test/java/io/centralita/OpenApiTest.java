package io.centralita;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.extractUnmatchedPath;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.centralita.http.Errors;
import io.centralita.http.HttpServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The judge of all API tests: it must let the right answer pass, and no other. */
class OpenApiTest {
  private static final String FILE =
      """
      {"id":123,"user":"ana","file":"january.xlsx","total":3000,"progres":2500,"conse":"001",
       "created":"2026-01-06T10:30:00Z","finish":null,"active":false,"status":"paused",
       "status_display":"Pausado","progress_percentage":83.33,"subido":3120,"duplicates":100,
       "invalid":20,"outcomes":{"FOUND":2450,"UNKNOWN":25,"FAILED":5,"INVALID":20},
       "waiting":null,"paused":{"by":"ana","reason":null,"until":null,
       "at":"2026-01-06T10:31:00Z"},"rate":0,"eta_seconds":null,"round":1}
      """;

  private static final AtomicReference<String> answer = new AtomicReference<>("");
  private static ActorSystem<Void> system;
  private static ApiClient api;

  @BeforeAll
  static void start() {
    system = ActorSystem.create(Behaviors.empty(), "judge");
    var route =
        extractUnmatchedPath(
            _ ->
                complete(
                    HttpResponse.create()
                        .withEntity(
                            HttpEntities.create(ContentTypes.APPLICATION_JSON, answer.get()))));
    var settings = new HttpServer.Settings(Duration.ofSeconds(5), Duration.ofSeconds(5));
    var server =
        HttpServer.bind(system, "127.0.0.1", 0, route, new Errors(List.of()), settings)
            .toCompletableFuture()
            .join();
    api = new ApiClient(server.uri(), "key");
  }

  @AfterAll
  static void stop() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }

  private static void assertCaught(String path, String body) {
    answer.set(body);
    assertThrows(AssertionError.class, () -> api.get(path), body);
  }

  @Test
  void file_asDescribed_passes() {
    answer.set(FILE);
    assertEquals(200, api.get("/api/v1/files/123").statusCode());
    answer.set(FILE.replaceAll("\"paused\":\\{[^}]*}", "\"paused\":null"));
    assertEquals(200, api.get("/api/v1/files/123").statusCode());
  }

  @Test
  void file_otherThanDescribed_isCaught() {
    var path = "/api/v1/files/123";
    assertCaught(path, FILE.replace("\"round\":1", "\"round\":\"1\""));
    assertCaught(path, FILE.replace("\"round\":1", "\"rounds\":1"));
    assertCaught(path, FILE.replace("\"round\":1", "\"round\":1,\"more\":1"));
    assertCaught(path, FILE.replace(",\"round\":1", ""));
    assertCaught(path, FILE.replace("\"by\":\"ana\",", ""));
    assertCaught(path, FILE.replace("\"by\":", "\"more\":1,\"by\":"));
    assertCaught(path, FILE.replace("\"FOUND\":2450", "\"FOUND\":-1"));
    assertCaught(path, FILE.replace("\"paused\",", "\"asleep\","));
    assertCaught(path, FILE.replace("2026-01-06T10:30:00Z", "yesterday"));
    assertCaught("/api/v1/nothing", FILE);
  }

  @Test
  void phoneConsult_asDescribed_passesAndNothingElse() {
    var request = "{\"user\":\"ana\",\"phone\":\"600123456\"}";
    for (var right :
        List.of(
            "{\"data\":[200,{\"name\":\"A\",\"tradeName\":\"A\",\"operatorId\":\"12\"}]}",
            "{\"data\":[404,{\"message\":\"no operator\"}]}")) {
      answer.set(right);
      assertEquals(200, api.post("/phone/consult/", request).statusCode());
      assertEquals(200, api.post("/phone/consult", request).statusCode());
    }
    answer.set("{\"data\":[200,{\"name\":\"A\"}]}");
    assertThrows(AssertionError.class, () -> api.post("/phone/consult/", request));
  }
}
