package io.centralita.simulators;

import io.centralita.scoring.Platform;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * The validators: of each platform one that checks batches of numbers, two look-ups of carriers,
 * and the capabilities of RCS. One server plays them all. Its settings and counts can also be had
 * over HTTP, under {@code /_simulator/}.
 */
public final class ValidatorSimulator
    implements AutoCloseable, Control.Controlled<ValidatorFaults> {

  /**
   * Where the validators listen and how they behave at first.
   *
   * @param port 0 takes any that is free
   * @param token what every call must show
   * @param seed of {@link ValidatorTruth}
   * @param remembered of how many numbers each service counts the calls
   */
  public record Options(
      String host, int port, String token, long seed, int remembered, ValidatorFaults faults) {
    /** On any loopback port, in good health, with the token {@code demo}. */
    public static final Options LOOPBACK =
        new Options("127.0.0.1", 0, "demo", 1, 500_000, ValidatorFaults.NONE);

    /** The same at another host and port. */
    public Options withAddress(String newHost, int newPort) {
      return new Options(newHost, newPort, token, seed, remembered, faults);
    }

    /** The same with another token. */
    public Options withToken(String newToken) {
      return new Options(host, port, newToken, seed, remembered, faults);
    }

    /** The same with another truth. */
    public Options withSeed(long newSeed) {
      return new Options(host, port, token, newSeed, remembered, faults);
    }

    /** The same, where each service counts the calls of so many numbers. */
    public Options withRemembered(int numbers) {
      return new Options(host, port, token, seed, numbers, faults);
    }

    /** The same with these faults at first. */
    public Options withFaults(ValidatorFaults first) {
      return new Options(host, port, token, seed, remembered, first);
    }
  }

  /**
   * What one service was asked since the start or the last reset.
   *
   * @param calls requests to it
   * @param whileDown requests that were cut because it was down
   * @param unauthorized requests without the token
   * @param rateLimited requests answered with 429
   * @param refused requests that it did not understand
   * @param asked numbers asked for, also those that met a fault
   * @param answered numbers that got the true answer
   * @param numbers distinct numbers asked for, as far as they are remembered
   * @param again how often a number was asked for that had been before
   * @param uncounted numbers asked for when no more could be remembered
   * @param faults questions that met each fault
   */
  public record ServiceStats(
      long calls,
      long whileDown,
      long unauthorized,
      long rateLimited,
      long refused,
      long asked,
      long answered,
      int numbers,
      long again,
      long uncounted,
      Map<ValidatorFaults.Kind, Long> faults) {}

  /**
   * What all services were asked since the start or the last reset.
   *
   * @param connections connections accepted
   * @param mostUnderWay the most requests that waited for their answers at any moment
   */
  public record Stats(
      Map<ValidatorService, ServiceStats> services,
      long connections,
      int openConnections,
      int mostUnderWay) {}

  private final Vertx vertx = EventLoop.create();
  private final Traffic traffic = new Traffic();
  private final Map<ValidatorService, ValidatorTally> tallies =
      new EnumMap<>(ValidatorService.class);
  private final ValidatorRoutes routes;
  private final Options options;
  private final URI url;

  private ValidatorSimulator(Options options) {
    for (var service : ValidatorService.values()) {
      tallies.put(service, new ValidatorTally(options.remembered()));
    }
    this.options = options;
    this.routes = new ValidatorRoutes(vertx, tallies, options);
    var control = new Control<>(this, ValidatorFaults.class);
    var port =
        new SimulatorServer(control, traffic, routes::handle)
            .listen(
                vertx,
                SimulatorServer.http(options.host(), options.port()),
                "the validators' simulator");
    this.url = URI.create("http://" + options.host() + ":" + port);
  }

  /** Starts the validators and returns once they listen; an IllegalStateException says why not. */
  public static ValidatorSimulator start(Options options) {
    return new ValidatorSimulator(options);
  }

  /** The base address of the look-ups and the capabilities, without a slash at its end. */
  public URI url() {
    return url;
  }

  /** The base address of a platform's validator, without a slash at its end. */
  public URI url(Platform platform) {
    return URI.create(url + ValidatorRoutes.prefix(platform));
  }

  /** The port that the validators listen on. */
  public int port() {
    return url.getPort();
  }

  /** What the platform's validator says of a number when nothing is wrong. */
  public ValidatorTruth.Status truth(Platform platform, long number) {
    return ValidatorTruth.statusOf(platform, number, options.seed());
  }

  /** Behaves so from the next request on; the draws and the rate limits begin anew. */
  @Override
  public void faults(ValidatorFaults faults) {
    routes.faults(faults);
  }

  /** How the validators behave now. */
  @Override
  public ValidatorFaults faults() {
    return routes.faults();
  }

  /** The counts so far. */
  @Override
  public Stats stats() {
    var services = new EnumMap<ValidatorService, ServiceStats>(ValidatorService.class);
    tallies.forEach((service, tally) -> services.put(service, tally.stats()));
    return new Stats(
        services, traffic.connections(), traffic.openConnections(), traffic.mostUnderWay());
  }

  /** The counts of one service. */
  public ServiceStats stats(ValidatorService service) {
    return tally(service).stats();
  }

  /** The calls of every number that each service was asked for, as a copy. */
  @Override
  public Map<ValidatorService, Map<Long, Calls>> calls() {
    var calls = new EnumMap<ValidatorService, Map<Long, Calls>>(ValidatorService.class);
    tallies.forEach((service, tally) -> calls.put(service, tally.numbers().copy(Long::valueOf)));
    return calls;
  }

  /** The calls of every number that a service was asked for, as a copy. */
  public Map<Long, Calls> calls(ValidatorService service) {
    return tally(service).numbers().copy(Long::valueOf);
  }

  /** The calls of one number, by the digits of its E.164 form. */
  public Calls calls(ValidatorService service, long number) {
    return tally(service).numbers().of(number);
  }

  /** Sets all counts to zero but those of what is open or under way. */
  @Override
  public void resetStats() {
    tallies.values().forEach(ValidatorTally::reset);
    traffic.reset();
  }

  /** Stops listening and cuts all connections. */
  @Override
  public void close() {
    EventLoop.await(vertx.close());
  }

  private ValidatorTally tally(ValidatorService service) {
    return Objects.requireNonNull(tallies.get(service));
  }
}
