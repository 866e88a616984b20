package io.centralita.proxy;

import io.centralita.actor.CborSerializable;
import io.centralita.proxy.ProxyState.Status;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A proxy as others see it.
 *
 * @param revision how many events made it so
 * @param version of its configuration
 * @param reason in words, with the time
 * @param retryAt of an open one: when it is tried again; null otherwise
 * @param counters calls by outcome, since it was configured
 * @param errorScore 0 for spotless to 100
 * @param sessionsLent now
 * @param blockedExits exits ever blocked
 */
public record ProxyStatus(
    long id,
    long revision,
    int version,
    Status status,
    String reason,
    Instant since,
    @Nullable Instant retryAt,
    Map<String, Long> counters,
    double errorScore,
    int sessionsLent,
    long blockedExits)
    implements CborSerializable {

  /** The time of a day, in UTC. */
  static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

  /** Such as {@code open since 10:32:07: 5 TLS errors}. */
  static String words(ProxyState state) {
    var since = " since " + CLOCK.format(state.since()) + ": " + state.reason();
    return switch (state.status()) {
      case NEW -> "not configured yet";
      case CLOSED -> "closed" + since;
      case OPEN -> "open" + since;
      case HALF_OPEN -> "on trial" + since;
      case DISABLED -> "disabled" + since;
      case REMOVED -> "removed" + since;
    };
  }
}
