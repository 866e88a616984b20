package io.centralita.proxy;

import io.centralita.outside.Socks5;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * The configured proxies, taken in turn. Residential providers choose the exit address by the user
 * name: {@code user-{id}-region-{cc}-sessid-{session}-sesstime-{minutes}}; every lease names a
 * session that nobody used before, and so gets an address of its own.
 */
public final class ProxyPool {

  private static final String ALPHANUMERICS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int SESSION_LENGTH = 12;
  private static final int SESSION_MINUTES = 10;

  private final List<Socks5> proxies;
  private final RandomGenerator random;
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * A pool.
   *
   * @param proxies as configured; none means that every lease goes straight
   * @param random names the sessions; it must be safe to share between threads
   */
  public ProxyPool(List<Socks5> proxies, RandomGenerator random) {
    this.proxies = List.copyOf(proxies);
    this.random = random;
    // a user name that is too long with a session in it is better found now than at the first call
    this.proxies.forEach(proxy -> proxy.as(sessionUser(proxy.user())));
  }

  /** A pool without proxies: every lease goes straight. */
  public static ProxyPool direct() {
    return new ProxyPool(List.of(), RandomGenerator.getDefault());
  }

  /** The next proxy in turn, under a session name of its own where its provider knows sessions. */
  public Lease next() {
    if (proxies.isEmpty()) {
      return Lease.DIRECT;
    }
    var proxy = proxies.get(Math.floorMod(turn.getAndIncrement(), proxies.size()));
    return new Lease(proxy.as(sessionUser(proxy.user())));
  }

  private String sessionUser(String user) {
    if (!user.startsWith("user-") || user.contains("-sessid-")) {
      return user; // a provider without sessions, or a session that somebody chose
    }
    var name = new StringBuilder(user);
    if (!user.contains("-region-")) {
      name.append("-region-es");
    }
    name.append("-sessid-");
    for (int i = 0; i < SESSION_LENGTH; i++) {
      name.append(ALPHANUMERICS.charAt(random.nextInt(ALPHANUMERICS.length())));
    }
    return name.append("-sesstime-").append(SESSION_MINUTES).toString();
  }
}
