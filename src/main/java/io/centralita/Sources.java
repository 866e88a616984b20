package io.centralita;

import io.centralita.lookup.OperatorSource;
import io.centralita.lookup.PortalSettings;
import io.centralita.lookup.PortalSource;
import io.centralita.outside.Backoff;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.OutsideSettings;
import io.centralita.proxy.Exits;
import io.centralita.proxy.Proxies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Who is asked, as the settings say: for operators, and whether platforms know numbers. */
final class Sources implements AutoCloseable {
  private final Settings settings;
  private final Optional<URI> testUrl;
  private final Optional<OutsideClient> client;
  private final Optional<OutsideClient> validators;

  Sources(Settings settings) {
    this.settings = settings;
    this.testUrl =
        settings.proxyTestUrl().or(() -> settings.portal().hosts().map(hosts -> home(hosts.web())));
    this.client =
        settings.portal().hosts().isPresent() || testUrl.isPresent()
            ? Optional.of(client(settings.portal()))
            : Optional.empty();
    this.validators =
        settings.validating().services().isEmpty()
            ? Optional.empty()
            : Optional.of(new OutsideClient(OutsideSettings.ORDINARY));
  }

  private static URI home(URI web) {
    return URI.create(web.toString().replaceAll("/+$", "") + "/");
  }

  /**
   * The portal, where it is configured; told whom to tell of its pauses.
   *
   * @param exits by which it is reached, unless it is called without a proxy
   */
  Optional<Function<Consumer<Duration>, OperatorSource>> source(Exits exits) {
    return client
        .filter(_ -> settings.portal().hosts().isPresent())
        .map(open -> throttled -> portal(open, exits, throttled));
  }

  /** What a proxy's trial calls, where there is anything. */
  Optional<Proxies.Target> trialTarget() {
    return client.flatMap(open -> testUrl.map(url -> new Proxies.Target(open, url)));
  }

  /** By which validators are called, where there are any. */
  Optional<OutsideClient> validators() {
    return validators;
  }

  /** What is missing where there is no source. */
  String whyNone() {
    return "no source is configured: set CENTRALITA_PORTAL_WEB_URL and CENTRALITA_PORTAL_API_URL";
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

  private PortalSource portal(OutsideClient open, Exits exits, Consumer<Duration> throttled) {
    var portal = settings.portal();
    var hosts = portal.hosts().orElseThrow();
    return new PortalSource(
        open,
        exits,
        PortalSettings.of(hosts.web(), hosts.api(), portal.direct())
            .trying(
                portal.tries(),
                portal.timeout(),
                new Backoff(portal.backoffFirst(), portal.backoffLongest(), 2))
            .opening(portal.circuit()),
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
    validators.ifPresent(OutsideClient::close);
  }
}
