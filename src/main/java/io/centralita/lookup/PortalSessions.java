package io.centralita.lookup;

import io.centralita.lookup.PortalStats.Count;
import io.centralita.outside.Circuit;
import io.centralita.outside.Gate.Lane;
import io.centralita.outside.OutsideClient;
import io.centralita.proxy.Exits;
import io.centralita.proxy.Lease;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
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
  private static final Duration SWEPT_EVERY = Duration.ofSeconds(5);
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(30);

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
  private final SessionWaiters waiters = new SessionWaiters();
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
    sweepLater();
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

  /** Whether {@link #take} would give this owner a session now. */
  boolean hasIdle(String owner) {
    var now = clock.instant();
    return idle.entrySet().stream()
        .filter(sessions -> serves(sessions.getKey(), owner))
        .anyMatch(sessions -> sessions.getValue().stream().anyMatch(one -> one.usable(now)));
  }

  /**
   * Completes when a session is idle that may serve this owner; each that is given back lets one
   * look-up go on. Whoever no longer waits cancels it.
   */
  CompletableFuture<Void> idle(String owner, Lane lane) {
    var given = waiters.add(owner, lane);
    if (hasIdle(owner)) { // given back just now, perhaps before anybody waited
      given.complete(null);
    }
    return given;
  }

  private boolean serves(String onlyFor, String owner) {
    return onlyFor.equals(EVERYBODY) ? !exits.hasOwn(owner) : onlyFor.equals(owner);
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
    session.rest(now);
    sessions.addFirst(session);
    waiters.releaseOne(owner -> serves(session.onlyFor(), owner));
  }

  /** What nobody uses keeps its exit from others. */
  private void sweepLater() {
    var _ =
        outside
            .after(SWEPT_EVERY)
            .whenComplete(
                (_, ended) -> {
                  if (ended == null && !closed) {
                    sweep(clock.instant());
                    sweepLater();
                  }
                });
  }

  void sweep(Instant now) {
    for (var sessions : idle.values()) {
      for (var session : sessions) {
        var useless = !session.usable(now) || session.isIdleSince(now.minus(LONGEST_IDLE));
        // found and taken out is ours: whoever polls it meanwhile has it, and uses it
        if (useless && sessions.removeLastOccurrence(session)) {
          retire(session);
        }
      }
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
