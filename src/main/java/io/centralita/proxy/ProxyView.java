package io.centralita.proxy;

import io.centralita.proxy.ProxyState.Status;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A proxy as the API shows it: nothing that it takes to log in.
 *
 * @param userNames how many there are
 * @param counters calls by outcome; every outcome is there
 */
record ProxyView(
    long id,
    String ip,
    int portMin,
    int portMax,
    int userNames,
    @Nullable String user,
    Status state,
    String reason,
    Instant since,
    @Nullable Instant retryAt,
    Map<String, Long> counters,
    double errorScore,
    int sessionsLent,
    long blockedExits,
    @Nullable Integer sessionsAtOnce,
    @Nullable Integer callsAtOnce,
    @Nullable Double callsPerSecond,
    Instant createdAt) {

  static ProxyView of(ProxyRow row) {
    var configuration = row.configuration();
    return new ProxyView(
        row.id(),
        configuration.host(),
        configuration.portMin(),
        configuration.portMax(),
        configuration.userNames(),
        configuration.user(),
        row.status(),
        row.reason(),
        row.since(),
        row.retryAt(),
        all(row.counters()),
        rounded(row.errorScore()),
        row.sessionsLent(),
        row.blockedExits(),
        configuration.sessionsAtOnce() == 0 ? null : configuration.sessionsAtOnce(),
        row.callsAtOnce(),
        row.callsPerSecond(),
        row.createdAt());
  }

  /** With what the proxy itself says. */
  ProxyView with(ProxyStatus live) {
    return live.status() == Status.NEW
        ? this // it has not been told yet; the row knows better
        : new ProxyView(
            id,
            ip,
            portMin,
            portMax,
            userNames,
            user,
            live.status(),
            live.reason(),
            live.since(),
            live.retryAt(),
            all(live.counters()),
            rounded(live.errorScore()),
            live.sessionsLent(),
            live.blockedExits(),
            sessionsAtOnce,
            callsAtOnce,
            callsPerSecond,
            createdAt);
  }

  private static Map<String, Long> all(Map<String, Long> counted) {
    var all = new TreeMap<String, Long>();
    for (var outcome : Outcome.values()) {
      all.put(outcome.label(), counted.getOrDefault(outcome.label(), 0L));
    }
    return all;
  }

  private static double rounded(double score) {
    return Math.round(score * 10) / 10.0;
  }
}
