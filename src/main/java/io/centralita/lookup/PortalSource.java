package io.centralita.lookup;

import io.centralita.lookup.PortalStats.Count;
import io.centralita.outside.Circuit;
import io.centralita.outside.OutsideClient;
import io.centralita.proxy.Exits;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * DIGI's web shop as a source of operators: a home page that gives cookies, a log-in without a name
 * that gives a token, and one request per line. A session serves many lines; whatever looks wrong
 * ends the session, and the next try comes through another exit.
 */
public final class PortalSource implements OperatorSource, AutoCloseable {

  /** Hears that the portal asks for fewer requests, so that a gate in front can slow down. */
  @FunctionalInterface
  public interface RateListener {
    /** The portal answered 429; the look-up that met it waits so long. Must not block. */
    void throttled(Duration wait);
  }

  private final PortalSettings settings;
  private final Exits exits;
  private final PortalSessions sessions;
  private final Circuit circuit;
  private final PortalStats stats = new PortalStats(() -> circuit().isOpen());
  private final RandomGenerator random;
  private final RateListener listener;

  /**
   * A source.
   *
   * @param outside stays open when the source is closed
   * @param exits lend an exit to each session; not asked where the settings say direct
   * @param random spreads the waits; it must be safe to share between threads
   */
  public PortalSource(
      OutsideClient outside,
      Exits exits,
      PortalSettings settings,
      InstantSource clock,
      RandomGenerator random,
      RateListener listener) {
    this.settings = settings;
    this.random = random;
    this.listener = listener;
    this.exits = settings.direct() ? Exits.DIRECT : exits;
    this.circuit = new Circuit("the portal", settings.circuit(), clock, random, outside::after);
    this.sessions =
        new PortalSessions(outside, this.exits, settings, stats, circuit, clock, random);
  }

  @Override
  public CompletionStage<Answer> ask(Question question) {
    return new PortalAsk(this, question).begin();
  }

  @Override
  public CompletionStage<Void> ready(String owner, Consumer<String> waiting) {
    var wayOut = exits.usable(owner, waiting).toCompletableFuture();
    return wayOut.isDone() ? circuit.passable(owner) : both(wayOut, owner);
  }

  /** First the one, then the other; whoever cancels waits for neither. */
  private CompletionStage<Void> both(CompletableFuture<Void> wayOut, String owner) {
    var ready = new CompletableFuture<Void>();
    var _ =
        wayOut.whenComplete(
            (_, gone) -> {
              if (gone != null) {
                ready.completeExceptionally(gone);
                return;
              }
              follow(circuit.passable(owner).toCompletableFuture(), ready);
            });
    var _ = ready.whenComplete((_, withdrawn) -> wayOut.cancel(false));
    return ready;
  }

  private static void follow(CompletableFuture<Void> passed, CompletableFuture<Void> ready) {
    var _ = passed.thenRun(() -> ready.complete(null));
    var _ = ready.whenComplete((_, withdrawn) -> passed.cancel(false));
  }

  @Override
  public String whyNobody() {
    return circuit.reason();
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

  Circuit circuit() {
    return circuit;
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
}
