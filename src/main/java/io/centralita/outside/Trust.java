package io.centralita.outside;

import io.vertx.core.net.TrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom to believe: the JDK's authorities and, besides, those of a PEM text. Never everybody. */
final class Trust {

  private Trust() {}

  static TrustOptions besides(String pem) {
    try {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int entry = 0;
      for (var manager : factory(null).getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          for (var authority : x509.getAcceptedIssuers()) {
            store.setCertificateEntry("jdk-" + entry++, authority);
          }
        }
      }
      var bytes = pem.getBytes(StandardCharsets.US_ASCII);
      var extra =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes));
      if (extra.isEmpty()) {
        throw new IllegalArgumentException("the extra authorities hold no certificate");
      }
      for (var authority : extra) {
        store.setCertificateEntry("extra-" + entry++, authority);
      }
      return TrustOptions.wrap(factory(store));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("the extra authorities cannot be read as PEM", e);
    }
  }

  private static TrustManagerFactory factory(@Nullable KeyStore store)
      throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }
}
