package io.centralita.http;

import static io.centralita.http.TestServer.detail;
import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.OpenApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ErrorsTest {
  private static TestServer server;

  @BeforeAll
  static void serve() {
    server =
        TestServer.serving(
            concat(
                Failures.route(),
                path(
                    "both",
                    () -> concat(get(() -> complete("got")), post(() -> complete("posted")))),
                path(
                    "list",
                    () ->
                        extractRequest(
                            request -> {
                              var parameters = Parameters.of(request, "limit", "cursor", "flag");
                              var from = Cursor.ofNumber().from(parameters).orElse(0L);
                              return complete(
                                  from
                                      + " "
                                      + parameters.number("limit", 10, 1, 50)
                                      + " "
                                      + parameters.flag("flag", false));
                            })),
                path(
                    "format",
                    () ->
                        extractRequest(
                            request ->
                                complete(
                                    HttpResponse.create()
                                        .withEntity(
                                            Accepts.choose(
                                                    request, List.of(Accepts.JSON, Accepts.CSV))
                                                .toString()))))));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void get_unknownPath_is404() throws Exception {
    assertEquals("there is no such path", detail(404, server.get("/nothing/here")));
  }

  @Test
  void request_wrongMethod_is405WithAllow() throws Exception {
    var request = java.net.http.HttpRequest.newBuilder(server.uri("/both")).DELETE().build();
    var refused =
        java.net.http.HttpClient.newHttpClient()
            .send(request, java.net.http.HttpResponse.BodyHandlers.ofString());

    detail(405, refused);
    assertEquals("GET, HEAD, POST", refused.headers().firstValue("Allow").orElseThrow());
  }

  @Test
  void failure_ofEachKind_isItsProblem() throws Exception {
    assertEquals("cannot pause a file that is paused", detail(409, server.get("/refused")));
    assertEquals("there is no such file", detail(404, server.get("/wrapped")));
    assertEquals("a hook knows this", detail(418, server.get("/foreign")));
    assertEquals("not you", detail(403, server.get("/thrown")));
    var late = server.get("/timeout");
    detail(503, late);
    assertEquals("1", late.headers().firstValue("Retry-After").orElseThrow());
  }

  @Test
  void failure_unknown_is500WithRequestIdAndNoDetail() throws Exception {
    var answer = server.get("/bug", "X-Request-Id", "my-request-7");

    assertFalse(detail(500, answer).contains("600123456"));
    assertEquals("my-request-7", OpenApi.json(answer).path("request_id").asText());
  }

  @Test
  void route_tooSlow_is503() throws Exception {
    try (var impatient = TestServer.impatient(Failures.route())) {
      var answer = impatient.get("/never");

      detail(503, answer);
      assertEquals("nosniff", answer.headers().firstValue("X-Content-Type-Options").orElseThrow());
    }
  }

  @Test
  void parameters_malformed_nameTheField() throws Exception {
    assertEquals("0 10 false", server.get("/list").body());
    assertEquals(
        "limit: expected a whole number from 1 to 50", detail(400, server.get("/list?limit=0")));
    assertEquals(
        "limit: expected a whole number from 1 to 50", detail(400, server.get("/list?limit=x")));
    assertEquals("limit: given more than once", detail(400, server.get("/list?limit=1&limit=2")));
    assertEquals("flag: expected true or false", detail(400, server.get("/list?flag=yes")));
    assertTrue(detail(400, server.get("/list?limt=5")).startsWith("query: unknown parameter"));
  }

  @Test
  void parameters_notUtf8_areRefusedAndNotReplaced() throws Exception {
    assertEquals(
        "cursor: not UTF-8, percent-encoded", detail(400, server.get("/list?limit=1&cursor=a%FF")));
    assertEquals(
        "cursor: not UTF-8, percent-encoded", detail(400, server.get("/list?cursor=%C3&limit=1")));
    assertEquals("query: not UTF-8, percent-encoded", detail(400, server.get("/list?%F1=1")));
    assertTrue(detail(400, server.get("/list?a%C3%B1o=1")).startsWith("query: unknown parameter"));
  }

  @Test
  void cursor_notOurs_isRefused() throws Exception {
    assertEquals("77 10 false", server.get("/list?cursor=" + Cursor.ofNumber().encode(77L)).body());
    for (var broken : List.of("%20", "!!", "bm90IGEgbnVtYmVy", "Nzc=", "a".repeat(600), "")) {
      assertEquals(
          "cursor: not a next_cursor of this list",
          detail(400, server.get("/list?cursor=" + broken)));
    }
  }

  @Test
  void accept_choosesTheBestOffer() throws Exception {
    assertEquals("application/json", server.get("/format").body());
    assertEquals("text/csv", server.get("/format", "Accept", "text/csv").body());
    assertEquals(
        "text/csv", server.get("/format", "Accept", "application/json;q=0.5, text/*").body());
    assertEquals("text/csv", server.get("/format", "Accept", "application/json;q=0, */*").body());
    detail(406, server.get("/format", "Accept", "image/png"));
  }

  @Test
  void bytes_thatAreNoRequest_areAnsweredByAProblem() throws Exception {
    try (var socket =
        new Socket(InetAddress.getLoopbackAddress(), server.server.address().getPort())) {
      socket
          .getOutputStream()
          .write("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
      assertTrue(answer.contains("application/problem+json"), answer);
      assertFalse(answer.contains("%zz"), answer);
    }
  }

  /** The answer to these bytes, head and body. */
  private static String answer(String request) throws IOException {
    try (var socket =
        new Socket(InetAddress.getLoopbackAddress(), server.server.address().getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void bytes_beyondALimit_areToldWhich() throws Exception {
    var host = "Host: x\r\n";
    var expected =
        Map.of(
            "GET /" + "a".repeat(4000) + " HTTP/1.1\r\n" + host + "\r\n", "414 the request's path",
            "GET /x HTTP/1.1\r\n" + host + "A: " + "b".repeat(9000) + "\r\n\r\n",
                "431 the request's headers",
            "GET /x HTTP/1.1\r\n" + host + "A: b\r\n".repeat(500) + "\r\n",
                "431 the request's headers",
            "FROBNICATE /x HTTP/1.1\r\n" + host + "\r\n", "501 the request's method",
            "GET /x HTTP/3.0\r\n" + host + "\r\n", "505 the request's version of HTTP");
    for (var request : expected.entrySet()) {
      var answer = answer(request.getKey());

      var told = request.getValue().split(" ", 2);
      assertTrue(answer.startsWith("HTTP/1.1 " + told[0]), answer);
      assertTrue(answer.contains("\"detail\":\"" + told[1]), answer);
      assertTrue(answer.contains("X-Request-Id: "), answer);
      assertTrue(answer.contains("X-Content-Type-Options: nosniff"), answer);
    }
  }
}
