package io.centralita.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.outside.OutsideException.Kind;
import io.centralita.simulators.Certificate;
import io.centralita.simulators.PortalSimulator;
import io.centralita.simulators.SocksFaults;
import io.centralita.simulators.SocksSimulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS and SOCKS5, each alone and one inside the other. */
class OutsideTunnelTest {

  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final Certificate RIGHT = Certificate.of("portal.test", "127.0.0.1");
  private static final Certificate OTHER_HOST = Certificate.of("elsewhere.test");
  private static final PortalSimulator PLAIN =
      PortalSimulator.start(PortalSimulator.Options.LOOPBACK);
  private static final PortalSimulator SECURE =
      PortalSimulator.start(PortalSimulator.Options.LOOPBACK.withTls(RIGHT));
  private static final PortalSimulator MISNAMED =
      PortalSimulator.start(PortalSimulator.Options.LOOPBACK.withTls(OTHER_HOST));
  private static final SocksSimulator SOCKS =
      SocksSimulator.start(
          SocksSimulator.Options.loopback("acme", "secret")
              .withNames(
                  Map.of(
                      "portal.test", "127.0.0.1:" + SECURE.port(),
                      "plain.test", "127.0.0.1:" + PLAIN.port())));

  private static final OutsideClient client = trusting();

