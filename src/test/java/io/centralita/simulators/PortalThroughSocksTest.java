package io.centralita.simulators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.util.Map;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The way of the real thing: HTTPS to a host that only the proxy can resolve. */
final class PortalThroughSocksTest {
  private static final String PASSWORD = "invented";
  private static final Certificate CERTIFICATE = Certificate.of("portal.test");
  private static final Certificate STRANGER = Certificate.of("portal.test");
  private static final PortalSimulator PORTAL =
      PortalSimulator.start(PortalSimulator.Options.LOOPBACK.withTls(CERTIFICATE));
  private static final SocksSimulator PROXY =
      SocksSimulator.start(
          SocksSimulator.Options.loopback("acme", PASSWORD)
              .withNames(Map.of("portal.test", "127.0.0.1:" + PORTAL.port())));
  private static final Vertx VERTX = EventLoop.create();

  @AfterAll
  static void stop() {
    EventLoop.await(VERTX.close());
    PROXY.close();
    PORTAL.close();
    CERTIFICATE.close();
    STRANGER.close();
  }

  @Test
  void home_byNameOfTheProxy_isReached() {
    PROXY.resetStats();
    var client = clientThatTrusts(CERTIFICATE);

    var status = home(client, "user-acme-sessid-one").statusCode();

    assertEquals(200, status);
    assertEquals(1, PROXY.stats().byName());
    assertEquals(0, PROXY.stats().byAddress());
    assertEquals(Map.of("user-acme-sessid-one", 1), PROXY.stats().connectionsByUser());
  }

  @Test
  void home_ofAServerWithAnUntrustedCertificate_failsInTheHandshake() {
    var client = clientThatTrusts(STRANGER);

    var failure =
        assertThrows(CompletionException.class, () -> home(client, "user-acme-sessid-two"));

    assertInstanceOf(SSLHandshakeException.class, failure.getCause());
  }

  @Test
  void home_droppedByTheProxyAfterTheHandshake_fails() {
    PROXY.faults(SocksFaults.NONE.with(SocksFaults.Kind.DROP_AFTER_HANDSHAKE, 1));
    var client = clientThatTrusts(CERTIFICATE);

    assertThrows(CompletionException.class, () -> home(client, "user-acme-sessid-three"));

    PROXY.faults(SocksFaults.NONE);
    assertEquals(200, home(client, "user-acme-sessid-three").statusCode());
  }

  private static HttpClient clientThatTrusts(Certificate certificate) {
    return VERTX.createHttpClient(
        new HttpClientOptions()
            .setSsl(true)
            .setTrustOptions(new PemTrustOptions().addCertPath(certificate.pem().toString())));
  }

  private static HttpClientResponse home(HttpClient client, String user) {
    var proxy =
        new ProxyOptions()
            .setType(ProxyType.SOCKS5)
            .setHost(PROXY.host())
            .setPort(PROXY.port())
            .setUsername(user)
            .setPassword(PASSWORD);
    var request =
        new RequestOptions().setAbsoluteURI("https://portal.test/").setProxyOptions(proxy);
    return EventLoop.await(client.request(request).compose(HttpClientRequest::send));
  }
}
