package io.centralita;

import io.centralita.lookup.OperatorSource;
import io.centralita.lookup.PortalSettings;
import io.centralita.lookup.PortalSource;
import io.centralita.outside.Backoff;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.OutsideSettings;
import io.centralita.outside.Socks5;
import io.centralita.proxy.ProxyPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Who is asked for operators, as the settings say. */
final class Sources implements AutoCloseable {
  private final Settings settings;
  private final Optional<OutsideClient> client;

  Sources(Settings settings) {
    this.settings = settings;
    var reachable = settings.portal().direct() || !settings.proxies().isBlank();
    this.client =
        settings.portal().hosts().filter(_ -> reachable).map(_ -> client(settings.portal()));
  }

  /** The portal, where it is configured with a way to reach it; told whom to tell of its pauses. */
  Optional<Function<Consumer<Duration>, OperatorSource>> source() {
    return client.map(open -> throttled -> portal(open, throttled));
  }

  /** What is missing where there is no source. */
  String whyNone() {
    return settings.portal().hosts().isPresent()
        ? "no proxy is configured: set CENTRALITA_PROXIES, or CENTRALITA_PORTAL_DIRECT=true"
        : "no source is configured: set CENTRALITA_PORTAL_WEB_URL and CENTRALITA_PORTAL_API_URL";
  }

  private static OutsideClient client(Settings.Portal portal) {
    var ordinary = OutsideSettings.ORDINARY;
    return new OutsideClient(
        new OutsideSettings(
            ordinary.threads(),
            ordinary.bodyLimit(),
            Math.max(ordinary.connectionsPerHost(), portal.callsAtOnce()),
            ordinary.waitingPerHost(),
            ordinary.idle(),
            portal.caFile().map(Sources::pem).orElse("")));
  }

  private PortalSource portal(OutsideClient open, Consumer<Duration> throttled) {
    var portal = settings.portal();
    var hosts = portal.hosts().orElseThrow();
    var proxies = new ProxyPool(Socks5.parse(settings.proxies()), new SecureRandom());
    return new PortalSource(
        open,
        proxies::next,
        PortalSettings.of(hosts.web(), hosts.api(), portal.direct())
            .trying(
                portal.tries(),
                portal.timeout(),
                new Backoff(portal.backoffFirst(), portal.backoffLongest(), 2)),
        InstantSource.system(),
        new SecureRandom(),
        throttled::accept);
  }

  private static String pem(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("the portal's ca-file cannot be read", e);
    }
  }

  @Override
  public void close() {
    client.ifPresent(OutsideClient::close);
  }
}
