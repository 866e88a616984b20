package io.centralita.proxy;

import io.centralita.actor.CborSerializable;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy's entity has to know of how it is configured; the rest is in its row.
 *
 * @param version grows with each change
 * @param userNames how many there are; 0 where the proxy asks nobody to log in
 * @param user whose calls it serves first; null for everybody's
 * @param sessionsAtOnce 0 for as many as the node's settings say
 * @param callsAtOnce 0 for no limit of its own
 * @param callsPerSecond 0 for no limit of its own
 */
public record Configuration(
    int version,
    String host,
    int portMin,
    int portMax,
    int userNames,
    @Nullable String user,
    int sessionsAtOnce,
    int callsAtOnce,
    double callsPerSecond)
    implements CborSerializable {

  static final Configuration NONE = new Configuration(0, "", 1, 1, 0, null, 0, 0, 0);

  private static final int SPARE = 2;
  private static final int SECONDS_OF_CALLS = 2;

  /** Host and ports, as people write them. */
  String address() {
    return host + ":" + (portMin == portMax ? portMin : portMin + "-" + portMax);
  }

  /** How many sessions its limits keep busy: the calls of more would only wait. */
  int busySessions() {
    var atOnce = callsAtOnce == 0 ? Integer.MAX_VALUE : callsAtOnce + SPARE;
    var perSecond =
        callsPerSecond == 0
            ? Integer.MAX_VALUE
            : (int) Math.ceil(callsPerSecond * SECONDS_OF_CALLS);
    return Math.min(atOnce, perSecond);
  }

  int exits() {
    return (portMax - portMin + 1) * Math.max(1, userNames);
  }
}