  private static OutsideClient trusting() {
    try {
      var pem = Files.readString(RIGHT.pem()) + Files.readString(OTHER_HOST.pem());
      return new OutsideClient(OutsideSettings.ORDINARY.trusting(pem));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void heal() {
    SOCKS.faults(SocksFaults.NONE);
    SOCKS.resetStats();
  }

  @AfterAll
  static void close() {
    client.close();
    Stream.of(PLAIN, SECURE, MISNAMED).forEach(PortalSimulator::close);
    SOCKS.close();
    RIGHT.close();
    OTHER_HOST.close();
  }

  private static Socks5 as(String user, String password) {
    return new Socks5(SOCKS.host(), SOCKS.port(), user, password);
  }

  private static Request get(String url) {
    return Request.get(URI.create(url), Headers.NONE, PATIENT);
  }

  private static OutsideException failure(OutsideClient from, Request request) {
    return CallFailure.of(from.send(request), "secret");
  }

  private static int status(Request request) {
    return client.send(request).toCompletableFuture().join().status();
  }

  @Test
  void send_trustedCertificate_isAnswered() {
    assertEquals(200, status(get(SECURE.webUrl() + "/")));
  }

  @Test
  void send_unknownAuthority_failsInTls() {
    try (var strict = new OutsideClient(OutsideSettings.ORDINARY)) {
      SECURE.resetStats();

      assertEquals(Kind.TLS, failure(strict, get(SECURE.webUrl() + "/")).kind());
      assertEquals(0, SECURE.stats().requests());
    }
  }

  @Test
  void send_certificateOfAnotherHost_failsInTls() {
    assertEquals(Kind.TLS, failure(client, get(MISNAMED.webUrl() + "/")).kind());
    assertEquals(0, MISNAMED.stats().requests());
  }

  @Test
  void send_httpsToAPlainServer_failsInTls() {
    var request = get("https://127.0.0.1:" + PLAIN.port() + "/");
    assertEquals(Kind.TLS, failure(client, request).kind());
  }

  @Test
  void trusting_notACertificate_isRefused() {
    var settings = OutsideSettings.ORDINARY.trusting("-----BEGIN NONSENSE-----");
    assertThrows(IllegalArgumentException.class, () -> new OutsideClient(settings));
  }

  @Test
  void send_throughProxy_leavesTheNameToIt() {
    var proxy = as("user-acme-region-es-sessid-one-sesstime-10", "secret");

    assertEquals(200, status(get("http://plain.test/").through(proxy)));
    assertEquals(200, status(get("https://portal.test/").through(proxy)));

    assertEquals(2, SOCKS.stats().byName());
    assertEquals(0, SOCKS.stats().byAddress());
    assertEquals(Set.of(proxy.user()), SOCKS.stats().connectionsByUser().keySet());
  }

  @Test
  void send_twoProxyUsers_neverShareAConnection() {
    var calls =
        Stream.of("red", "blue", "red", "blue")
            .map(s -> as("user-acme-region-es-sessid-" + s + "-sesstime-10", "secret"))
            .map(proxy -> status(get("http://plain.test/").through(proxy)))
            .toList();

    assertEquals(4, calls.size());
    assertEquals(2, SOCKS.stats().connectionsByUser().size());
    assertTrue(SOCKS.stats().connectionsByUser().values().stream().allMatch(n -> n == 1));
  }

  @Test
  void send_wrongPassword_isRefusedByTheProxy() {
    // even where the right one has a connection open
    assertEquals(200, status(get("http://plain.test/").through(as("user-acme", "secret"))));

    var failure = failure(client, get("http://plain.test/").through(as("user-acme", "wrong")));

    assertEquals(Kind.PROXY_AUTH, failure.kind());
  }

  @Test
  void send_noLoginWhereTheProxyWantsOne_isRefused() {
    var anonymous = new Socks5(SOCKS.host(), SOCKS.port(), "", "");

    assertEquals(
        Kind.PROXY_AUTH, failure(client, get("http://plain.test/").through(anonymous)).kind());
  }

  @ParameterizedTest
  @CsvSource({
    "GENERAL_FAILURE,failure",
    "NETWORK_UNREACHABLE,network unreachable",
    "HOST_UNREACHABLE,host unreachable",
    "CONNECTION_REFUSED,connection refused"
  })
  void send_proxyCannotReachTheHost_saysWhy(SocksFaults.Kind fault, String why) {
    SOCKS.faults(SocksFaults.NONE.with(fault, 1));

    var proxy = as("user-acme-region-es-sessid-rep-sesstime-10", "secret");
    var failure = failure(client, get("http://plain.test/").through(proxy));

    assertEquals(Kind.PROXY, failure.kind());
    assertEquals("proxy failed (" + why + ")", failure.reason());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HANG")
  void send_manyAtOnceThroughAFailingProxy_eachEndsAsItsTunnelDid(SocksFaults.Kind fault) {
    SOCKS.faults(SocksFaults.NONE.with(fault, 0.5).withSeed(7));
    var calls =
        IntStream.range(0, 60)
            .mapToObj(i -> "user-acme-region-es-sessid-" + fault.name().replace("_", "") + i)
            .map(user -> get("http://plain.test/").through(as(user, "secret")))
            .map(request -> client.send(request).handle(OutsideTunnelTest::ending))
            .map(CompletionStage::toCompletableFuture)
            .toList();

    var endings = calls.stream().map(CompletableFuture::join).toList();

    long failed = endings.stream().filter(List.of("PROXY", "CUT")::contains).count();
    assertEquals(60 - failed, endings.stream().filter("200"::equals).count());
    assertEquals(SOCKS.stats().faults().get(fault), failed);
    assertTrue(failed > 0 && failed < 60);
  }

  private static String ending(@Nullable Response response, @Nullable Throwable failure) {
    return switch (failure) {
      case null -> String.valueOf(response == null ? "nothing" : response.status());
      case OutsideException e -> e.kind().name();
      case Throwable e -> e.toString();
    };
  }

  @Test
  void send_tunnelEndsInTheTlsHandshake_isCut() {
    SOCKS.faults(SocksFaults.NONE.with(SocksFaults.Kind.DROP_AFTER_HANDSHAKE, 1));
    var proxy = as("user-acme-region-es-sessid-tls-sesstime-10", "secret");

    assertEquals(Kind.CUT, failure(client, get("https://portal.test/").through(proxy)).kind());
  }
}
