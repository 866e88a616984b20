package io.centralita.simulators;

import static io.centralita.simulators.PortalSimulatorTest.numberWhere;
import static io.centralita.simulators.PortalSimulatorTest.setsToken;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.centralita.simulators.PortalNumbering.Line;
import io.centralita.simulators.PortalNumbering.OwnLine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PortalFaultsTest {
  private static final int NUMBER = numberWhere(Line.class);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final PortalSimulator portal =
      PortalSimulator.start(PortalSimulator.Options.LOOPBACK, now::get);
  private final PortalClient client = new PortalClient(portal);

  @BeforeEach
  void logIn() throws Exception {
    client.logIn();
  }

  @AfterEach
  void stop() {
    client.close();
    portal.close();
  }

  @Test
  void serverError_always_isEachOfTheThree() throws Exception {
    always(Faults.Kind.SERVER_ERROR);

    var seen = new HashSet<Integer>();
    for (var i = 0; i < 40; i++) {
      seen.add(client.lookUp(NUMBER).statusCode());
    }

    assertEquals(Set.of(500, 502, 503), seen);
    assertEquals(new Calls(40, 0), portal.calls(NUMBER));
    assertEquals(40, portal.stats().faults().get(Faults.Kind.SERVER_ERROR));
  }

  @Test
  void forbidden_always_isAPage() throws Exception {
    always(Faults.Kind.FORBIDDEN);

    assertPage(403);
  }

  @Test
  void html_always_isAPageWith200() throws Exception {
    always(Faults.Kind.HTML);

    assertPage(200);
  }

  @Test
  void notFoundHtml_always_isAPageWithoutTheMessage() throws Exception {
    always(Faults.Kind.NOT_FOUND_HTML);

    assertPage(404);
    assertFalse(client.lookUp(NUMBER).body().contains("Operator not found"));
  }

  @Test
  void redirect_always_leadsToA404() throws Exception {
    always(Faults.Kind.REDIRECT);

    var answer = client.lookUp(NUMBER);

    assertEquals(302, answer.statusCode());
    var target = answer.headers().firstValue("Location").orElseThrow();
    assertEquals(404, client.get(target).statusCode());
  }

  @Test
  void truncated_always_isNoJsonThoughComplete() throws Exception {
    always(Faults.Kind.TRUNCATED);

    var answer = client.lookUp(NUMBER);

    assertEquals(200, answer.statusCode());
    assertTrue(PortalNumbering.answerFor(NUMBER).json().startsWith(answer.body()));
    assertNoJson(answer.body());
    var own = client.lookUp(numberWhere(OwnLine.class));
    assertEquals(404, own.statusCode());
    assertNoJson(own.body());
  }

  @Test
  void malformed_always_isNoJson() throws Exception {
    always(Faults.Kind.MALFORMED);

    var answer = client.lookUp(NUMBER);

    assertEquals(200, answer.statusCode());
    assertNoJson(answer.body());
  }

  @Test
  void cut_always_endsTheConnectionWithinTheBody() {
    always(Faults.Kind.CUT);

    var failure = assertThrows(IOException.class, () -> client.lookUp(NUMBER));

    assertTrue(failure.toString().contains("fixed content-length: "), failure::toString);
    assertEquals(new Calls(1, 0), portal.calls(NUMBER));
  }

  @Test
  void hang_always_neverAnswers() {
    always(Faults.Kind.HANG);

    assertThrows(HttpTimeoutException.class, () -> client.lookUp(NUMBER, Duration.ofMillis(300)));
    assertEquals(new Calls(1, 0), portal.calls(NUMBER));
  }

  @Test
  void latency_longerThanTheClientWaits_isNotCountedAsAnswered() throws Exception {
    portal.faults(Faults.NONE.withLatency(60_000, 60_000));
    assertThrows(HttpTimeoutException.class, () -> client.lookUp(NUMBER, Duration.ofMillis(100)));
    portal.faults(Faults.NONE.withLatency(150, 150));

    var before = System.nanoTime();
    assertEquals(200, client.lookUp(NUMBER).statusCode());

    assertTrue(System.nanoTime() - before >= 140_000_000);
    assertEquals(new Calls(2, 1), portal.calls(NUMBER));
  }

  @Test
  void tokenUses_spent_isAlternately401And498UntilANewLogin() throws Exception {
    portal.faults(Faults.NONE.withTokenLife(2, 0));

    assertEquals(List.of(200, 200, 401, 498, 401), statuses(5));
    assertEquals(3, portal.stats().expired());
    client.logIn();
    assertEquals(200, client.lookUp(NUMBER).statusCode());
  }

  @Test
  void tokenSeconds_past_endsTheToken() throws Exception {
    portal.faults(Faults.NONE.withTokenLife(0, 60));
    now.set(now.get().plusSeconds(59));
    assertEquals(200, client.lookUp(NUMBER).statusCode());

    now.set(now.get().plusSeconds(1));

    assertEquals(List.of(401, 498), statuses(2));
  }

  @Test
  void loginFailure_always_bringsNoTokenWhateverTheStatus() throws Exception {
    portal.faults(Faults.NONE.withLoginFailures(1));

    var seen = new HashSet<Integer>();
    for (var i = 0; i < 40; i++) {
      var login = client.send("POST", "/v2/login/online", "");
      assertFalse(setsToken(login));
      seen.add(login.statusCode());
    }

    assertEquals(Set.of(200, 403, 503), seen);
    assertEquals(40, portal.stats().failedLogins());
  }

  @Test
  void requestsPerSecond_exceeded_is429WithTheSecondsToWait() throws Exception {
    portal.faults(Faults.NONE.withRequestsPerSecond(0.1));
    assertEquals(200, client.lookUp(NUMBER).statusCode());

    var refused = client.lookUp(NUMBER);

    assertEquals(429, refused.statusCode());
    var seconds = Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow());
    assertTrue(seconds >= 8 && seconds <= 10, () -> seconds + " s");
    assertEquals(new Calls(1, 1), portal.calls(NUMBER));
    assertEquals(1, portal.stats().rateLimited());
  }

  @Test
  void compress_forClientThatAccepts_isTheSameTextGzipped() throws Exception {
    portal.faults(Faults.NONE.withCompress(true));
    var path = "/v2/operators/by-line-code/" + NUMBER;

    var gzipped = client.bytes(path, "Accept-Encoding", "gzip, deflate");
    var plain = client.bytes(path, "Accept-Encoding", "identity");

    assertEquals("gzip", gzipped.headers().firstValue("Content-Encoding").orElseThrow());
    var unpacked = new GZIPInputStream(new ByteArrayInputStream(gzipped.body())).readAllBytes();
    assertArrayEquals(plain.body(), unpacked);
    assertEquals(
        PortalNumbering.answerFor(NUMBER).json(), new String(plain.body(), StandardCharsets.UTF_8));
  }

  @Test
  void shares_withTheSameSeed_fallOnTheSameRequests() throws Exception {
    var half = Faults.NONE.with(Faults.Kind.FORBIDDEN, 0.3).with(Faults.Kind.MALFORMED, 0.2);
    portal.faults(half.withSeed(42));
    var first = statuses(100);
    portal.faults(half.withSeed(42));
    var again = statuses(100);
    portal.faults(half.withSeed(43));
    var other = statuses(100);

    assertEquals(first, again);
    assertFalse(first.equals(other));
    var forbidden = first.stream().filter(s -> s == 403).count();
    assertTrue(forbidden > 15 && forbidden < 45, () -> forbidden + " of 100");
  }

  @Test
  void shares_beyondOne_areRefused() {
    var most = Faults.NONE.with(Faults.Kind.CUT, 0.7);

    assertThrows(IllegalArgumentException.class, () -> most.with(Faults.Kind.HANG, 0.4));
    assertThrows(IllegalArgumentException.class, () -> most.with(Faults.Kind.HANG, -0.1));
    assertThrows(IllegalArgumentException.class, () -> most.with(Faults.Kind.HANG, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> most.withLatency(5, 4));
  }

  private void always(Faults.Kind kind) {
    portal.faults(Faults.NONE.with(kind, 1));
  }

  private List<Integer> statuses(int count) throws IOException, InterruptedException {
    var statuses = new ArrayList<Integer>();
    for (var i = 0; i < count; i++) {
      statuses.add(client.lookUp(NUMBER).statusCode());
    }
    return statuses;
  }

  private void assertPage(int status) throws IOException, InterruptedException {
    var answer = client.lookUp(NUMBER);
    assertEquals(status, answer.statusCode());
    assertTrue(answer.headers().firstValue("Content-Type").orElseThrow().startsWith("text/html"));
    assertTrue(answer.body().contains("<html"));
  }

  private static void assertNoJson(String text) {
    assertThrows(JsonProcessingException.class, () -> new ObjectMapper().readTree(text));
  }
}
