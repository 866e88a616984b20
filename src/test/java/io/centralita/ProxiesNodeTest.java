package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigFactory;
import io.centralita.db.Database;
import io.centralita.simulators.Certificate;
import io.centralita.simulators.PortalSimulator;
import io.centralita.simulators.SocksFaults;
import io.centralita.simulators.SocksSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A node that reaches the portal, over TLS, by proxies alone; they misbehave as real ones do. */
final class ProxiesNodeTest {
  private static final String PATH = "/api/v1/proxies";
  private static final String PASSWORD = "pw-of-the-test";
  private static final Certificate CERTIFICATE = Certificate.of("portal.test");
  private static final Certificate STRANGER = Certificate.of("portal.test");
  private static final PortalSimulator PORTAL =
      PortalSimulator.start(PortalSimulator.Options.LOOPBACK.withTls(CERTIFICATE));
  private static final PortalSimulator IMPOSTOR =
      PortalSimulator.start(PortalSimulator.Options.LOOPBACK.withTls(STRANGER));
  private static final SocksSimulator GOOD = socks(PORTAL.port());
  private static final SocksSimulator EVIL = socks(IMPOSTOR.port());
  private static final ListAppender<ILoggingEvent> LOGGED = new ListAppender<>();

  private static final Database.Settings DATABASE = TestPostgres.fresh();
  private static Node node;
  private static ApiClient admin;
  private int lastNumber = 600_000_000;

  private static SocksSimulator socks(int portalPort) {
    return SocksSimulator.start(
        SocksSimulator.Options.loopback("acme", PASSWORD)
            .withNames(Map.of("portal.test", "127.0.0.1:" + portalPort)));
  }

