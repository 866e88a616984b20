package io.centralita.proxy;

import java.time.Duration;

/**
 * When a proxy is set aside, and how much its sessions are good for.
 *
 * @param errorsInRow TLS errors, or connection errors, in a row that open the circuit
 * @param openFor how long it stays open before a trial
 * @param sessionsAtOnce lent at the same time by one proxy that says nothing else
 * @param sessionUses look-ups that a session serves at most
 * @param sessionAge how long a session is used at most; below the providers' sesstime
 * @param blockedFor how long a blocked exit whose address stays the same rests the first time; the
 *     next time twice as long, up to a day
 */
public record Rules(
    int errorsInRow,
    Duration openFor,
    int sessionsAtOnce,
    int sessionUses,
    Duration sessionAge,
    Duration blockedFor) {

  private static final Duration LONGEST_REST = Duration.ofDays(1);

  /** The minutes that we ask providers to keep a session's address for. */
  static final int SESSTIME_MINUTES = 10;

  public Rules {
    if (errorsInRow < 1 || sessionsAtOnce < 1 || sessionUses < 1) {
      throw new IllegalArgumentException("errors in a row, sessions and uses are at least 1");
    }
    if (!openFor.isPositive()
        || openFor.compareTo(Duration.ofDays(30)) > 0
        || !sessionAge.isPositive()
        || !blockedFor.isPositive()) {
      throw new IllegalArgumentException(
          "times are positive, and a circuit opens for 30 days at most");
    }
  }

  /** How long an exit rests that has been blocked so often. */
  Duration rest(int retries) {
    var doubled = blockedFor.multipliedBy(1L << Math.min(20, Math.max(0, retries - 1)));
    return doubled.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : doubled;
  }
}
