package io.centralita.proxy;

import io.centralita.actor.Cause;
import io.centralita.actor.CborSerializable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a proxy. No event holds a user name or a password. The class names stand in the
 * journal: renaming one needs a migration.
 */
public sealed interface ProxyEvent extends CborSerializable {

  Instant at();

  /** From now on the proxy is so; at first, or changed. */
  record Configured(Configuration configuration, Cause cause, Instant at) implements ProxyEvent {}

  record Disabled(Cause cause, Instant at) implements ProxyEvent {}

  record Enabled(Cause cause, Instant at) implements ProxyEvent {}

  /**
   * The circuit opened.
   *
   * @param until when the proxy is tried again
   */
  record Opened(String reason, Instant until, Instant at) implements ProxyEvent {}

  /** One call is made to see whether the proxy is well again. */
  record TrialStarted(String reason, Instant at) implements ProxyEvent {}

  /** The proxy is used again. */
  record Closed(String reason, Instant at) implements ProxyEvent {}

  /**
   * The other side turned an exit away.
   *
   * @param owner whose look-up met it
   * @param retries how often this exit has been blocked
   * @param restsUntil when an exit whose address stays the same is used again; null for a session
   *     of a provider that gives each its own, for that is never used again
   */
  record ExitBlocked(
      Exit exit, String owner, String reason, int retries, @Nullable Instant restsUntil, Instant at)
      implements ProxyEvent {}

  record Removed(Cause cause, Instant at) implements ProxyEvent {}
}
