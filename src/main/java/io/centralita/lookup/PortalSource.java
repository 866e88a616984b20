package io.centralita.lookup;

import io.centralita.lookup.PortalStats.Count;
import io.centralita.outside.OutsideClient;
import io.centralita.proxy.Lease;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * DIGI's web shop as a source of operators: a home page that gives cookies, a log-in without a name
 * that gives a token, and one request per line. A session serves many lines; whatever looks wrong
 * ends the session, and the next try comes through another exit.
 */
public final class PortalSource implements OperatorSource, AutoCloseable {

  private static final int LOWEST = 100_000_000;
  private static final int HIGHEST = 999_999_999;

  /** Hears that the portal asks for fewer requests, so that a gate in front can slow down. */
  @FunctionalInterface
  public interface RateListener {
    /** The portal answered 429; the look-up that met it waits so long. Must not block. */
    void throttled(Duration wait);
  }

  private final OutsideClient outside;
  private final PortalSettings settings;
  private final PortalSessions sessions;
  private final PortalStats stats = new PortalStats();
  private final RandomGenerator random;
  private final RateListener listener;

  /**
   * A source.
   *
   * @param outside stays open when the source is closed
   * @param exits lends an exit to each session; not asked where the settings say direct
   * @param random spreads the waits; it must be safe to share between threads
   */
  public PortalSource(
      OutsideClient outside,
      Supplier<Lease> exits,
      PortalSettings settings,
      InstantSource clock,
      RandomGenerator random,
      RateListener listener) {
    this.outside = outside;
    this.settings = settings;
    this.random = random;
    this.listener = listener;
    Supplier<Lease> chosen = settings.direct() ? () -> Lease.DIRECT : exits;
    this.sessions = new PortalSessions(outside, chosen, settings, stats, clock, random);
  }

  @Override
  public CompletionStage<Answer> ask(int number, BooleanSupplier cancelled) {
    if (number < LOWEST || number > HIGHEST) {
      throw new IllegalArgumentException("a line has nine national digits");
    }
    return new PortalAsk(this, number, cancelled).begin();
  }

  /** The counts, for whoever shows them. */
  public PortalStats stats() {
    return stats;
  }

  /** Closes the idle sessions; those in use are closed when their look-up ends. */
  @Override
  public void close() {
    sessions.close();
  }

  PortalSettings settings() {
    return settings;
  }

  PortalSessions sessions() {
    return sessions;
  }

  void count(Count count) {
    stats.add(count);
  }

  void throttled(Duration wait) {
    listener.throttled(wait);
  }

  Duration backoff(int attempt) {
    return settings.tries().backoff().delay(attempt, random);
  }

  CompletionStage<Void> after(Duration wait) {
    return outside.after(wait);
  }
}
