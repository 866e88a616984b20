package io.centralita.proxy;

import io.centralita.outside.Socks5;
import org.jspecify.annotations.Nullable;

/**
 * An exit lent to one session.
 *
 * @param proxy the proxy under this session's own user name, null to go straight
 */
public record Lease(@Nullable Socks5 proxy) {

  /** No proxy at all. */
  public static final Lease DIRECT = new Lease(null);
}
