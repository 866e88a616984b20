package io.centralita.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that says what a node says. */
final class LookupCommandTest {
  private static final String RESULTS =
      """
      number,operator,outcome,source,reason,at
      600123456,Movistar,FOUND,scraping,,2026-01-06T10:30:01Z
      """;

  @TempDir private Path folder = Path.of("");
  private final Printed printed = new Printed();
  private final List<String> idempotencyKeys = new ArrayList<>();
  private final AtomicInteger uploads = new AtomicInteger();
  private final AtomicInteger streams = new AtomicInteger();
  private volatile String uploaded = "";
  private volatile String query = "";
  private volatile int busyUploads;
  private final HttpServer server = listening();
  private Path file = Path.of("");

  @BeforeEach
  void start() throws IOException {
    file = Files.writeString(folder.resolve("a b.csv"), "numero\n600123456\n");
    server.createContext("/api/v1/files", this::upload);
    server.createContext("/api/v1/files/7", e -> answer(e, 200, "application/json", state(true)));
    server.createContext("/api/v1/files/7/events", this::stream);
    server.createContext("/api/v1/files/7/results", e -> answer(e, 200, "text/csv", RESULTS));
    server.start();
  }

  private static HttpServer listening() {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void lookup_sendsFollowsAndWritesResultsBeside() throws IOException {
    var status = lookup("--user", "ana", "--column", "numero");

    assertEquals(0, status, printed.err());
    assertEquals("numero\n600123456\n", uploaded);
    assertEquals("user=ana&name=a+b.csv&column=numero", query);
    assertEquals(RESULTS, Files.readString(folder.resolve("a b.csv.results.csv")));
    assertTrue(printed.out().contains("Movistar"), printed.out());
    assertTrue(printed.out().contains("FOUND 1"), printed.out());
  }

  @Test
  void lookup_streamCutInTheMiddle_goesOn() {
    streams.set(-1); // the first stream ends before the file does

    assertEquals(0, lookup(), printed.err());
    assertTrue(printed.out().contains("100 %"), printed.out());
  }

  @Test
  void lookup_nodeBusy_triesAgainUnderTheSameKey() {
    busyUploads = 1;

    assertEquals(0, lookup(), printed.err());
    assertEquals(2, idempotencyKeys.size());
    assertEquals(idempotencyKeys.getFirst(), idempotencyKeys.getLast());
  }

  @Test
  void lookup_refused_namesTheField() {
    var status = lookup("--user", "a/b");

    assertEquals(1, status);
    assertEquals("centralita: the node refused it: user: has a slash (HTTP 400)\n", printed.err());
    assertFalse(Files.exists(folder.resolve("a b.csv.results.csv")));
  }

  @Test
  void lookup_outIsAFolder_isRefusedBeforeAnythingIsSent() {
    assertEquals(2, lookup("--out", folder.toString()));
    assertEquals(0, uploads.get());
    assertTrue(printed.err().contains("--out: " + folder + " is a folder"), printed.err());
  }

  @Test
  void lookup_outOfAnyName_isWrittenAndSummedUp() {
    assertEquals(0, lookup("--out", folder.resolve("all.json").toString()), printed.err());
    assertTrue(printed.out().contains("Movistar"), printed.out());
    assertTrue(printed.out().contains("received  1 in all deliveries"), printed.out());
  }

  @Test
  void lookup_somethingElseAnswers_isSaidSo() {
    server.removeContext("/api/v1/files");

    assertEquals(1, lookup());
    assertEquals(
        "centralita: what answers there is no node of Centralita: see --url (HTTP 404)\n",
        printed.err());
  }

  @Test
  void lookup_noNode_saysHowToStartOne() {
    server.stop(0);

    assertEquals(1, lookup());
    assertTrue(printed.err().contains("./centralita serve"), printed.err());
  }

  private int lookup(String... more) {
    var arguments = new ArrayList<>(List.of("lookup", file.toString(), "--url", url()));
    arguments.addAll(List.of(more));
    return printed.run(Map.of("CENTRALITA_KEY", "k"), arguments.toArray(String[]::new));
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void upload(HttpExchange exchange) throws IOException {
    query = exchange.getRequestURI().getRawQuery();
    idempotencyKeys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
    uploaded = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (query.contains("a%2Fb")) {
      var problem =
          "{\"title\":\"Bad Request\",\"status\":400,\"detail\":\"x\","
              + "\"errors\":[{\"field\":\"user\",\"reason\":\"has a slash\"}]}";
      answer(exchange, 400, "application/problem+json", problem);
    } else if (uploads.getAndIncrement() < busyUploads) {
      answer(exchange, 503, "application/problem+json", "{\"detail\":\"busy\"}");
    } else {
      answer(exchange, 201, "application/json", "{\"id\":7}");
    }
  }

  private void stream(HttpExchange exchange) throws IOException {
    var cut = streams.incrementAndGet() == 0;
    var event = "event: progress\ndata: " + state(!cut) + "\n\n";
    answer(exchange, 200, "text/event-stream", "\n" + event + (cut ? "event: progr" : ""));
  }

  private static String state(boolean completed) {
    return """
    {"id":7,"user":"ana","file":"a b.csv","total":1,"progres":%d,"status":"%s","subido":1,
     "duplicates":0,"invalid":0,"outcomes":{"FOUND":1,"UNKNOWN":0,"FAILED":0,"INVALID":0},
     "waiting":null,"paused":null,"rate":0.0,"eta_seconds":null,"round":1}"""
        .replace("\n", "")
        .formatted(completed ? 1 : 0, completed ? "completed" : "processing");
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
