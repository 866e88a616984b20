package io.centralita.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.ApiClient;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import io.centralita.phone.SpanishNumber;
import io.centralita.simulators.PortalNumbering;
import io.centralita.simulators.PortalNumbering.Answer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Somebody with a key on the node of the test run, and with files. */
record Person(String name, ApiClient api) {
  private static final AtomicInteger NEXT_NUMBER = new AtomicInteger(611_000_000);

  /** A person whom no other test knows. */
  static Person fresh() {
    var name = TestNode.newUser();
    return new Person(name, TestNode.user(name));
  }

  /** Numbers of lines with an operator, which no other test asks for. */
  static List<String> numbers(int count) {
    return numbers(count, answer -> answer.operator().isPresent());
  }

  /** Numbers that the portal answers so, which no other test asks for. */
  static List<String> numbers(int count, Predicate<Answer> answered) {
    return IntStream.generate(NEXT_NUMBER::incrementAndGet)
        .filter(number -> answered.test(PortalNumbering.answerFor(number)))
        .limit(count)
        .mapToObj(Integer::toString)
        .toList();
  }

  /** A number that the portal knows no operator of, in these words. */
  static String numberAnswered(String name) {
    return numbers(
            1, answer -> answer instanceof PortalNumbering.Line line && line.name().equals(name))
        .getFirst();
  }

  static String operatorOf(String number) {
    return PortalNumbering.answerFor(SpanishNumber.mobile(number)).operator().orElseThrow();
  }

  static int asked(String number) {
    return TestNode.PORTAL.calls(SpanishNumber.mobile(number)).asked();
  }

  static String quoted(List<String> numbers) {
    return numbers.stream().map(number -> '"' + number + '"').collect(Collectors.joining(","));
  }

  /** POSTs to one of the older API's paths; {@code fields} follow the user. */
  HttpResponse<String> seed(String path, String fields) {
    return api.post(path, "{\"user\":\"%s\"%s}".formatted(name, fields));
  }

  HttpResponse<String> process(String file, List<String> numbers) {
    return seed("/process/", ",\"file\":\"%s\",\"number\":[%s]".formatted(file, quoted(numbers)));
  }

  HttpResponse<String> reprocess(String file, List<String> numbers) {
    return seed(
        "/process/",
        ",\"file\":\"%s\",\"number\":[%s],\"reprocess\":true".formatted(file, quoted(numbers)));
  }

  /** Makes a file; gives its id. */
  long file(String fileName, List<String> numbers) {
    var answer =
        api.post(
            "/api/v1/files",
            "{\"user\":\"%s\",\"name\":\"%s\",\"numbers\":[%s]}"
                .formatted(name, fileName, quoted(numbers)));
    assertEquals(201, answer.statusCode(), answer.body());
    return OpenApi.json(answer).get("id").asLong();
  }

  /** The files as the older API lists them. */
  JsonNode listed() {
    return ok(seed("/filter_data/", "")).get("data");
  }

  JsonNode view(long id) {
    return ok(api.get("/api/v1/files/" + id));
  }

  /** Follows the file to its end. */
  JsonNode completed(long id) {
    var events = api.get("/api/v1/files/" + id + "/events");
    assertEquals(200, events.statusCode(), events.body());
    var file = view(id);
    assertEquals("completed", file.get("status").asText());
    return file;
  }

  /** Makes a file and follows it to its end. */
  JsonNode done(String fileName, List<String> numbers) {
    return completed(file(fileName, numbers));
  }

  JsonNode results(long id, String query) {
    return ok(api.get("/api/v1/files/" + id + "/results" + query));
  }

  JsonNode pause(long id) {
    return ok(api.send("POST", "/api/v1/files/" + id + "/pause", null));
  }

  JsonNode resume(long id) {
    return ok(api.send("POST", "/api/v1/files/" + id + "/resume", null));
  }

  static JsonNode ok(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return OpenApi.json(answer);
  }

  /** The reason that a refusal gives for a field. */
  static String reason(HttpResponse<String> answer, String field) {
    assertEquals(400, answer.statusCode(), answer.body());
    var error = OpenApi.problem(answer).get("errors").get(0);
    assertEquals(field, error.get("field").asText(), answer.body());
    return error.get("reason").asText();
  }

  static String detail(int status, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode(), answer.body());
    return OpenApi.problem(answer).get("detail").asText();
  }
}