  @BeforeAll
  static void start(@TempDir Path dataDir) {
    LOGGED.start();
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).addAppender(LOGGED);
    node =
        Node.start(
            ConfigFactory.parseMap(
                    Map.ofEntries(
                        Map.entry("centralita.portal.web-url", "https://portal.test"),
                        Map.entry("centralita.portal.api-url", "https://portal.test"),
                        Map.entry("centralita.portal.ca-file", CERTIFICATE.pem().toString()),
                        Map.entry("centralita.portal.direct", false),
                        Map.entry("centralita.portal.timeout", "1s"),
                        Map.entry("centralita.proxy.test-timeout", "1s"),
                        Map.entry("centralita.proxy.open-for", "700ms"),
                        Map.entry("centralita.proxy.person-waits", "200ms")))
                .withFallback(TestNode.settings(dataDir, DATABASE)));
    admin = new ApiClient(node.uri(), TestNode.ADMIN_KEY);
  }

  @AfterAll
  static void stop() {
    node.close();
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(LOGGED);
    GOOD.close();
    EVIL.close();
    PORTAL.close();
    IMPOSTOR.close();
    CERTIFICATE.close();
    STRANGER.close();
  }

  @AfterEach
  void removeAll() {
    GOOD.faults(SocksFaults.NONE);
    for (var proxy : get(PATH).get("items")) {
      admin.delete(PATH + "/" + proxy.get("id").asText());
    }
  }

  private static JsonNode get(String path) {
    return OpenApi.json(admin.get(path));
  }

  private static String add(int port, String username, String password, String user) {
    var answer =
        admin.post(
            PATH,
            "{\"ip\":\"127.0.0.1\",\"port_min\":%1$d,\"port_max\":%1$d,\"username\":\"%2$s\",\"password\":\"%3$s\",\"user\":%4$s}"
                .formatted(port, username, password, user));
    assertEquals(201, answer.statusCode(), answer.body());
    return PATH + "/" + OpenApi.json(answer).get("id").asText();
  }

  private static String good() {
    return add(GOOD.port(), "user-acme", PASSWORD, "null");
  }

  private static void change(String proxy, String json) {
    var changed = admin.send("PATCH", proxy, json, "Content-Type", "application/json");
    assertEquals(200, changed.statusCode(), changed.body());
  }

  private String newFile(String user, int numbers) {
    var first = lastNumber + 1;
    lastNumber += numbers;
    var list =
        IntStream.rangeClosed(first, lastNumber)
            .mapToObj(number -> "\"" + number + "\"")
            .collect(Collectors.joining(","));
    var created =
        admin.post(
            "/api/v1/files",
            "{\"user\":\"%s\",\"name\":\"%d.csv\",\"numbers\":[%s]}".formatted(user, first, list));
    return "/api/v1/files/" + OpenApi.json(created).get("id").asText();
  }

  private static void untilCompleted(String file) {
    TestNode.until(() -> get(file).get("status").asText().equals("completed"));
    assertEquals(0, get(file).get("outcomes").get("FAILED").asInt(), get(file).toString());
  }

  private static void untilWaiting(String file, String words) {
    TestNode.until(() -> get(file).get("waiting").asText("").contains(words));
  }

  private static JsonNode test(String proxy) {
    return OpenApi.json(admin.send("POST", proxy + "/test", null));
  }

  @Test
  void noProxy_filesWaitAndGoOnByThemselves_personsAreTold() {
    lastNumber = 611_000_000;
    var file = newFile("ana", 30);
    untilWaiting(file, "no proxy is configured: add one by POST /api/v1/proxies");

    var byHand = admin.get("/api/v1/numbers/611900000");
    good();

    assertEquals(503, byHand.statusCode());
    assertTrue(byHand.body().contains("no proxy is configured"), byHand.body());
    untilCompleted(file);
    assertEquals(200, admin.get("/api/v1/numbers/611900000").statusCode());
  }

  @Test
  void onlyProxyOpens_fileWaitsWithTheReason_andGoesOnWhenItHeals() {
    lastNumber = 612_000_000;
    GOOD.faults(SocksFaults.NONE.with(SocksFaults.Kind.DROP_AFTER_HANDSHAKE, 1));
    var proxy = good();
    var file = newFile("ana", 200);

    untilWaiting(file, "no proxy is usable: 1 open, the next is tried at ");
    TestNode.until(
        () ->
            get(proxy + "/history")
                .get("items")
                .valueStream()
                .anyMatch(item -> item.get("reason").asText().startsWith("the trial failed")));
    GOOD.faults(SocksFaults.NONE);

    untilCompleted(file);
    var healed = get(proxy);
    assertEquals("CLOSED", healed.get("state").asText());
    assertTrue(healed.get("reason").asText().contains("the trial passed in"), healed.toString());
    assertTrue(healed.get("counters").get("dropped").asInt() >= 5, healed.toString());
    var opened =
        get(proxy + "/history")
            .get("items")
            .valueStream()
            .filter(item -> item.get("event").asText().equals("opened"))
            .map(item -> item.get("reason").asText())
            .toList();
    assertTrue(opened.getLast().matches("\\d+ connection errors, the last: .*"), opened.toString());
  }

  @Test
  void badProxiesBesideAGoodOne_costNoNumber() {
    lastNumber = 613_000_000;
    var evil = add(EVIL.port(), "user-acme", PASSWORD, "null");
    good();

    untilCompleted(newFile("ana", 300));

    assertEquals(0, IMPOSTOR.stats().requests());
    TestNode.until(() -> get(evil).get("counters").get("tls_error").asInt() >= 5);
    assertFalse(get(evil).get("state").asText().equals("CLOSED"), get(evil).toString());
  }

  @Test
  void assignedProxy_servesItsUserOnly_othersWait() {
    lastNumber = 614_000_000;
    add(GOOD.port(), "user-acme", PASSWORD, "\"ana\"");

    var others = newFile("eva", 20);
    untilCompleted(newFile("ana", 50));
    untilWaiting(others, "no proxy is shared, or assigned to this user");
    add(GOOD.port(), "user-acme-region-pt", PASSWORD, "null");

    untilCompleted(others);
  }

  @Test
  void fewSessions_areUsedWithoutAPause_howeverManyWait() {
    lastNumber = 616_000_000;
    var proxy = good();
    change(proxy, "{\"sessions_at_once\":2}");

    var begun = System.nanoTime();
    untilCompleted(newFile("ana", 400));

    var took = Duration.ofNanos(System.nanoTime() - begun);
    assertTrue(took.compareTo(Duration.ofSeconds(15)) < 0, took.toString());
    assertTrue(get(proxy).get("sessions_lent").asInt() <= 2, get(proxy).toString());
  }

  @Test
  void slowProxyBesideAFreeOne_delaysNobody() {
    lastNumber = 617_000_000;
    var slow = add(GOOD.port(), "user-acme-region-pt", PASSWORD, "null");
    change(slow, "{\"calls_per_second\":0.5}");
    good();

    var begun = System.nanoTime();
    untilCompleted(newFile("ana", 400));

    var took = Duration.ofNanos(System.nanoTime() - begun);
    assertTrue(took.compareTo(Duration.ofSeconds(15)) < 0, took.toString());
  }

  @Test
  void disabledProxy_isNotUsed_untilItIsEnabled() {
    lastNumber = 615_000_000;
    var proxy = good();
    admin.post(proxy + "/disable", "{\"reason\":\"a rest\"}");
    var file = newFile("ana", 20);
    untilWaiting(file, "no proxy is usable: 1 disabled");

    admin.send("POST", proxy + "/enable", null);

    untilCompleted(file);
  }

  @Test
  void test_tellsWhatIsWrongWithAProxy() throws IOException {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var http = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      answerInHttp(http);

      assertTest("no_answer", add(silent.getLocalPort(), "a", "b", "null"));
      var speaksHttp = test(add(http.getLocalPort(), "a", "b", "null"));
      assertEquals(
          "proxy refused the login (or it is no SOCKS5 proxy)", speaksHttp.get("detail").asText());
      assertTest("connection_error", add(1, "a", "b", "null"));
      assertTest("login_refused", add(GOOD.port(), "user-acme", "wrong-of-the-test", "null"));
      assertTest("tls_error", add(EVIL.port(), "user-acme", PASSWORD, "null"));
    }
    GOOD.faults(SocksFaults.NONE.with(SocksFaults.Kind.DROP_AFTER_HANDSHAKE, 1));
    assertTest("dropped", add(GOOD.port(), "user-acme-region-es", PASSWORD, "null"));
    GOOD.faults(SocksFaults.NONE.with(SocksFaults.Kind.HOST_UNREACHABLE, 1));
    assertTest("connection_error", add(GOOD.port(), "user-acme-region-pt", PASSWORD, "null"));
    assertEquals(0, IMPOSTOR.stats().requests());
    for (var event : List.copyOf(LOGGED.list)) {
      var line = event.getFormattedMessage() + event.getThrowableProxy() + event.getKeyValuePairs();
      assertFalse(line.contains("of-the-test") || line.contains("user-acme"), line);
    }
  }

  private static void assertTest(String outcome, String proxy) {
    var tested = test(proxy);
    assertEquals(outcome, tested.get("outcome").asText(), tested.toString());
    assertFalse(tested.get("passed").asBoolean());
    assertFalse(tested.toString().contains("acme"), tested.toString());
  }

  private static void answerInHttp(ServerSocket server) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                var client = server.accept();
                client
                    .getOutputStream()
                    .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
              } catch (IOException _) {
                // the test is over
              }
            });
  }

  @Test
  void anotherNodesKey_stopsTheStart_withASentence(@TempDir Path dataDir) {
    var settings =
        ConfigFactory.parseMap(
                Map.of("centralita.secrets.key", "another-key-of-thirty-two-characters"))
            .withFallback(TestNode.settings(dataDir, DATABASE));

    var refused =
        org.junit.jupiter.api.Assertions.assertThrows(
            RuntimeException.class, () -> Node.start(settings).close());

    assertTrue(refused.toString().contains("set CENTRALITA_SECRETS_KEY"), refused.toString());
    assertFalse(refused.toString().contains(TestNode.SECRETS_KEY), refused.toString());
  }
}
