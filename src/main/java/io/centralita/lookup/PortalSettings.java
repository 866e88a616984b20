package io.centralita.lookup;

import io.centralita.outside.Backoff;
import java.net.URI;
import java.time.Duration;

/**
 * Where the portal is and how hard to try.
 *
 * @param web the host whose home page gives the first cookies
 * @param api the host of the log-in and the look-ups
 * @param direct whether to go without a proxy
 * @param timeout of each single call
 * @param tries how often to ask for a line before giving it up
 * @param backoff the wait between two tries
 * @param longestWait the most that {@code Retry-After} may ask for
 * @param throttles how many 429 a line may meet before they count as tries
 * @param sessionAge how long a session is used at most; below the proxies' sesstime of ten minutes
 * @param sessionUses how many look-ups a session is used for at most
 */
public record PortalSettings(
    URI web,
    URI api,
    boolean direct,
    Duration timeout,
    int tries,
    Backoff backoff,
    Duration longestWait,
    int throttles,
    Duration sessionAge,
    int sessionUses) {

  public PortalSettings {
    check(web, "the portal's web URL");
    check(api, "the portal's API URL");
    if (!timeout.isPositive() || !sessionAge.isPositive() || !longestWait.isPositive()) {
      throw new IllegalArgumentException("the portal's times must be positive");
    }
    if (tries < 1 || throttles < 0 || sessionUses < 1) {
      throw new IllegalArgumentException("the portal's tries and session uses are at least 1");
    }
  }

  /** A portal with the usual limits. */
  public static PortalSettings of(URI web, URI api, boolean direct) {
    return new PortalSettings(
        web,
        api,
        direct,
        Duration.ofSeconds(20),
        3,
        new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10), 2),
        Duration.ofSeconds(60),
        20,
        Duration.ofMinutes(9),
        2000);
  }

  /** The same, trying otherwise. */
  public PortalSettings trying(int newTries, Duration newTimeout, Backoff newBackoff) {
    return new PortalSettings(
        web,
        api,
        direct,
        newTimeout,
        newTries,
        newBackoff,
        longestWait,
        throttles,
        sessionAge,
        sessionUses);
  }

  /** The same, bearing 429 otherwise. */
  public PortalSettings bearing(int newThrottles, Duration newLongestWait) {
    return new PortalSettings(
        web,
        api,
        direct,
        timeout,
        tries,
        backoff,
        newLongestWait,
        newThrottles,
        sessionAge,
        sessionUses);
  }

  /** The same with sessions of another life. */
  public PortalSettings withSessions(Duration newAge, int newUses) {
    return new PortalSettings(
        web, api, direct, timeout, tries, backoff, longestWait, throttles, newAge, newUses);
  }

  private static void check(URI url, String what) {
    var scheme = url.getScheme();
    if (url.getHost() == null || !("https".equals(scheme) || "http".equals(scheme))) {
      throw new IllegalArgumentException(what + " is not an http or https URL");
    }
  }
}
