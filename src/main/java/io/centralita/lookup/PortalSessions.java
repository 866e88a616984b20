package io.centralita.lookup;

import io.centralita.lookup.PortalStats.Count;
import io.centralita.outside.OutsideClient;
import io.centralita.proxy.Lease;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that nobody uses just now, the latest first: the rest grow old and are closed. There
 * are never more sessions than look-ups ran at once.
 */
final class PortalSessions implements AutoCloseable {

  private final OutsideClient outside;
  private final Supplier<Lease> exits;
  private final PortalSettings settings;
  private final PortalPages pages;
  private final PortalStats stats;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ConcurrentLinkedDeque<PortalSession> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  PortalSessions(
      OutsideClient outside,
      Supplier<Lease> exits,
      PortalSettings settings,
      PortalStats stats,
      InstantSource clock,
      RandomGenerator random) {
    this.outside = outside;
    this.exits = exits;
    this.settings = settings;
    this.pages = new PortalPages(settings.web(), settings.api());
    this.stats = stats;
    this.clock = clock;
    this.random = random;
  }

  /** An open session, null if there is none to spare. */
  @Nullable PortalSession take() {
    for (var session = idle.pollFirst(); session != null; session = idle.pollFirst()) {
      if (session.usable(clock.instant())) {
        return session;
      }
      retire(session);
    }
    return null;
  }

  /** A new session, not yet open, through an exit of its own. */
  PortalSession create() {
    var line = outside.line(exits.get().proxy());
    stats.add(Count.SESSIONS_OPENED);
    // Sessions that were opened together must not all be opened anew together
    double life = 0.75 + random.nextDouble() / 4;
    var until = clock.instant().plusMillis((long) (settings.sessions().age().toMillis() * life));
    int uses = Math.max(1, (int) (settings.sessions().uses() * life));
    return new PortalSession(settings, pages, line, stats, clock, until, uses);
  }

  void giveBack(PortalSession session) {
    var now = clock.instant();
    if (closed || !session.usable(now)) {
      retire(session);
    } else {
      idle.addFirst(session);
    }
    var oldest = idle.peekLast();
    if (oldest != null && !oldest.usable(now) && idle.removeLastOccurrence(oldest)) {
      retire(oldest);
    }
  }

  void retire(PortalSession session) {
    if (session.close()) {
      stats.add(Count.SESSIONS_CLOSED);
    }
  }

  /** Closes what is idle now and whatever is given back later. */
  @Override
  public void close() {
    closed = true;
    for (var session = idle.pollFirst(); session != null; session = idle.pollFirst()) {
      retire(session);
    }
  }
}
