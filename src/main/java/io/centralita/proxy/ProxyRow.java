package io.centralita.proxy;

import io.centralita.cluster.Limit;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A proxy's row without its credentials.
 *
 * @param toldVersion the newest version of the configuration that the entity was told
 */
record ProxyRow(
    long id,
    Configuration configuration,
    @Nullable Integer callsAtOnce,
    @Nullable Double callsPerSecond,
    Instant createdAt,
    long revision,
    int toldVersion,
    ProxyState.Status status,
    String reason,
    Instant since,
    @Nullable Instant retryAt,
    Map<String, Long> counters,
    double errorScore,
    int sessionsLent,
    long blockedExits) {

  /** What it bears from the whole cluster; null where nothing is said. */
  @Nullable Limit limit() {
    return callsAtOnce == null && callsPerSecond == null
        ? null
        : new Limit(
            callsAtOnce == null ? ProxyInput.MOST_CALLS_AT_ONCE : callsAtOnce,
            callsPerSecond == null ? Double.POSITIVE_INFINITY : callsPerSecond);
  }

  int version() {
    return configuration.version();
  }
}
