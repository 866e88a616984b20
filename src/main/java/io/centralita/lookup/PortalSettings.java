package io.centralita.lookup;

import io.centralita.outside.Backoff;
import io.centralita.outside.Circuit;
import java.net.URI;
import java.time.Duration;

/**
 * Where the portal is and how hard to try.
 *
 * @param web the host whose home page gives the first cookies
 * @param api the host of the log-in and the look-ups
 * @param direct whether to go without a proxy
 * @param circuit when nobody's line is asked for any more, and for how long
 * @param detours how many faults of proxies a line may meet before they count as tries
 */
public record PortalSettings(
    URI web,
    URI api,
    boolean direct,
    Tries tries,
    int detours,
    Throttles throttles,
    Circuit.Settings circuit,
    SessionLife sessions) {

  /**
   * How a line is asked for.
   *
   * @param most how often to ask before giving it up
   * @param timeout of each single call
   * @param backoff the wait between two tries
   */
  public record Tries(int most, Duration timeout, Backoff backoff) {
    public Tries {
      if (most < 1 || !timeout.isPositive()) {
        throw new IllegalArgumentException("a line is tried once at least, for a positive time");
      }
    }
  }

  /**
   * How 429 is borne.
   *
   * @param most how many of them a line may meet before they count as tries
   * @param storm how many of them in a row make a session's exit count as blocked
   * @param longestWait the most that {@code Retry-After} may ask for
   */
  public record Throttles(int most, int storm, Duration longestWait) {
    public Throttles {
      if (most < 0 || storm < 1 || !longestWait.isPositive()) {
        throw new IllegalArgumentException("429 is borne never or more often, for a positive time");
      }
    }
  }

  /**
   * How long a session is used.
   *
   * @param age at most so long; below the proxies' sesstime of ten minutes
   * @param uses for so many look-ups at most
   */
  public record SessionLife(Duration age, int uses) {
    public SessionLife {
      if (!age.isPositive() || uses < 1) {
        throw new IllegalArgumentException("a session lives for a positive time and one use");
      }
    }
  }

  public PortalSettings {
    check(web, "the portal's web URL");
    check(api, "the portal's API URL");
  }

  /** A portal with the usual limits. */
  public static PortalSettings of(URI web, URI api, boolean direct) {
    return new PortalSettings(
        web,
        api,
        direct,
        new Tries(
            3,
            Duration.ofSeconds(20),
            new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10), 2)),
        20,
        new Throttles(20, 5, Duration.ofSeconds(60)),
        new Circuit.Settings(5, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), 2)),
        new SessionLife(Duration.ofMinutes(9), 2000));
  }

  /** The same, trying otherwise. */
  public PortalSettings trying(int most, Duration timeout, Backoff backoff) {
    var otherwise = new Tries(most, timeout, backoff);
    return new PortalSettings(web, api, direct, otherwise, detours, throttles, circuit, sessions);
  }

  /** The same, bearing 429 otherwise. */
  public PortalSettings bearing(int most, Duration longestWait) {
    var otherwise = new Throttles(most, throttles.storm(), longestWait);
    return new PortalSettings(web, api, direct, tries, detours, otherwise, circuit, sessions);
  }

  /** The same, going round faulty proxies otherwise. */
  public PortalSettings goingRound(int otherwise) {
    return new PortalSettings(web, api, direct, tries, otherwise, throttles, circuit, sessions);
  }

  /** The same, trying a portal that answers nobody otherwise. */
  public PortalSettings opening(Circuit.Settings otherwise) {
    return new PortalSettings(web, api, direct, tries, detours, throttles, otherwise, sessions);
  }

  /** The same with sessions of another life. */
  public PortalSettings withSessions(Duration age, int uses) {
    var otherwise = new SessionLife(age, uses);
    return new PortalSettings(web, api, direct, tries, detours, throttles, circuit, otherwise);
  }

  private static void check(URI url, String what) {
    var scheme = url.getScheme();
    if (url.getHost() == null || !("https".equals(scheme) || "http".equals(scheme))) {
      throw new IllegalArgumentException(what + " is not an http or https URL");
    }
  }
}
