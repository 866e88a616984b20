package io.centralita.simulators;

import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The pretended exit addresses, 203.0.113.1 to 203.0.113.254 in turn: a session keeps its address
 * until its time has passed, everything else gets the next one.
 */
final class SocksExits {
  private static final int REMEMBERED = 100_000;
  private static final int ADDRESSES = 254;

  private record Exit(int lastByte, Instant until) {}

  private final InstantSource clock;
  private final Map<String, Exit> sessions =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Exit> eldest) {
          return size() > REMEMBERED;
        }
      };
  private int given;

  SocksExits(InstantSource clock) {
    this.clock = clock;
  }

  /** The last byte of the exit address for a connection of this user that begins now. */
  synchronized int lastByteFor(SocksUser user) {
    if (user.session().isEmpty()) {
      return next();
    }
    var now = clock.instant();
    var key = user.id() + "/" + user.session();
    var exit = sessions.get(key);
    if (exit == null || !now.isBefore(exit.until())) {
      exit = new Exit(next(), now.plus(user.keeps()));
      sessions.put(key, exit);
    }
    return exit.lastByte();
  }

  private int next() {
    return given++ % ADDRESSES + 1;
  }
}
