package io.centralita.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.ListAppender;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class HttpServerTest {
  record Tick(int n) {}

  @Test
  void answer_always_carriesIdAndSafeHeaders() throws Exception {
    try (var server =
        TestServer.serving(
            path("id", () -> extractRequest(request -> complete(RequestId.of(request)))))) {
      var given = server.get("/id", "X-Request-Id", "abc-1");
      assertEquals("abc-1", given.body());
      assertEquals("abc-1", given.headers().firstValue("X-Request-Id").orElseThrow());
      assertEquals("no-store", given.headers().firstValue("Cache-Control").orElseThrow());
      assertEquals("nosniff", given.headers().firstValue("X-Content-Type-Options").orElseThrow());

      var made = server.get("/id", "X-Request-Id", "not well formed");
      assertTrue(made.body().matches("[0-9a-f]{16}"), made.body());
    }
  }

  @Test
  void head_ofWhatTakesGet_isTheSameWithoutABody() throws Exception {
    var endless =
        Source.<ByteString>repeat(ByteString.fromString("x"))
            .mapMaterializedValue(_ -> NotUsed.getInstance());
    try (var server =
            TestServer.serving(
                concat(
                    new Health(Map.of()).route(),
                    path(
                        "download",
                        () ->
                            get(
                                () ->
                                    complete(
                                        HttpResponse.create()
                                            .withEntity(
                                                HttpEntities.createChunked(
                                                    ContentTypes.TEXT_CSV_UTF8, endless)))))));
        var client = HttpClient.newHttpClient()) {
      for (var path : List.of("/health", "/ready", "/download")) {
        var answer =
            client.send(
                HttpRequest.newBuilder(server.uri(path)).HEAD().build(), BodyHandlers.ofString());

        assertEquals(200, answer.statusCode(), path);
        assertEquals("", answer.body());
        assertTrue(answer.headers().firstValue("X-Request-Id").isPresent());
      }
      // None of them is still being sent.
      server.server.stop().toCompletableFuture().get(3, TimeUnit.SECONDS);
    }
  }

  @Test
  void request_always_isOneLineInTheLogWithoutNumbersInItsPath() throws Exception {
    var lines = new Lines();
    try (var server =
        TestServer.serving(
            pathPrefix("numbers", () -> path(segment(), _ -> complete("Movistar"))))) {
      server.get("/numbers/600123456?user=ana", "X-Request-Id", "abc-2");
      var line = lines.next();

      assertEquals("abc-2", line.getMDCPropertyMap().get("requestId"));
      var pairs = line.getKeyValuePairs().toString();
      assertTrue(pairs.contains("/numbers/*"), pairs);
      assertTrue(pairs.contains("status=\"200\""), pairs);
      assertFalse(pairs.contains("600123456") || pairs.contains("ana"), pairs);
      assertTrue(lines.queue.isEmpty());
    } finally {
      lines.close();
    }
  }

  @Test
  void masked_anyWritingOfANumber_isHidden() {
    assertEquals("/api/v1/numbers/*", Exchange.masked("/api/v1/numbers/+34 600 12 34 56"));
    assertEquals("/api/v1/numbers/*", Exchange.masked("/api/v1/numbers/%36%30%30"));
    assertEquals("/api/v1/files/12345/results", Exchange.masked("/api/v1/files/12345/results"));
  }

  @Test
  void stop_withARequestUnderWay_waitsForIt() throws Exception {
    var begun = new CompletableFuture<Boolean>();
    var work = new CompletableFuture<String>();
    try (var server =
        TestServer.serving(
            path(
                "slow",
                () -> {
                  begun.complete(true);
                  return onSuccess(work, v -> complete(v));
                }))) {
      var answer = server.getLater("/slow");
      begun.get(10, TimeUnit.SECONDS);

      var stopped = server.server.stop().toCompletableFuture();
      assertRefusesConnections(server);
      work.complete("done");

      var last = answer.get(10, TimeUnit.SECONDS);
      assertEquals("done", last.body());
      assertEquals("close", last.headers().firstValue("Connection").orElseThrow());
      stopped.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void bind_portTaken_failsWithThePort_andLogsNothing() throws Exception {
    var logged = new ListAppender<ILoggingEvent>();
    var pekko = (Logger) LoggerFactory.getLogger("org.apache.pekko");
    logged.start();
    pekko.addAppender(logged);
    try (var server = TestServer.serving(complete("first"))) {
      var port = server.server.address().getPort();
      var settings = new HttpServer.Settings(Duration.ofSeconds(1), Duration.ofSeconds(1));

      var second =
          HttpServer.bind(
              server.system, "127.0.0.1", port, complete("x"), new Errors(List.of()), settings);

      var failure =
          assertThrows(CompletionException.class, () -> second.toCompletableFuture().join());
      assertTrue(
          String.valueOf(failure.getMessage()).contains(":" + port + "]"), failure::toString);
      var unwrapped = assertInstanceOf(IllegalStateException.class, failure.getCause());
      assertInstanceOf(BindException.class, unwrapped.getCause());
      assertEquals(List.of(), logged.list);
    } finally {
      pekko.detachAppender(logged);
    }
  }

  private static void assertRefusesConnections(TestServer server) {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (true) {
      try (var _ =
          new Socket(InetAddress.getLoopbackAddress(), server.server.address().getPort())) {
        assertTrue(System.nanoTime() < deadline, "still takes connections");
      } catch (IOException _) {
        return;
      }
    }
  }

  @Test
  void stop_withADownloadUnderWay_waitsForItsLastByte() throws Exception {
    var work = new CompletableFuture<ByteString>();
    var download =
        Source.single(ByteString.fromString("begin,")).concat(Source.completionStage(work));
    try (var server =
        TestServer.serving(
            path(
                "download",
                () ->
                    complete(
                        HttpResponse.create()
                            .withEntity(
                                HttpEntities.createChunked(
                                    ContentTypes.TEXT_CSV_UTF8, download)))))) {
      try (var client = HttpClient.newHttpClient()) {
        var answer =
            client.send(
                HttpRequest.newBuilder(server.uri("/download")).build(),
                BodyHandlers.ofInputStream());
        assertEquals("begin,", new String(answer.body().readNBytes(6), StandardCharsets.UTF_8));

        var stopped = server.server.stop().toCompletableFuture();
        work.complete(ByteString.fromString("end"));

        assertEquals("end", new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
        stopped.get(10, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void eventStream_whenTheNodeStops_ends() throws Exception {
    var system = ActorSystem.<Void>create(Behaviors.empty(), "events");
    var events = new EventStream(system);
    Source<Tick, NotUsed> ticks =
        Source.single(new Tick(1))
            .concat(Source.<Tick>maybe().mapMaterializedValue(_ -> NotUsed.getInstance()));
    try (var server =
            TestServer.serving(system, concat(path("events", () -> events.of("progress", ticks))));
        var client = HttpClient.newHttpClient()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(server.uri("/events")).build(), BodyHandlers.ofInputStream());
      assertEquals("text/event-stream", answer.headers().firstValue("Content-Type").orElseThrow());
      try (var reader =
          new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
        assertEquals("data:{\"n\":1}", reader.readLine());
        assertEquals("event:progress", reader.readLine());
        system.terminate();
        assertEquals("", reader.readLine());
        assertEquals(null, reader.readLine());
      }
    }
  }

  /** The lines of the access log. */
  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final BlockingQueue<ILoggingEvent> queue = new LinkedBlockingQueue<>();
    private final Logger log = (Logger) LoggerFactory.getLogger("io.centralita.http.access");

    Lines() {
      log.setLevel(Level.INFO);
      log.setAdditive(false);
      start();
      log.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
      event.prepareForDeferredProcessing();
      queue.add(event);
    }

    ILoggingEvent next() throws InterruptedException {
      var line = queue.poll(10, TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError("nothing was logged");
      }
      return line;
    }

    void close() {
      log.detachAppender(this);
    }
  }
}
