package io.centralita.simulators;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The operator portal: a home page that gives session cookies, a log-in that gives a token cookie,
 * and the look-up of a line's operator. One server plays both of the portal's hosts. Its settings
 * and counts can also be had over HTTP, under {@code /_simulator/}.
 */
public final class PortalSimulator implements AutoCloseable, Control.Controlled<Faults> {

  /**
   * Where the portal listens and how it behaves at first.
   *
   * @param port 0 takes any that is free
   * @param tls null is plain HTTP
   */
  public record Options(String host, int port, @Nullable Certificate tls, Faults faults) {
    /** Plain HTTP on any loopback port, in good health. */
    public static final Options LOOPBACK = new Options("127.0.0.1", 0, null, Faults.NONE);

    /** The same on another port. */
    public Options withPort(int newPort) {
      return new Options(host, newPort, tls, faults);
    }

    /** The same over TLS. */
    public Options withTls(Certificate certificate) {
      return new Options(host, port, certificate, faults);
    }

    /** The same with these faults at first. */
    public Options withFaults(Faults first) {
      return new Options(host, port, tls, first);
    }
  }

  /**
   * What the portal was asked since the start or the last reset.
   *
   * @param requests all but those of the control paths
   * @param asked look-ups with a valid token, also those that met a fault
   * @param answered look-ups that got the true answer
   * @param numbers distinct numbers asked for
   * @param unauthorized look-ups without a token that the portal knows
   * @param expired look-ups with a token that was valid once
   * @param rateLimited requests answered with 429
   * @param faults look-ups that met each fault
   * @param connections connections accepted
   * @param mostUnderWay the most requests that waited for their answers at any moment
   */
  public record Stats(
      long requests,
      long homePages,
      long logins,
      long failedLogins,
      long asked,
      long answered,
      int numbers,
      long unauthorized,
      long expired,
      long rateLimited,
      Map<Faults.Kind, Long> faults,
      long connections,
      int openConnections,
      int mostUnderWay) {}

  private final Vertx vertx = EventLoop.create();
  private final PortalTally tally = new PortalTally();
  private final PortalRoutes routes;
  private final URI url;

  private PortalSimulator(Options options, InstantSource clock) {
    this.routes = new PortalRoutes(vertx, tally, options.faults(), clock);
    var control = new Control<>(this, Faults.class);
    var port =
        new SimulatorServer(control, tally.traffic(), routes::handle)
            .listen(vertx, http(options), "the portal simulator");
    var scheme = options.tls() == null ? "http" : "https";
    this.url = URI.create(scheme + "://" + options.host() + ":" + port);
  }

  /** Starts a portal and returns once it listens; an IllegalStateException says why it cannot. */
  public static PortalSimulator start(Options options) {
    return start(options, InstantSource.system());
  }

  static PortalSimulator start(Options options, InstantSource clock) {
    return new PortalSimulator(options, clock);
  }

  /** The base address of the home page, without a slash at its end. */
  public URI webUrl() {
    return url;
  }

  /** The base address of the log-in and the look-ups, without a slash at its end. */
  public URI apiUrl() {
    return url;
  }

  /** The port that the portal listens on. */
  public int port() {
    return url.getPort();
  }

  /** Behaves so from the next request on; the draws and the rate limit begin anew. */
  @Override
  public void faults(Faults faults) {
    routes.faults(faults);
  }

  /** How the portal behaves now. */
  @Override
  public Faults faults() {
    return routes.faults();
  }

  /** The counts so far. */
  @Override
  public Stats stats() {
    return tally.stats();
  }

  /** Look-ups of every number asked for, as a copy. */
  @Override
  public Map<Integer, Calls> calls() {
    return tally.calls().copy(Math::toIntExact);
  }

  /** Look-ups of one number. */
  public Calls calls(int number) {
    return tally.calls().of(number);
  }

  /** Sets all counts to zero but those of what is open or under way. */
  @Override
  public void resetStats() {
    tally.reset();
  }

  /** Stops listening and cuts all connections. */
  @Override
  public void close() {
    EventLoop.await(vertx.close());
  }

  private static HttpServerOptions http(Options options) {
    var http = SimulatorServer.http(options.host(), options.port());
    var tls = options.tls();
    if (tls == null) {
      return http;
    }
    var key = new PfxOptions().setPath(tls.keyStore().toString()).setPassword(tls.password());
    return http.setSsl(true).setKeyCertOptions(key);
  }
}
