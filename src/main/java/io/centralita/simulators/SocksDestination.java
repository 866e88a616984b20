package io.centralita.simulators;

import io.vertx.core.net.HostAndPort;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a CONNECT wants to go.
 *
 * @param host a name, or an address as text
 * @param named whether the client left the resolution of a name to the proxy
 */
record SocksDestination(String host, int port, boolean named) {

  /**
   * Where the proxy goes for it, or null where it may not: a name that it knows, else loopback
   * only. No name is ever asked of a real resolver.
   *
   * @param names host name to {@code host} or {@code host:port}
   */
  @Nullable HostAndPort resolve(Map<String, String> names) {
    var known = named ? names.get(host.toLowerCase(Locale.ROOT)) : null;
    if (known != null) {
      var target = HostAndPort.parseAuthority(known, port);
      if (target == null) {
        throw new IllegalStateException("the proxy's entry for " + host + " is not host:port");
      }
      return target;
    }
    if (named && host.equalsIgnoreCase("localhost")) {
      return HostAndPort.create("127.0.0.1", port);
    }
    return isLoopback() ? HostAndPort.create(host, port) : null;
  }

  private boolean isLoopback() {
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException _) {
      return false; // a name, not an address
    }
  }
}
