package io.centralita.http;

import static io.centralita.http.TestServer.JSON;
import static io.centralita.http.TestServer.detail;
import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.centralita.OpenApi;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JsonTest {
  private static final int LIMIT = 1000;
  private static final int FORTY_MEGABYTES = 40 << 20;

  enum Colour {
    @JsonProperty("red")
    RED,
    @JsonProperty("blue")
    BLUE
  }

  record Inner(String innerName) {}

  record Order(
      String user,
      List<String> number,
      boolean reprocess,
      @Nullable Integer count,
      @Nullable Instant until,
      @Nullable Colour colour,
      @Nullable Inner inner) {}

  private static TestServer server;

  @BeforeAll
  static void serve() {
    server =
        TestServer.serving(
            concat(
                path(
                    "orders",
                    () ->
                        JSON.body(
                            Order.class,
                            LIMIT,
                            body -> complete(Json.response(200, body.value())))),
                path(
                    "maybe",
                    () ->
                        JSON.bodyOr(
                            new Inner("left out"),
                            Inner.class,
                            LIMIT,
                            body -> complete(body.value().innerName())))));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String refusal(String json) throws Exception {
    return detail(400, server.post("/orders", json));
  }

  @Test
  void body_rightOne_isReadAndWrittenBack() throws Exception {
    var answer =
        server.post(
            "/orders",
            """
            {"user":"ana","number":["600123456"],"reprocess":true,"count":3,
             "until":"2026-01-06T11:30:00+01:00","colour":"blue","inner":{"inner_name":"x"}}
            """);

    assertEquals(200, answer.statusCode(), answer.body());
    assertEquals(
        "{\"user\":\"ana\",\"number\":[\"600123456\"],\"reprocess\":true,\"count\":3,"
            + "\"until\":\"2026-01-06T10:30:00.000Z\",\"colour\":\"blue\","
            + "\"inner\":{\"inner_name\":\"x\"}}",
        answer.body());
  }

  @Test
  void body_withoutWhatMayBeLeftOut_isRead() throws Exception {
    assertEquals(200, server.post("/orders", "{\"user\":\"a\",\"number\":[]}").statusCode());
    assertEquals(
        "left out",
        server.post("/maybe", BodyPublishers.noBody(), "Content-Type", "text/plain").body());
    assertEquals("x", server.post("/maybe", "{\"inner_name\":\"x\"}").body());
  }

  @Test
  void body_missingFields_namesThemAll() throws Exception {
    var answer = server.post("/orders", "{\"inner\":{}}");

    assertEquals(
        "user: required; number: required; inner.inner_name: required", detail(400, answer));
    assertEquals(3, OpenApi.json(answer).path("errors").size());
  }

  @Test
  void body_wrongTypes_namesPathAndExpectation() throws Exception {
    assertEquals(
        "number[1]: expected a string",
        refusal("{\"user\":\"a\",\"number\":[\"600123456\",600123457]}"));
    assertEquals("user: expected a string", refusal("{\"user\":5,\"number\":[]}"));
    assertEquals("user: expected a string", refusal("{\"user\":true,\"number\":[]}"));
    assertEquals("user: expected a string", refusal("{\"user\":{},\"number\":[]}"));
    assertEquals("number: expected a list", refusal("{\"user\":\"a\",\"number\":\"6\"}"));
    assertEquals(
        "reprocess: expected true or false",
        refusal("{\"user\":\"a\",\"number\":[],\"reprocess\":\"true\"}"));
    assertEquals(
        "reprocess: expected true or false",
        refusal("{\"user\":\"a\",\"number\":[],\"reprocess\":1}"));
    assertEquals(
        "reprocess: expected true or false",
        refusal("{\"user\":\"a\",\"number\":[],\"reprocess\":null}"));
    assertEquals(
        "count: expected a whole number",
        refusal("{\"user\":\"a\",\"number\":[],\"count\":\"3\"}"));
    assertEquals(
        "count: expected a whole number", refusal("{\"user\":\"a\",\"number\":[],\"count\":1.5}"));
    assertEquals(
        "count: expected a whole number",
        refusal("{\"user\":\"a\",\"number\":[],\"count\":99999999999}"));
    assertEquals(
        "colour: expected one of red, blue",
        refusal("{\"user\":\"a\",\"number\":[],\"colour\":\"RED\"}"));
    assertEquals(
        "colour: expected one of red, blue",
        refusal("{\"user\":\"a\",\"number\":[],\"colour\":0}"));
    for (var time : List.of("1767695400", "\"yesterday\"", "\"2026-01-06T10:30:00\"", "\"\"")) {
      assertEquals(
          "until: expected a time such as 2026-01-06T10:30:00Z",
          refusal("{\"user\":\"a\",\"number\":[],\"until\":" + time + "}"));
    }
    assertEquals("number[0]: null is not allowed", refusal("{\"user\":\"a\",\"number\":[null]}"));
    assertEquals("body: expected an object", refusal("[]"));
    assertEquals("body: expected an object", refusal("null"));
    assertEquals("body: expected an object", refusal("\"x\""));
  }

  @Test
  void body_unknownOrRepeatedField_isRefused() throws Exception {
    assertTrue(
        refusal("{\"user\":\"a\",\"number\":[],\"secret600123456\":1}")
            .startsWith("secret600123456: unknown field; there are colour, count"));
    assertTrue(
        refusal("{\"user\":\"a\",\"user\":\"b\",\"number\":[]}")
            .contains("a field is given twice at line 1, column"));
  }

  @Test
  void body_cutOrMalformed_saysWhere() throws Exception {
    for (var cut :
        List.of(
            "{\"user\":\"a\",\"number\":[\"600123456\"",
            "{\"user\":\"a\",\"number\":[\"6001",
            "{\"user\":",
            "{")) {
      assertTrue(refusal(cut).contains("the JSON is cut off at line 1, column"), refusal(cut));
    }
    assertTrue(refusal("{\"user\":\"a\",}").contains("not well-formed JSON at line 1, column"));
    assertTrue(refusal("{\"user\":\"a\",\"number\":[600 123]}").contains("number[0]"));
    assertTrue(refusal("{\"user\":\"a\",\"number\":[]} {}").contains("more after the JSON's end"));
    assertTrue(refusal("").contains("empty"));
    assertTrue(refusal("[".repeat(900)).startsWith("body: "));
  }

  @Test
  void refusal_neverRepeatsTheValue() throws Exception {
    for (var json :
        List.of(
            "{\"user\":\"a\",\"number\":[],\"count\":\"600123456\"}",
            "{\"user\":\"a\",\"number\":600123456}",
            "{\"user\":\"a\",\"number\":[],\"until\":\"600123456\"}",
            "{\"user\":\"a\",\"number\":[],\"colour\":\"600123456\"}",
            "{\"user\":\"a\",\"number\":[x600123456]}")) {
      assertFalse(server.post("/orders", json).body().contains("600123456"), json);
    }
  }

  @Test
  void body_notJson_is415() throws Exception {
    var form =
        server.post(
            "/orders",
            BodyPublishers.ofString("user=a"),
            "Content-Type",
            "application/x-www-form-urlencoded");
    assertEquals("expected Content-Type: application/json", detail(415, form));
    detail(
        415,
        server.post(
            "/orders",
            BodyPublishers.ofString("x"),
            "Content-Type",
            "application/json",
            "Content-Encoding",
            "gzip"));
  }

  @Test
  void body_notUtf8_isRefused() throws Exception {
    var bytes = new byte[] {'{', '"', 'u', 's', 'e', 'r', '"', ':', '"', (byte) 0xff, '"', '}'};

    var answer =
        server.post(
            "/orders", BodyPublishers.ofByteArray(bytes), "Content-Type", "application/json");

    detail(400, answer);
  }

  @Test
  void body_fortyMegabytes_is413WhetherOrNotItsLengthIsTold() throws Exception {
    var told = BodyPublishers.fromPublisher(zeros(), FORTY_MEGABYTES);
    assertTrue(
        detail(413, server.post("/orders", told, "Content-Type", "application/json"))
            .startsWith("the body may have 1000 bytes at most"));

    detail(413, server.post("/orders", zeros(), "Content-Type", "application/json"));
  }

  @Test
  void body_ofAClientThatAsksBeforeItSends_is413BeforeAByteIsSent() throws Exception {
    var read = new AtomicInteger();
    var counted =
        new ByteArrayInputStream(new byte[FORTY_MEGABYTES]) {
          @Override
          public synchronized int read(byte[] into, int offset, int length) {
            read.addAndGet(length);
            return super.read(into, offset, length);
          }
        };
    var request =
        HttpRequest.newBuilder(server.uri("/orders"))
            .header("Content-Type", "application/json")
            .expectContinue(true)
            .POST(
                BodyPublishers.fromPublisher(
                    BodyPublishers.ofInputStream(() -> counted), FORTY_MEGABYTES))
            .build();
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      detail(413, client.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    assertEquals(0, read.get());
  }

  private static HttpRequest.BodyPublisher zeros() {
    Flow.Publisher<java.nio.ByteBuffer> publisher =
        BodyPublishers.ofInputStream(() -> new Zeros(FORTY_MEGABYTES));
    return BodyPublishers.fromPublisher(publisher);
  }

  /** So many zeros, made as they are read. */
  private static final class Zeros extends InputStream {
    private int left;

    Zeros(int left) {
      this.left = left;
    }

    @Override
    public int read() {
      return left-- > 0 ? '0' : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      var count = Math.min(length, left);
      java.util.Arrays.fill(into, offset, offset + count, (byte) '0');
      left -= count;
      return count;
    }
  }
}
