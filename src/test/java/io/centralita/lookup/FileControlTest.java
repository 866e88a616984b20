package io.centralita.lookup;

import static io.centralita.lookup.Person.detail;
import static io.centralita.lookup.Person.numbers;
import static io.centralita.lookup.Person.ok;
import static io.centralita.lookup.Person.reason;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import io.centralita.simulators.Faults;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Pause, resume, remove, and requests that are repeated. */
final class FileControlTest {
  private final Person ana = Person.fresh();

  @AfterEach
  void healthyPortal() {
    TestNode.PORTAL.faults(Faults.NONE);
  }

  private long slowFile(int numbers) {
    TestNode.PORTAL.faults(Faults.NONE.withLatency(50, 50));
    return ana.file("slow.csv", numbers(numbers));
  }

  private HttpResponse<String> control(long id, String what) {
    return ana.api().send("POST", "/api/v1/files/" + id + "/" + what, null);
  }

  @Test
  void pause_pausedFile_is409() {
    var id = slowFile(200);
    ana.pause(id);

    assertTrue(detail(409, control(id, "pause")).contains("paused already"));
    assertTrue(
        detail(409, ana.seed("/pause/", ",\"file\":\"slow.csv\"")).contains("paused already"));
  }

  @Test
  void pause_completedFile_is409() {
    var id = ana.done("done.csv", numbers(1)).get("id").asLong();

    assertTrue(detail(409, control(id, "pause")).contains("completed"));
  }

  @Test
  void resume_runningFile_is409() {
    var id = slowFile(200);

    assertTrue(detail(409, control(id, "resume")).contains("processing"));
    ana.pause(id);
  }

  @Test
  void errorOfAnAttempt_isNoLongerShown_whenTheNextOneAsks() {
    var id = slowFile(100);
    ana.pause(id);
    rename("file_windows", "file_windows_away");
    ana.resume(id);
    TestNode.until(() -> waiting(id).equals(DATABASE_ERROR));
    TestNode.PORTAL.faults(Faults.NONE.withLatency(400, 400));

    rename("file_windows_away", "file_windows");

    TestNode.until(() -> !waiting(id).equals(DATABASE_ERROR));
    assertEquals("processing", ana.view(id).get("status").asText());
    ana.pause(id);
  }

  private static final String DATABASE_ERROR =
      "an error, tried again: the database refused a statement";

  private String waiting(long id) {
    return ana.view(id).get("waiting").asText("");
  }

  private static void rename(String table, String to) {
    TestNode.db()
        .update("ALTER TABLE %s RENAME TO %s".formatted(table, to), _ -> {})
        .toCompletableFuture()
        .join();
  }

  @Test
  void pause_stopsTheCalls() {
    var id = slowFile(400);
    TestNode.until(() -> TestNode.PORTAL.stats().asked() > 0);
    ana.pause(id);
    TestNode.PORTAL.faults(Faults.NONE);
    // What was under way may still arrive; everything behind it must not.
    var other = Person.fresh();
    other.done("after.csv", numbers(60));

    var numbers = Person.ok(ana.api().get("/api/v1/files/" + id)).get("progres").asInt();

    assertEquals(0, numbers);
    assertFalse(ana.view(id).get("active").asBoolean());
  }

  @Test
  void pause_saysWhoWhyAndUntilWhen_andEndsByItself() {
    var id = slowFile(20);
    var until = Instant.now().plusMillis(2000).truncatedTo(ChronoUnit.MILLIS);

    var paused =
        ok(
            ana.api()
                .post(
                    "/api/v1/files/" + id + "/pause",
                    "{\"reason\":\"la cuota de hoy\",\"until\":\"" + until + "\"}"));

    assertEquals(ana.name(), paused.get("paused").get("by").asText());
    assertEquals("la cuota de hoy", paused.get("paused").get("reason").asText());
    assertEquals(until, Instant.parse(paused.get("paused").get("until").asText()));
    TestNode.PORTAL.faults(Faults.NONE);
    var file = ana.completed(id);
    assertTrue(Instant.parse(file.get("finish").asText()).isAfter(until));
    assertTrue(file.get("paused").isNull());
  }

  @Test
  void pause_repeatedAfterItsEnd_isAnsweredAsThen() {
    var id = slowFile(20);
    var order = "{\"until\":\"" + Instant.now().plusMillis(1000) + "\"}";
    var path = "/api/v1/files/" + id + "/pause";
    var first = ana.api().post(path, order, "Idempotency-Key", "p1");
    ana.completed(id);

    assertEquals(200, first.statusCode());
    assertEquals(first.body(), ana.api().post(path, order, "Idempotency-Key", "p1").body());
  }

  @Test
  void pause_beforeTheFirstNumber_isListedAsPaused() {
    var id = slowFile(400);

    var paused = ana.pause(id);

    assertEquals("pending", paused.get("status").asText(), "as the older API says it");
    assertEquals(ana.name(), paused.get("paused").get("by").asText());
    for (var status : List.of("pending", "paused")) {
      var items = ok(ana.api().get("/api/v1/files?status=" + status)).get("items");
      assertEquals(1, items.size(), status);
      assertEquals(id, items.get(0).get("id").asLong());
      assertEquals(ana.name(), items.get(0).get("paused").get("by").asText());
    }
    assertEquals(0, ok(ana.api().get("/api/v1/files?status=processing")).get("items").size());
  }

