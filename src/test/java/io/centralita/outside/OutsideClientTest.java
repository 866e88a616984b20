package io.centralita.outside;

import static io.centralita.outside.RawServer.answer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.outside.OutsideException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class OutsideClientTest {

  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final String PATH = "/lines/600123456";
  private static final OutsideClient client =
      new OutsideClient(OutsideSettings.ORDINARY.withBodyLimit(10_000));

  @AfterAll
  static void close() {
    client.close();
  }

  @FunctionalInterface
  private interface Wrapping {
    OutputStream around(OutputStream out) throws IOException;
  }

  private static byte[] compressed(byte[] body, Wrapping wrapping) {
    var out = new ByteArrayOutputStream();
    try (var wrapped = wrapping.around(out)) {
      wrapped.write(body);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  private static Request get(RawServer server) {
    return Request.get(server.url().resolve(PATH), Headers.of("X-Test", "yes"), PATIENT);
  }

  private static Response send(Request request) {
    return client.send(request).toCompletableFuture().join();
  }

  private static OutsideException failure(Request request) {
    return CallFailure.of(client.send(request), "600123456");
  }

  private static void assertFails(Kind kind, RawServer.Script script) {
    try (var server = new RawServer(script)) {
      assertEquals(kind, failure(get(server)).kind());
    }
  }

  @Test
  void send_get_givesStatusHeadersAndBody() {
    try (var server =
        new RawServer(
            (_, out) ->
                out.write(answer("404 Gone\r\nSet-Cookie: a=1\r\nset-cookie: b=2", "ñandú")))) {
      var response = send(get(server));

      assertEquals(404, response.status());
      assertEquals(List.of("a=1", "b=2"), response.headers().all("SET-COOKIE"));
      assertNull(response.headers().first("x-missing"));
      assertEquals("ñandú", response.text());
      assertTrue(server.heads().getFirst().startsWith("get " + PATH + " http/1.1\r\n"));
      assertTrue(server.heads().getFirst().contains("x-test: yes\r\n"));
      assertTrue(server.heads().getFirst().contains("accept-encoding: gzip, deflate\r\n"));
    }
  }

  @Test
  void send_postWithoutBody_saysSo() {
    try (var server = new RawServer((_, out) -> out.write(answer("200 OK", "")))) {
      send(Request.post(server.url(), Headers.NONE, new byte[0], PATIENT));

      assertTrue(server.heads().getFirst().startsWith("post / "));
      assertTrue(server.heads().getFirst().contains("content-length: 0\r\n"));
      assertFalse(server.heads().getFirst().contains("transfer-encoding"));
    }
  }

  @Test
  void send_compressedAnswer_isDecompressed() {
    var text = "Telefónica ".repeat(500).getBytes(UTF_8);
    var raw = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try (var gzip =
            new RawServer(
                (_, out) ->
                    out.write(
                        answer(
                            "200 OK\r\nContent-Encoding: gzip",
                            compressed(text, GZIPOutputStream::new))));
        var zlib =
            new RawServer(
                (_, out) ->
                    out.write(
                        answer(
                            "200 OK\r\nContent-Encoding: deflate",
                            compressed(text, DeflaterOutputStream::new))));
        var bare =
            new RawServer(
                (_, out) ->
                    out.write(
                        answer(
                            "200 OK\r\nContent-Encoding: deflate",
                            compressed(text, inner -> new DeflaterOutputStream(inner, raw)))))) {
      assertArrayEquals(text, send(get(gzip)).body());
      assertArrayEquals(text, send(get(zlib)).body());
      assertArrayEquals(text, send(get(bare)).body());
    }
  }

  @Test
  void send_bomb_isCutOffAtTheBound() {
    var bomb = compressed(new byte[5_000_000], GZIPOutputStream::new);
    assertTrue(bomb.length < 10_000);
    assertFails(
        Kind.TOO_LARGE, (_, out) -> out.write(answer("200 OK\r\nContent-Encoding: gzip", bomb)));
  }

  private static void endlessly(String statusAndHeaders, OutputStream out, CountDownLatch ending)
      throws IOException {
    out.write(("HTTP/1.1 " + statusAndHeaders + "\r\n\r\n").getBytes(UTF_8));
    try {
      while (true) {
        out.write(new byte[1000]);
      }
    } finally {
      ending.countDown();
    }
  }

  @Test
  void send_statusOnly_endsWithTheHead_whateverTheBody() throws InterruptedException {
    var ending = new CountDownLatch(2);
    try (var endless = new RawServer((_, out) -> endlessly("202 OK", out, ending));
        var huge =
            new RawServer(
                (_, out) -> endlessly("500 No\r\nContent-Length: 99999999999", out, ending));
        var cut =
            new RawServer(
                (_, out) -> {
                  out.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".getBytes(UTF_8));
                  out.close();
                });
        var odd =
            new RawServer((_, out) -> out.write(answer("201 OK\r\nContent-Encoding: br", "?")))) {
      assertEquals(202, send(get(endless).statusOnly()).status());
      assertEquals(500, send(get(huge).statusOnly()).status());
      assertEquals(200, send(get(cut).statusOnly()).status());
      assertEquals(201, send(get(odd).statusOnly()).status());
      assertEquals(0, send(get(odd).statusOnly()).body().length);
      assertTrue(ending.await(20, TimeUnit.SECONDS), "a body without an end is read on");
    }
  }

  @Test
  void send_statusOnly_afterASmallBody_usesTheConnectionAgain() {
    try (var server = new RawServer((_, out) -> out.write(answer("200 OK", new byte[9_000])))) {
      for (var i = 0; i < 20; i++) {
        assertEquals(200, send(get(server).statusOnly()).status());
      }
      assertTrue(server.connections() < 20, "never the same one");
    }
  }

  @Test
  void send_answerOverTheBound_isTooLarge() {
    assertFails(Kind.TOO_LARGE, (_, out) -> out.write(answer("200 OK", new byte[10_001])));
    assertFails(
        Kind.TOO_LARGE,
        (_, out) -> {
          out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(UTF_8));
          while (true) {
            out.write(("400\r\n" + "x".repeat(0x400) + "\r\n").getBytes(UTF_8));
          }
        });
    assertFails(
        Kind.TOO_LARGE,
        (_, out) ->
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".getBytes(UTF_8)));
  }

  @Test
  void send_answerOfExactlyTheBound_isTaken() {
    try (var server = new RawServer((_, out) -> out.write(answer("200 OK", new byte[10_000])))) {
      assertEquals(10_000, send(get(server)).body().length);
    }
  }

  @Test
  void send_connectionEndsTooEarly_isCut() {
    assertFails(
        Kind.CUT,
        (_, out) -> {
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".getBytes(UTF_8));
          out.close();
        });
    assertFails(Kind.CUT, (_, out) -> out.close());
    var half = compressed("x".repeat(5_000).getBytes(UTF_8), GZIPOutputStream::new);
    assertFails(
        Kind.CUT,
        (_, out) ->
            out.write(
                answer("200 OK\r\nContent-Encoding: gzip", Arrays.copyOf(half, half.length - 12))));
  }

  @Test
  void send_answerThatIsNotHttp_isMalformed() {
    assertFails(Kind.MALFORMED, (_, out) -> out.write("220 smtp ready\r\n\r\n".getBytes(UTF_8)));
    assertFails(
        Kind.MALFORMED,
        (_, out) -> out.write(answer("200 OK\r\nContent-Encoding: gzip", "not gzip at all")));
    assertFails(
        Kind.MALFORMED,
        (_, out) -> out.write(answer("200 OK\r\nX-Long: " + "x".repeat(20_000), "")));
    assertFails(
        Kind.MALFORMED, (_, out) -> out.write(answer("200 OK\r\nContent-Encoding: br", "x")));
  }

  @Test
  void send_noAnswer_timesOut() {
    try (var server = new RawServer((_, _) -> {})) {
      var request = Request.get(server.url().resolve(PATH), Headers.NONE, Duration.ofMillis(100));

      assertEquals(Kind.TIMEOUT, failure(request).kind());
    }
  }

  @Test
  void send_answerThatDrips_timesOutAsAWhole() {
    RawServer.Script drip =
        (_, out) -> {
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".getBytes(UTF_8));
          while (true) {
            out.write('x');
            assertFalse(new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS));
          }
        };
    try (var server = new RawServer(drip)) {
      var request = Request.get(server.url().resolve(PATH), Headers.NONE, Duration.ofMillis(200));

      assertEquals(Kind.TIMEOUT, failure(request).kind());
    }
  }

  @Test
  void send_nobodyListens_cannotConnect() throws IOException {
    int port;
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    var request = Request.get(URI.create("http://127.0.0.1:" + port + PATH), Headers.NONE, PATIENT);

    assertEquals(Kind.CONNECT, failure(request).kind());
    assertEquals(
        Kind.PROXY, failure(request.through(new Socks5("127.0.0.1", port, "u", "p"))).kind());
  }

  @Test
  void line_requestsInTurn_shareOneConnection() {
    try (var server = new RawServer((_, out) -> out.write(answer("200 OK", "ok")));
        var line = client.line(null)) {
      for (int i = 0; i < 5; i++) {
        assertEquals("ok", line.send(get(server)).toCompletableFuture().join().text());
      }

      assertEquals(1, server.connections());
    }
  }

  @Test
  void line_serverClosesAfterEachAnswer_connectsAnew() {
    RawServer.Script closing =
        (_, out) -> {
          out.write(answer("200 OK\r\nConnection: close", "ok"));
          out.close();
        };
    try (var server = new RawServer(closing);
        var line = client.line(null)) {
      var first = line.send(get(server));
      var second = first.thenCompose(_ -> line.send(get(server)));

      assertEquals("ok", second.toCompletableFuture().join().text());
      assertEquals(2, server.connections());
    }
  }

  @Test
  void line_closed_sendsNothing() {
    try (var server = new RawServer((_, out) -> out.write(answer("200 OK", "ok")))) {
      var line = client.line(null);
      line.send(get(server)).toCompletableFuture().join();
      line.close();

      assertEquals(Kind.CUT, CallFailure.of(line.send(get(server)), "600123456").kind());
      assertEquals(1, server.heads().size());
    }
  }

  @Test
  void after_clientClosed_failsWhoWaits() {
    var closing = new OutsideClient(OutsideSettings.ORDINARY);
    var wait = closing.after(Duration.ofHours(1)).toCompletableFuture();

    closing.close();

    assertThrows(CancellationException.class, wait::join);
  }
}
