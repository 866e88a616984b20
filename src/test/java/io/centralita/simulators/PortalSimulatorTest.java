package io.centralita.simulators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.simulators.PortalNumbering.Line;
import io.centralita.simulators.PortalNumbering.OwnLine;
import java.net.http.HttpResponse;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PortalSimulatorTest {
  private static final int NUMBER = 612_345_678;

  private final PortalSimulator portal = PortalSimulator.start(PortalSimulator.Options.LOOPBACK);
  private final PortalClient client = new PortalClient(portal);

  @AfterEach
  void stop() {
    client.close();
    portal.close();
  }

  @Test
  void home_firstVisit_givesSessionCookiesOnly() throws Exception {
    var home = client.get("/");

    assertEquals(200, home.statusCode());
    assertTrue(home.headers().firstValue("Content-Type").orElseThrow().startsWith("text/html"));
    var cookies = home.headers().allValues("Set-Cookie");
    assertTrue(cookies.stream().anyMatch(c -> c.startsWith("digi_session=")));
    assertTrue(cookies.stream().noneMatch(c -> c.startsWith("store_access_token=")));
  }

  @Test
  void login_withSessionAndEmptyBody_givesToken() throws Exception {
    var login = client.logIn();

    assertEquals(200, login.statusCode());
    assertTrue(setsToken(login));
    assertEquals(1, portal.stats().logins());
  }

  @Test
  void login_withBody_isRefused() throws Exception {
    client.get("/");

    var login = client.send("POST", "/v2/login/online", "{}");

    assertEquals(400, login.statusCode());
    assertFalse(setsToken(login));
  }

  @Test
  void login_withoutSession_isRefused() throws Exception {
    var login = client.send("POST", "/v2/login/online", "");

    assertEquals(401, login.statusCode());
    assertFalse(setsToken(login));
    assertEquals(1, portal.stats().failedLogins());
  }

  @Test
  void lookup_withToken_answersTheTruth() throws Exception {
    client.logIn();
    var number = numberWhere(Line.class);

    var answer = client.lookUp(number);

    assertEquals(200, answer.statusCode());
    assertEquals(PortalNumbering.answerFor(number).json(), answer.body());
    assertEquals(new Calls(1, 1), portal.calls(number));
  }

  @Test
  void lookup_ownLine_is404WithMessage() throws Exception {
    client.logIn();

    var answer = client.lookUp(numberWhere(OwnLine.class));

    assertEquals(404, answer.statusCode());
    assertEquals("{\"message\":\"Operator not found\"}", answer.body());
  }

  @Test
  void lookup_withoutToken_is401AndNotCounted() throws Exception {
    var answer = client.lookUp(NUMBER);

    assertEquals(401, answer.statusCode());
    assertEquals(1, portal.stats().unauthorized());
    assertEquals(new Calls(0, 0), portal.calls(NUMBER));
  }

  @Test
  void lookup_withUnknownToken_is401() throws Exception {
    var answer =
        client.get("/v2/operators/by-line-code/612345678", "Cookie", "store_access_token=a.b.c");

    assertEquals(401, answer.statusCode());
  }

  @Test
  void lookup_notNineDigits_is400() throws Exception {
    client.logIn();

    assertEquals(400, client.get("/v2/operators/by-line-code/34612345678").statusCode());
    assertEquals(400, client.get("/v2/operators/by-line-code/61234567a").statusCode());
    assertEquals(0, portal.stats().asked());
  }

  @Test
  void oldPaths_answerAsTheyDidBeforeTheyWereClosed() throws Exception {
    assertEquals(401, client.send("POST", "/v1/users/login", "{}").statusCode());
    assertEquals(401, client.get("/v2/operators").statusCode());
    for (var gone :
        new String[] {"/v2/users/login", "/v1/auth/login", "/v1/users/anonymous", "/oauth/token"}) {
      var answer = client.send("POST", gone, "{}");
      assertEquals(404, answer.statusCode(), gone);
      assertTrue(answer.body().contains("<html"), gone);
    }
  }

  @Test
  void requests_inARow_shareOneConnection() throws Exception {
    client.logIn();
    for (var i = 0; i < 20; i++) {
      client.lookUp(NUMBER);
    }

    assertEquals(1, portal.stats().connections());
    assertEquals(1, portal.stats().openConnections());
    assertEquals(new Calls(20, 20), portal.calls().get(NUMBER));
  }

  @Test
  void resetStats_afterCalls_startsFromZero() throws Exception {
    client.logIn();
    client.lookUp(NUMBER);

    portal.resetStats();

    assertTrue(portal.calls().isEmpty());
    assertEquals(0, portal.stats().asked());
    assertEquals(1, portal.stats().openConnections());
  }

  @Test
  void start_portTaken_saysSo() {
    var taken = PortalSimulator.Options.LOOPBACK.withPort(portal.port());

    var refusal = assertThrows(IllegalStateException.class, () -> PortalSimulator.start(taken));

    assertTrue(refusal.toString().contains("127.0.0.1:" + portal.port()));
  }

  @Test
  void control_overHttp_readsAndChangesTheFaults() throws Exception {
    var changed =
        client.send(
            "PUT", "/_simulator/faults", "{\"tokenUses\":2,\"shares\":{\"notFoundHtml\":0.25}}");

    assertEquals(200, changed.statusCode());
    var expected = Faults.NONE.withTokenLife(2, 0).with(Faults.Kind.NOT_FOUND_HTML, 0.25);
    assertEquals(expected, portal.faults());
    assertEquals(changed.body(), client.get("/_simulator/faults").body());

    client.send("PUT", "/_simulator/faults", "{\"shares\":{\"cut\":0.5}}");
    assertEquals(expected.with(Faults.Kind.CUT, 0.5), portal.faults());
  }

  @Test
  void control_wrongFaults_isRefusedAndChangesNothing() throws Exception {
    for (var wrong :
        new String[] {
          "{\"shares\":{\"cut\":1.5}}", "{\"latencyMinMs\":5}", "{\"nonsense\":1}", "{", ""
        }) {
      assertEquals(
          400, client.send("PUT", "/_simulator/faults", wrong).statusCode(), "body: " + wrong);
    }
    assertEquals(Faults.NONE, portal.faults());
  }

  @Test
  void control_overHttp_readsAndResetsTheCounts() throws Exception {
    client.logIn();
    client.lookUp(NUMBER);

    assertEquals(
        "{\"612345678\":{\"asked\":1,\"answered\":1}}", client.get("/_simulator/calls").body());
    assertTrue(client.get("/_simulator/stats").body().contains("\"asked\":1"));

    assertEquals(204, client.send("DELETE", "/_simulator/stats", "").statusCode());
    assertEquals("{}", client.get("/_simulator/calls").body());
  }

  static boolean setsToken(HttpResponse<String> response) {
    return response.headers().allValues("Set-Cookie").stream()
        .anyMatch(c -> c.startsWith("store_access_token="));
  }

  static int numberWhere(Class<? extends PortalNumbering.Answer> kind) {
    return IntStream.range(600_000_000, 600_001_000)
        .filter(n -> kind.isInstance(PortalNumbering.answerFor(n)))
        .findFirst()
        .orElseThrow();
  }
}
