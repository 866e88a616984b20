package io.centralita.lookup;

import static io.centralita.lookup.Person.detail;
import static io.centralita.lookup.Person.numbers;
import static io.centralita.lookup.Person.reason;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.TestNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, with the field and the reason, and that nothing of it is stored. */
final class BadInputTest {
  private final Person ana = Person.fresh();

  private HttpResponse<String> process(String fields) {
    return ana.seed("/process/", fields);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          number             | "file":"a"                                       | required
          file               | "number":["600000001"]                           | required
          nomber             | "file":"a","nomber":[],"number":["600000001"]    | unknown field; there are file, number, reprocess, user
          number             | "file":"a","number":"600000001"                  | expected a list
          number[1]          | "file":"a","number":["600000001",600000002]      | expected a string
          number[0]          | "file":"a","number":[["600000001"]]              | expected a string
          number[0]          | "file":"a","number":[{"n":"600000001"}]          | expected a string
          number[1]          | "file":"a","number":["600000001",null]           | null is not allowed
          number             | "file":"a","number":[]                           | empty: send at least one number
          number             | "file":"a","number":null                         | required
          reprocess          | "file":"a","number":["1"],"reprocess":"true"     | expected true or false
          reprocess          | "file":"a","number":["1"],"reprocess":1          | expected true or false
          reprocess          | "file":"a","number":["1"],"reprocess":null       | expected true or false
          file               | "file":7,"number":["600000001"]                  | expected a string
          file               | "file":"","number":["600000001"]                 | empty
          file               | "file":" ","number":["600000001"]                | empty
          file               | "file":"a/b","number":["600000001"]              | has a slash or backslash
          file               | "file":"a\\\\b","number":["600000001"]             | has a slash or backslash
          file               | "file":"..","number":["600000001"]               | is the name of a folder
          file               | "file":"a\\u0000b","number":["600000001"]         | has a control or invisible character
          file               | "file":"a\\nb","number":["600000001"]             | has a control or invisible character
          file               | "file":"a\\u202Eb","number":["600000001"]         | has a control or invisible character
          """)
  void process_badFields_areNamedWithTheReason(String field, String fields, String reason) {
    assertEquals(reason, reason(process("," + fields), field));
    assertEquals(0, ana.listed().size());
  }

  @Test
  void names_of300Characters_areRefused() {
    var longName = "x".repeat(300);

    assertEquals("longer than 150 characters", reason(ana.process(longName, numbers(1)), "file"));
    var api = TestNode.admin();
    assertEquals(
        "longer than 150 characters",
        reason(api.post("/filter_data/", "{\"user\":\"" + longName + "\"}"), "user"));
    assertEquals(
        "longer than 150 characters",
        reason(
            api.post(
                "/process/",
                "{\"user\":\"" + longName + "\",\"file\":\"a\",\"number\":[\"600000001\"]}"),
            "user"));
  }

  @Test
  void name_of150Characters_isTaken() {
    assertEquals(200, ana.process("ñ".repeat(150), numbers(1)).statusCode());
  }

  @Test
  void files_badFields_areNamedAsThisPathCallsThem() {
    var api = ana.api();
    var user = "{\"user\":\"" + ana.name() + "\",";

    assertEquals(
        "empty: send at least one number",
        reason(api.post("/api/v1/files", user + "\"name\":\"a\",\"numbers\":[]}"), "numbers"));
    assertEquals(
        "expected a string",
        reason(api.post("/api/v1/files", user + "\"name\":\"a\",\"numbers\":[7]}"), "numbers[0]"));
    assertEquals(
        "unknown field; there are name, numbers, reprocess, user",
        reason(api.post("/api/v1/files", user + "\"file\":\"a\",\"numbers\":[\"1\"]}"), "file"));
    assertEquals(
        "a JSON body carries user and name itself; parameters are for uploads",
        reason(
            api.post("/api/v1/files?name=b", user + "\"name\":\"a\",\"numbers\":[\"1\"]}"),
            "query"));
    assertEquals(
        "unknown parameter; there are user, status, cursor, limit",
        reason(api.get("/api/v1/files?page=2"), "query"));
    assertEquals(
        "expected a whole number from 1 to 200", reason(api.get("/api/v1/files?limit=0"), "limit"));
    assertEquals(
        "has a control or invisible character", reason(api.get("/api/v1/files?user=%00"), "user"));
    assertEquals("empty", reason(api.get("/api/v1/files?user="), "user"));
    assertEquals(
        "expected one of pending, processing, paused, completed",
        reason(api.get("/api/v1/files?status=done"), "status"));
    assertEquals(
        "not a next_cursor of this list", reason(api.get("/api/v1/files?cursor=%21"), "cursor"));
  }

  @Test
  void names_thatAreNotUtf8_areRefusedAndNotMerged() {
    var api = TestNode.admin();
    for (var query : List.of("user=%FF&name=a.txt", "user=%FE&name=a.txt")) {
      var answer =
          api.upload("/api/v1/files?" + query, "text/plain", "600000001".getBytes(US_ASCII));
      assertEquals("not UTF-8, percent-encoded", reason(answer, "user"));
    }
    assertEquals(
        "not UTF-8, percent-encoded",
        reason(
            api.upload("/api/v1/files?user=ana&name=a%F1o.txt", "text/plain", new byte[] {'6'}),
            "name"));
    assertEquals("not UTF-8, percent-encoded", reason(api.get("/api/v1/files?user=%FF"), "user"));
    assertEquals("not UTF-8, percent-encoded", reason(api.get("/api/v1/keys?user=%FF"), "user"));
  }

  @Test
  void parameters_wherePathsTakeNone_areRefused() {
    var id = ana.done("a.csv", numbers(1)).get("id").asLong();
    var file = "/api/v1/files/" + id;
    var api = ana.api();
    for (var path : List.of("/api/v1/numbers/600000001", file, file + "/events")) {
      assertEquals("this path takes no parameters", reason(api.get(path + "?x=1"), "query"));
    }
    for (var path : List.of(file + "/pause", file + "/resume")) {
      assertEquals(
          "this path takes no parameters", reason(api.send("POST", path + "?x=1", null), "query"));
    }
    for (var path :
        List.of("/process/", "/pause/", "/remove/", "/consult", "/filter_data", "/phone/consult")) {
      assertEquals("this path takes no parameters", reason(api.post(path + "?x=1", "{}"), "query"));
    }
    for (var path : List.of(file, "/api/v1/keys/abc")) {
      assertEquals("this path takes no parameters", reason(api.delete(path + "?x=1"), "query"));
    }
    assertEquals(
        "this path takes no parameters",
        reason(TestNode.admin().post("/api/v1/keys?x=1", "{}"), "query"));
    assertEquals("completed", ana.view(id).get("status").asText());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"user\":\"ana\",\"file\":\"a\",\"number\":[\"600000001\",\"6000",
        "{\"user\":\"ana\",\"file\":\"a\",\"number\":[\"600000001\"",
        "{\"user\":\"ana\",\"fi",
        "{",
        "",
        "[]",
        "null",
        "{\"user\":\"ana\"}{}",
        "{'user':'ana'}",
        "\u0000"
      })
  void process_jsonThatIsCutOrNone_isRefused(String body) {
    var answer = ana.api().post("/process/", body);

    assertEquals(400, answer.statusCode(), answer.body());
    assertEquals(0, ana.listed().size());
  }

  @Test
  void process_nameOfAFieldTooLong_isSaidSo() {
    var answer = process(",\"" + "x".repeat(5000) + "\":1");

    assertTrue(detail(400, answer).contains("too long"), answer.body());
  }

  @Test
  void process_fieldTwice_isRefused() {
    var answer = process(",\"file\":\"a\",\"file\":\"b\",\"number\":[\"600000001\"]");

    assertTrue(detail(400, answer).contains("given twice"), answer.body());
  }

  @Test
  void process_anotherMediaType_is415() {
    var answer = ana.api().send("POST", "/process/", "user=ana", "Content-Type", "text/plain");

    assertEquals(415, answer.statusCode());
  }

  @Test
  void process_moreNumbersThanAFileMayBring_isRefused() {
    var many =
        IntStream.range(0, TestNode.MOST_NUMBERS + 1)
            .mapToObj(i -> Integer.toString(640_000_000 + i))
            .toList();

    assertEquals(
        "more than 100000: divide the file", reason(ana.process("many.csv", many), "number"));
    assertEquals(0, ana.listed().size());
  }

  @Test
  void process_numbersThatAreNumbersOfJson_neverComeBackInTheProblem() {
    var answer = process(",\"file\":\"a\",\"number\":[612345678]");

    assertEquals(400, answer.statusCode());
    assertTrue(!answer.body().contains("612345678"), answer.body());
  }

  /** A JSON body of 200 MB that is made while it is sent. */
  private static final class Endless extends InputStream {
    private static final long SIZE = 200L << 20;
    private static final byte[] NUMBER = "\"600123456\",".getBytes(StandardCharsets.US_ASCII);

    private final byte[] head;
    private long sent;

    Endless(String user) {
      head =
          ("{\"user\":\"" + user + "\",\"file\":\"a\",\"number\":[")
              .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int read() {
      if (sent == SIZE) {
        return -1;
      }
      var at = sent++;
      return at < head.length ? head[(int) at] : NUMBER[(int) ((at - head.length) % NUMBER.length)];
    }

    @Override
    public int read(byte[] bytes, int from, int length) {
      var count = (int) Math.min(length, SIZE - sent);
      for (var i = 0; i < count; i++) {
        bytes[from + i] = (byte) read();
      }
      return count == 0 ? -1 : count;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void process_200MegabytesOfJson_isRefused_withoutKeepingThem(boolean lengthTold)
      throws IOException, InterruptedException {
    var body = HttpRequest.BodyPublishers.ofInputStream(() -> new Endless(ana.name()));
    var request =
        HttpRequest.newBuilder(uri("/process/"))
            .header("X-API-Key", String.valueOf(ana.api().key()))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(30))
            .POST(lengthTold ? HttpRequest.BodyPublishers.fromPublisher(body, Endless.SIZE) : body)
            .build();

    try (var client = HttpClient.newHttpClient()) {
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());

      assertTrue(detail(413, answer).contains("33554432 bytes"), answer.body());
    }
    assertEquals(0, ana.listed().size());
  }

  /** A JSON body of this length that has begun and does not end. */
  private Socket begun(int length) throws IOException {
    var server = ana.api().server();
    var socket = new Socket(server.getHost(), server.getPort());
    var head =
        "POST /process/ HTTP/1.1\r\nHost: x\r\nX-API-Key: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n{"
            .formatted(ana.api().key(), length);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return socket;
  }

  @Test
  void largeBodies_moreThanTheHeapHolds_areToldToComeAgain() throws IOException {
    var body =
        "{\"user\":\"%s\",\"file\":\"a\",\"number\":[\"600000001\"]%s}"
            .formatted(ana.name(), " ".repeat(2 << 20));
    var open = new ArrayList<Socket>();
    var status = 200;
    while (status == 200 && open.size() < 1000) {
      open.add(begun(body.length()));
      status = ana.api().post("/process/", body).statusCode();
    }

    assertEquals(503, status);
    assertEquals(200, ana.process("small", numbers(1)).statusCode());
    for (var socket : open) {
      socket.close();
    }
    TestNode.until(() -> ana.api().post("/process/", body).statusCode() == 200);
  }

  private URI uri(String path) {
    return ana.api().server().resolve(path);
  }

  @Test
  void pause_reasonThatCannotBeKept_isRefused() {
    var id = ana.done("a.csv", numbers(1)).get("id").asLong();
    var path = "/api/v1/files/" + id + "/pause";

    assertEquals(
        "longer than 500 characters",
        reason(ana.api().post(path, "{\"reason\":\"" + "x".repeat(501) + "\"}"), "reason"));
    assertEquals(
        "has a control character",
        reason(ana.api().post(path, "{\"reason\":\"a\\u0000b\"}"), "reason"));
    assertEquals(
        "expected a time such as 2026-01-06T10:30:00Z",
        reason(ana.api().post(path, "{\"until\":\"tomorrow\"}"), "until"));
    assertEquals(
        "later than the year 9999",
        reason(ana.api().post(path, "{\"until\":\"+10000-01-01T00:00:00Z\"}"), "until"));
    assertEquals(
        "in the past",
        reason(ana.api().post(path, "{\"until\":\"2020-01-01T00:00:00Z\"}"), "until"));
    assertEquals(
        "unknown field; there are reason, until",
        reason(ana.api().post(path, "{\"why\":\"x\"}"), "why"));
  }

  @Test
  void number_tooLongForOne_isRefused() {
    assertEquals(
        "longer than 40 characters",
        reason(ana.api().get("/api/v1/numbers/" + "6".repeat(41)), "number"));
  }

  @Test
  void phoneConsult_strangeTexts_areRefusedWithTheReason() {
    var reasons =
        Stream.of("", "/", "6001234", "60012345678", "6OO123456", "+441234567890")
            .map(
                text -> reason(ana.seed("/phone/consult/", ",\"phone\":\"" + text + "\""), "phone"))
            .collect(Collectors.joining(", "));

    assertEquals(
        "empty, no digits, too short (7 digits), too long (11 digits), contains letters, foreign number (+44)",
        reasons);
  }
}