  @Test
  void pause_untilAFarDay_canBeEndedBefore() {
    var id = slowFile(20);

    ok(ana.api().post("/api/v1/files/" + id + "/pause", "{\"until\":\"9999-12-31T00:00:00Z\"}"));

    TestNode.PORTAL.faults(Faults.NONE);
    ana.resume(id);
    assertEquals(20, ana.completed(id).get("progres").asInt());
  }

  @Test
  void pause_untilThePast_isRefusedWithTheField() {
    var id = slowFile(200);

    var answer =
        ana.api().post("/api/v1/files/" + id + "/pause", "{\"until\":\"2020-01-01T00:00:00Z\"}");

    assertEquals("in the past", reason(answer, "until"));
    ana.pause(id);
  }

  @Test
  void remove_runningFile_stopsItsCalls_andForgetsIt() {
    var numbers = numbers(300);
    TestNode.PORTAL.faults(Faults.NONE.withLatency(50, 50));
    var id = ana.file("slow.csv", numbers);
    TestNode.until(() -> numbers.stream().anyMatch(number -> Person.asked(number) > 0));

    assertEquals(204, ana.api().delete("/api/v1/files/" + id).statusCode());

    var asked = asked(numbers);
    TestNode.PORTAL.faults(Faults.NONE);
    Person.fresh().done("after.csv", numbers(60)); // whatever stood in the queue has had its turn
    assertTrue(asked(numbers) <= asked + TestNode.CALLS_AT_ONCE, "asked " + asked(numbers));
    assertTrue(asked(numbers) < 300);
    assertEquals(404, ana.api().get("/api/v1/files/" + id).statusCode());
    assertEquals(404, ana.api().delete("/api/v1/files/" + id).statusCode());
    assertEquals(0, TestNode.count("SELECT count(*) FROM file_windows WHERE file_id = " + id));
  }

  private static long asked(List<String> numbers) {
    return numbers.stream().filter(number -> Person.asked(number) > 0).count();
  }

  @Test
  void removedFile_sentAgain_isANewOne_andTheCountGoesOn() {
    var numbers = numbers(1);
    var id = ana.done("a.csv", numbers).get("id").asLong();
    assertEquals(204, ana.api().delete("/api/v1/files/" + id).statusCode());

    var again = ana.done("a.csv", numbers);

    assertNotEquals(id, again.get("id").asLong());
    assertEquals("002", again.get("conse").asText());
    assertEquals(1, Person.asked(numbers.getFirst()));
  }

  private HttpResponse<String> create(String key, String file, List<String> numbers) {
    return ana.api()
        .post(
            "/api/v1/files",
            "{\"user\":\"%s\",\"name\":\"%s\",\"numbers\":[%s]}"
                .formatted(ana.name(), file, Person.quoted(numbers)),
            "Idempotency-Key",
            key);
  }

  private JsonNode only() {
    var files = ana.listed();
    assertEquals(1, files.size());
    return ana.view(files.get(0).get("id").asLong());
  }

  @Test
  void repeatedPost_isDoneOnce() {
    var numbers = numbers(2);

    var first = create("k1", "a.csv", numbers);
    var second = create("k1", "a.csv", numbers);

    assertEquals(201, first.statusCode());
    assertEquals(first.body(), second.body());
    assertEquals("true", second.headers().firstValue("Idempotent-Replayed").orElse(""));
    assertEquals(2, only().get("subido").asInt());
  }

  @Test
  void repeatedPost_withAnotherBody_is422_andNothingOfItIsDone() {
    create("k1", "a.csv", numbers(1));

    assertEquals(422, create("k1", "b.csv", numbers(1)).statusCode());
    only();
  }

  @Test
  void postsAtOnce_withOneKey_areDoneOnce() {
    var numbers = numbers(3);

    var answers =
        IntStream.range(0, 4)
            .mapToObj(_ -> CompletableFuture.supplyAsync(() -> create("k1", "a.csv", numbers)))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();

    assertTrue(answers.stream().anyMatch(answer -> answer.statusCode() == 201));
    assertTrue(
        answers.stream()
            .allMatch(answer -> answer.statusCode() == 201 || answer.statusCode() == 409));
    assertEquals(3, only().get("subido").asInt());
  }

  @Test
  void repeatedPause_isAnsweredAsTheFirst() {
    var id = slowFile(200);
    var path = "/api/v1/files/" + id + "/pause";

    var first = ana.api().send("POST", path, null, "Idempotency-Key", "p1");
    var second = ana.api().send("POST", path, null, "Idempotency-Key", "p1");

    assertEquals(200, second.statusCode());
    assertEquals(OpenApi.json(first), OpenApi.json(second));
    assertEquals(409, control(id, "pause").statusCode());
  }

  @Test
  void seedPost_withAKey_isDoneOnce_withOrWithoutTheLastSlash() {
    var body =
        "{\"user\":\"%s\",\"file\":\"a\",\"number\":[%s]}"
            .formatted(ana.name(), Person.quoted(numbers(1)));

    ok(ana.api().post("/process/", body, "Idempotency-Key", "s1"));
    var again = ana.api().post("/process", body, "Idempotency-Key", "s1");

    assertEquals("true", again.headers().firstValue("Idempotent-Replayed").orElse(""));
    assertEquals(1, only().get("subido").asInt());
  }
}
