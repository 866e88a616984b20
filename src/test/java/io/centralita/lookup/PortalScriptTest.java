package io.centralita.lookup;

import static io.centralita.outside.RawServer.answer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.outside.Backoff;
import io.centralita.outside.Circuit;
import io.centralita.outside.Gate.Lane;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.OutsideSettings;
import io.centralita.outside.RawServer;
import io.centralita.proxy.Exits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the simulator never does: odd redirects, cookies, bodies and statuses. */
class PortalScriptTest {

  private static final String LINE = "/v2/operators/by-line-code/600123456";
  private static final String LOG_IN = "/v2/login/online";
  private static final String MOVISTAR = "{\"name\":\"Movistar\",\"tradeName\":\"Movistar\"}";

  private static final Backoff QUICK = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), 2);

  private final OutsideClient outside = new OutsideClient(OutsideSettings.ORDINARY);
  private final Map<String, byte[]> answers =
      new ConcurrentHashMap<>(
          Map.of(
              "/",
              answer("200 OK\r\nSet-Cookie: sid=1; Path=/; HttpOnly", "<html>"),
              LOG_IN,
              answer("200 OK\r\nSet-Cookie: store_access_token=t1; Secure", "no matter"),
              LINE,
              answer("200 OK", MOVISTAR)));
  private final RawServer server =
      new RawServer(
          (head, out) -> {
            var known = answers.get(head.split(" ", -1)[1]);
            out.write(known == null ? answer("410 Gone", "") : known);
          });

  @AfterEach
  void close() {
    outside.close();
    server.close();
  }

  private Answer ask() {
    var settings =
        PortalSettings.of(server.url(), server.url(), true)
            .trying(1, Duration.ofSeconds(20), QUICK)
            .opening(new Circuit.Settings(1, QUICK));
    var source =
        new PortalSource(
            outside, Exits.DIRECT, settings, InstantSource.system(), new Random(1), _ -> {});
    return source
        .ask(new Question(600_123_456, "ana", () -> Lane.ORDINARY, () -> false))
        .toCompletableFuture()
        .join();
  }

  private void assertUnreached(String why) {
    var thrown = assertThrows(CompletionException.class, this::ask).getCause();
    var nobody = assertInstanceOf(OperatorSource.ComeAgainException.class, thrown);
    assertTrue(String.valueOf(nobody.getMessage()).contains(why), nobody.toString());
  }

  private void assertFails(String why) {
    var reason = assertInstanceOf(Answer.Failed.class, ask()).reason();
    assertEquals("given up after 1 try: " + why, reason);
  }

  @Test
  void ask_threeSteps_sendsWhatABrowserSends() {
    var found = assertInstanceOf(Answer.Found.class, ask());

    assertEquals(new Operator("Movistar", "Movistar", null), found.operator());
    assertEquals(3, server.heads().size());
    var home = server.heads().get(0);
    assertTrue(home.startsWith("get / http/1.1\r\n") && !home.contains("cookie:"), home);
    var logIn = server.heads().get(1);
    assertTrue(logIn.startsWith("post " + LOG_IN + " "), logIn);
    assertTrue(logIn.contains("content-length: 0\r\n"), logIn);
    assertTrue(logIn.contains("content-type: application/json\r\n"), logIn);
    assertTrue(logIn.contains("origin: " + server.url() + "\r\n"), logIn);
    assertTrue(logIn.contains("referer: " + server.url() + "/\r\n"), logIn);
    assertTrue(logIn.contains("cookie: sid=1\r\n"), logIn);
    var lookUp = server.heads().get(2);
    assertTrue(lookUp.startsWith("get " + LINE + " "), lookUp);
    assertTrue(lookUp.contains("cookie: sid=1; store_access_token=t1\r\n"), lookUp);
    assertFalse(lookUp.contains("content-type"), lookUp);
  }

  @Test
  void ask_homePageMovedOnTheSameHost_followsWithCookies() {
    answers.put("/", answer("302 Found\r\nLocation: /es\r\nSet-Cookie: geo=es", ""));
    answers.put("/es", answer("301 Moved\r\nLocation: " + server.url() + "/es/inicio", ""));
    answers.put("/es/inicio", answer("200 OK\r\nSet-Cookie: sid=2", ""));

    assertInstanceOf(Answer.Found.class, ask());
    assertTrue(server.heads().get(2).contains("cookie: geo=es\r\n"));
    assertTrue(server.heads().get(3).contains("cookie: geo=es; sid=2\r\n"));
  }

  @Test
  void ask_homePageMovedElsewhere_isNotFollowed() {
    answers.put("/", answer("302 Found\r\nLocation: http://localhost:1/", ""));

    assertUnreached("the portal's home page leads elsewhere");
  }

  @Test
  void ask_homePageInCircles_leadsNowhere() {
    answers.put("/", answer("302 Found\r\nLocation: /", ""));

    assertUnreached("the portal's home page leads elsewhere");
    assertEquals(4, server.heads().size());
  }

  @Test
  void ask_homePageThatFails_costsTheLineNoTry() {
    answers.put("/", answer("503 Unavailable", ""));

    assertUnreached("503 from the portal's home page");
  }

  @Test
  void ask_logInThatSucceedsOnlyInWords_isNone() {
    answers.put(LOG_IN, answer("200 OK\r\nSet-Cookie: store_access_token=; Max-Age=0", "ok"));

    assertUnreached("log-in without a token, 200");
  }

  @Test
  void ask_logInThatFailsOnlyInWords_isTaken() {
    answers.put(LOG_IN, answer("500 Oops\r\nSet-Cookie: store_access_token=t", "error"));

    assertInstanceOf(Answer.Found.class, ask());
  }

  @Test
  void ask_unauthorizedEvenAfterARenewal_isGivenUp() {
    answers.put(LINE, answer("498 Token", "{\"message\":\"Token expired\"}"));

    assertFails("498 from the portal after a renewal");
    assertEquals(6, server.heads().size());
  }

  @Test
  void ask_bomb_isCutOff() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(("{\"name\":\"" + "x".repeat(1_000_000)).getBytes(StandardCharsets.US_ASCII));
    }
    answers.put(LINE, answer("200 OK\r\nContent-Encoding: gzip", bytes.toByteArray()));

    assertFails("answer too large");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200|[]|malformed answer",
        "200|{}|malformed answer",
        "200||malformed answer",
        "200|{\"name\":7,\"tradeName\":\"x\"}|malformed answer",
        "200|{\"name\":\"x\",\"tradeName\":{}}|malformed answer",
        "200|{\"name\":\"x\",\"operatorId\":true}|malformed answer",
        "200|{\"name\":\"x\"} {}|malformed answer",
        "200|{\"name\":\"x\"|malformed answer",
        "200|{\"message\":\"Operator not found\"}|malformed answer",
        "404|{\"message\":\"Operator not found!\"}|404 from the portal",
        "404|{\"message\":[\"Operator not found\"]}|404 from the portal",
        "404|{\"message\":\"operator not found\"}|404 from the portal",
        "404|Operator not found|404 from the portal",
        "404||404 from the portal",
        "204||204 from the portal",
        "400|{\"message\":\"Operator not found\"}|400 from the portal",
      })
  void ask_notExactlyUnderstood_isNoAnswer(int status, String body, String why) {
    answers.put(LINE, answer(status + " X", body == null ? "" : body));

    assertFails(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"name\":\" Orange Espagne \",\"tradeName\":\"Orange\",\"operatorId\":\"3\"}|Orange|3",
        "{\"name\":\"Orange\",\"tradeName\":\" \",\"operatorId\":12}|Orange|12",
        "{\"name\":\"Orange\",\"operatorId\":\" \"}|Orange|",
        "{\"tradeName\":\"Yoigo\",\"name\":null,\"operatorId\":null,\"x\":[{\"name\":\"y\"}]}|Yoigo|",
      })
  void ask_anyTextualShape_isFound(String body, String label, String id) {
    answers.put(LINE, answer("200 OK", body));

    var operator = assertInstanceOf(Answer.Found.class, ask()).operator();

    assertEquals(label, operator.label());
    assertEquals(id, operator.operatorId());
  }

  @ParameterizedTest
  @CsvSource({
    "No existe,the portal answered \"No existe\"",
    "DESCONOCIDO,the portal answered \"DESCONOCIDO\"",
    "ERROR_SCRAPING,the portal answered \"ERROR_SCRAPING\"",
    "' ',the portal answered an empty operator",
    "'a\\u0000b',the portal answered a name that is none",
    "'a\\ud83d',the portal answered a name that is none"
  })
  void ask_wordForNotKnowing_isUnknown(String word, String reason) {
    answers.put(LINE, answer("200 OK", "{\"name\":\"" + word + "\",\"tradeName\":\"\"}"));

    assertEquals(new Answer.Unknown(reason), ask());
  }

  @Test
  void ask_operatorNotFoundWithBlanks_isDigi() {
    answers.put(LINE, answer("404 Not Found", "{\"message\":\" Operator not found \"}"));

    assertEquals(new Answer.Found(Operators.DIGI), ask());
  }
}
