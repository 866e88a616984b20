package io.centralita.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.ApiClient;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import io.centralita.simulators.Faults;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An administrator in front of the node of the test run, and a user whose files he looks at. */
final class Operator {
  static final String OPS = "/api/v1/ops/";
  private static final AtomicInteger NEXT_NUMBER = new AtomicInteger(677_000_000);

  final String user = TestNode.newUser();
  final ApiClient theirs = TestNode.user(user);
  final ApiClient admin = TestNode.admin();

  /** A file of numbers that no other test asks for; gives its id. */
  long file(int numbers) {
    var first = NEXT_NUMBER.getAndAdd(numbers);
    var list =
        IntStream.range(first, first + numbers)
            .mapToObj(number -> "\"" + number + "\"")
            .collect(Collectors.joining(","));
    var answer =
        theirs.post(
            "/api/v1/files",
            "{\"user\":\"%s\",\"name\":\"f%d.csv\",\"numbers\":[%s]}".formatted(user, first, list));
    assertEquals(201, answer.statusCode(), answer.body());
    return OpenApi.json(answer).get("id").asLong();
  }

  /** A file that has been begun and will take a while. */
  long slowFile(int numbers) {
    TestNode.PORTAL.faults(Faults.NONE.withLatency(50, 50));
    var id = file(numbers);
    TestNode.until(() -> entity(id).get("children").size() > 0);
    return id;
  }

  void completed(long id) {
    TestNode.PORTAL.faults(Faults.NONE);
    TestNode.until(() -> view(id).get("status").asText().equals("completed"));
  }

  JsonNode view(long id) {
    return ok(theirs.get("/api/v1/files/" + id));
  }

  static String path(long id) {
    return OPS + "entities/UserFile/" + id;
  }

  JsonNode entity(long id) {
    return ok(admin.get(path(id)));
  }

  HttpResponse<String> told(long id, String verb) {
    return admin.send("POST", path(id) + "/" + verb, null);
  }

  HttpResponse<String> told(String verb, String json) {
    return admin.post(OPS + verb, json);
  }

  static JsonNode ok(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return OpenApi.json(answer);
  }

  static String detail(int status, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode(), answer.body());
    return OpenApi.problem(answer).get("detail").asText();
  }
}
