package io.centralita.lookup;

import io.centralita.lookup.PortalStats.Count;
import io.centralita.outside.Circuit;
import io.centralita.outside.OutsideClient;
import io.centralita.proxy.Exits;
import io.centralita.proxy.Lease;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that nobody uses just now, the latest first: the rest grow old and are closed. There
 * are never more sessions than look-ups ran at once. A session through a proxy that is assigned to
 * somebody serves nobody else.
 */
final class PortalSessions implements AutoCloseable {

  private static final String EVERYBODY = "";

  private final OutsideClient outside;
  private final Exits exits;
  private final PortalSettings settings;
  private final PortalPages pages;
  private final PortalStats stats;
  private final Circuit circuit;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ConcurrentHashMap<String, ConcurrentLinkedDeque<PortalSession>> idle =
      new ConcurrentHashMap<>();
  private volatile boolean closed;

  PortalSessions(
      OutsideClient outside,
      Exits exits,
      PortalSettings settings,
      PortalStats stats,
      Circuit circuit,
      InstantSource clock,
      RandomGenerator random) {
    this.outside = outside;
    this.exits = exits;
    this.settings = settings;
    this.pages = new PortalPages(settings.web(), settings.api());
    this.stats = stats;
    this.circuit = circuit;
    this.clock = clock;
    this.random = random;
  }

  /** An open session for this owner, null if there is none to spare. */
  @Nullable PortalSession take(String owner) {
    var own = owner.isEmpty() ? null : poll(owner);
    // Who has proxies of his own leaves the shared ones to others.
    return own != null || exits.hasOwn(owner) ? own : poll(EVERYBODY);
  }

  private @Nullable PortalSession poll(String servesOnly) {
    var sessions = idle.get(servesOnly);
    if (sessions == null) {
      return null;
    }
    for (var session = sessions.pollFirst(); session != null; session = sessions.pollFirst()) {
      if (session.usable(clock.instant())) {
        return session;
      }
      retire(session);
    }
    return null;
  }

  /** A new session, not yet open, through an exit of its own; fails where there is no exit. */
  CompletionStage<PortalSession> create(String owner) {
    return exits.borrow(owner).thenApply(this::through);
  }

  private PortalSession through(Lease lease) {
    stats.add(Count.SESSIONS_OPENED);
    // Sessions that were opened together must not all be opened anew together
    double life = 0.75 + random.nextDouble() / 4;
    Instant until =
        clock.instant().plusMillis((long) (settings.sessions().age().toMillis() * life));
    int uses = Math.max(1, (int) (Math.min(settings.sessions().uses(), lease.uses()) * life));
    return new PortalSession(
        settings, pages, lease, outside.line(lease.proxy()), stats, circuit, clock, until, uses);
  }

  void giveBack(PortalSession session) {
    var now = clock.instant();
    if (closed || !session.usable(now)) {
      retire(session);
      return;
    }
    var sessions = idle.computeIfAbsent(session.onlyFor(), _ -> new ConcurrentLinkedDeque<>());
    sessions.addFirst(session);
    var oldest = sessions.peekLast();
    if (oldest != null && !oldest.usable(now) && sessions.removeLastOccurrence(oldest)) {
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
    idle.values()
        .forEach(
            sessions -> {
              for (var session = sessions.pollFirst();
                  session != null;
                  session = sessions.pollFirst()) {
                retire(session);
              }
            });
  }
}
