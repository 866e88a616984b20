package io.centralita.proxy;

import io.centralita.actor.CborSerializable;
import io.centralita.proxy.ProxyEvent.Closed;
import io.centralita.proxy.ProxyEvent.Configured;
import io.centralita.proxy.ProxyEvent.Disabled;
import io.centralita.proxy.ProxyEvent.Enabled;
import io.centralita.proxy.ProxyEvent.ExitBlocked;
import io.centralita.proxy.ProxyEvent.Opened;
import io.centralita.proxy.ProxyEvent.Removed;
import io.centralita.proxy.ProxyEvent.TrialStarted;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy's events have made of it. Pure: it knows how an event changes a proxy, and nothing
 * about actors.
 *
 * @param reason of the status, in words
 * @param since when the status began
 * @param until of an open circuit: when the proxy is tried again; null otherwise
 * @param blocked exits ever blocked
 * @param resting the blocked exits whose address stays the same, by their place
 */
public record ProxyState(
    Status status,
    Configuration configuration,
    String reason,
    Instant since,
    @Nullable Instant until,
    long blocked,
    Map<String, Rest> resting)
    implements CborSerializable {

  /** Where a proxy stands. */
  public enum Status {
    /** Nobody has told the entity yet what it is. */
    NEW,
    /** Used. */
    CLOSED,
    /** Set aside after errors. */
    OPEN,
    /** On trial. */
    HALF_OPEN,
    /** Set aside by a person. */
    DISABLED,
    /** Gone. */
    REMOVED
  }

  /** A blocked exit, how often it was, and until when it is not used. */
  public record Rest(int retries, Instant until) implements CborSerializable {}

  /** How long it is remembered how often an exit was blocked. */
  private static final Duration REMEMBERED = Duration.ofDays(1);

  static final ProxyState EMPTY =
      new ProxyState(Status.NEW, Configuration.NONE, "", Instant.EPOCH, null, 0, Map.of());

  ProxyState apply(ProxyEvent event) {
    return switch (event) {
      case Configured e -> configured(e);
      case Disabled e -> standing(Status.DISABLED, e.cause().words(), e.at(), null);
      case Enabled e -> standing(Status.CLOSED, "enabled " + e.cause().words(), e.at(), null);
      case Opened e -> standing(Status.OPEN, e.reason(), e.at(), e.until());
      case TrialStarted e -> standing(Status.HALF_OPEN, e.reason(), e.at(), null);
      case Closed e -> standing(Status.CLOSED, e.reason(), e.at(), null);
      case ExitBlocked e -> blocked(e);
      case Removed e -> standing(Status.REMOVED, e.cause().words(), e.at(), null);
    };
  }

  private ProxyState configured(Configured e) {
    var first = status == Status.NEW;
    return new ProxyState(
        first ? Status.CLOSED : status,
        e.configuration(),
        first ? "configured " + e.cause().words() : reason,
        first ? e.at() : since,
        until,
        blocked,
        Map.of()); // its places may mean others now
  }

  private ProxyState blocked(ExitBlocked e) {
    var rests = new HashMap<>(resting);
    rests.values().removeIf(rest -> rest.until().plus(REMEMBERED).isBefore(e.at()));
    if (e.restsUntil() != null) {
      rests.put(e.exit().place(), new Rest(e.retries(), e.restsUntil()));
    }
    return new ProxyState(
        status, configuration, reason, since, until, blocked + 1, Map.copyOf(rests));
  }

  private ProxyState standing(Status now, String why, Instant at, @Nullable Instant next) {
    return new ProxyState(now, configuration, why, at, next, blocked, resting);
  }
}
