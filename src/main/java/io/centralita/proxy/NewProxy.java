package io.centralita.proxy;

import org.jspecify.annotations.Nullable;

/**
 * A proxy as it is to be configured; checked, see {@link ProxyInput}.
 *
 * @param user whose calls it serves first; null for everybody's
 * @param callsAtOnce under way through it; null for no limit of its own
 * @param callsPerSecond through it; null for no limit of its own
 * @param sessionsAtOnce lent at the same time; null for as many as the settings say
 */
record NewProxy(
    String host,
    int portMin,
    int portMax,
    Credentials credentials,
    @Nullable String user,
    @Nullable Integer callsAtOnce,
    @Nullable Double callsPerSecond,
    @Nullable Integer sessionsAtOnce) {

  /** What makes two of them the same proxy: not the password, nor whose it is. */
  String identity() {
    return host
        + ":"
        + portMin
        + "-"
        + portMax
        + "\n"
        + String.join("\n", credentials.userNames().stream().sorted().toList());
  }
}
