package io.centralita.simulators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class PortalTlsTest {
  private static final Certificate SERVER = Certificate.of("127.0.0.1", "portal.test");
  private static final Certificate STRANGER = Certificate.of("127.0.0.1");
  private static final PortalSimulator PORTAL =
      PortalSimulator.start(PortalSimulator.Options.LOOPBACK.withTls(SERVER));

  @AfterAll
  static void stop() {
    PORTAL.close();
    SERVER.close();
    STRANGER.close();
  }

  @Test
  void lookup_byClientThatTrustsTheCertificate_works() throws Exception {
    assertEquals("https", PORTAL.webUrl().getScheme());
    try (var client = clientThatTrusts(SERVER)) {
      var login = client.logIn();

      assertTrue(PortalSimulatorTest.setsToken(login));
      assertEquals(
          PortalNumbering.answerFor(612_345_678).status(), client.lookUp(612_345_678).statusCode());
    }
  }

  @Test
  void home_byClientThatTrustsAnother_failsInTheHandshake() throws Exception {
    try (var client = clientThatTrusts(STRANGER)) {
      assertThrows(SSLHandshakeException.class, () -> client.get("/"));
    }
  }

  @Test
  void close_leavesNoFiles() {
    var certificate = Certificate.of("localhost");
    assertTrue(Files.exists(certificate.keyStore()));

    certificate.close();

    assertFalse(Files.exists(certificate.keyStore().getParent()));
  }

  private static PortalClient clientThatTrusts(Certificate certificate)
      throws IOException, GeneralSecurityException {
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (var pem = Files.newInputStream(certificate.pem())) {
      trusted.setCertificateEntry(
          "portal", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    var tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    return new PortalClient(PORTAL, HttpClient.newBuilder().sslContext(tls));
  }
}
