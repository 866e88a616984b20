package io.centralita.outside;

import java.time.Duration;

/**
 * The bounds of a client.
 *
 * @param threads event loops, which carry all connections
 * @param bodyLimit the longest body in bytes, counted decompressed
 * @param connectionsPerHost how many connections one host may have, per proxy user
 * @param waitingPerHost how many requests may wait for one of them
 * @param idle how long an unused connection is kept; one that is silent for twice as long in the
 *     middle of a call is cut, so no call may need that long
 * @param extraCa certificates in PEM to trust besides those of the JDK, empty for none
 */
public record OutsideSettings(
    int threads,
    int bodyLimit,
    int connectionsPerHost,
    int waitingPerHost,
    Duration idle,
    String extraCa) {

  /** What serves ordinary use. */
  public static final OutsideSettings ORDINARY =
      new OutsideSettings(
          Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
          256 * 1024,
          64,
          4096,
          Duration.ofSeconds(60),
          "");

  public OutsideSettings {
    if (threads < 1 || bodyLimit < 1 || connectionsPerHost < 1 || waitingPerHost < 0) {
      throw new IllegalArgumentException("a bound of the outside client is below its least value");
    }
    if (idle.toSeconds() < 1) {
      throw new IllegalArgumentException("idle connections are kept for a second at least");
    }
  }

  /** These bounds, trusting more certificates. */
  public OutsideSettings trusting(String pem) {
    return new OutsideSettings(threads, bodyLimit, connectionsPerHost, waitingPerHost, idle, pem);
  }

  /** These bounds with another longest body. */
  public OutsideSettings withBodyLimit(int bytes) {
    return new OutsideSettings(threads, bytes, connectionsPerHost, waitingPerHost, idle, extraCa);
  }
}
