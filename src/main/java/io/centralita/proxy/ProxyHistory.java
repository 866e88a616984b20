package io.centralita.proxy;

import io.centralita.actor.Cause;
import io.centralita.http.Page;
import io.centralita.proxy.ProxyEvent.Closed;
import io.centralita.proxy.ProxyEvent.Configured;
import io.centralita.proxy.ProxyEvent.Disabled;
import io.centralita.proxy.ProxyEvent.Enabled;
import io.centralita.proxy.ProxyEvent.ExitBlocked;
import io.centralita.proxy.ProxyEvent.Opened;
import io.centralita.proxy.ProxyEvent.Removed;
import io.centralita.proxy.ProxyEvent.TrialStarted;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.persistence.jdbc.query.javadsl.JdbcReadJournal;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;

/** What happened to a proxy, read from its journal. */
final class ProxyHistory {

  /**
   * One event.
   *
   * @param reason in words
   * @param until of a pause that ends by itself; null otherwise
   */
  record Item(
      long sequenceNr,
      Instant at,
      String event,
      String reason,
      @Nullable Instant until,
      @Nullable String requestId) {}

  private final ActorSystem<?> system;

  ProxyHistory(ActorSystem<?> system) {
    this.system = system;
  }

  /**
   * A page, the newest first.
   *
   * @param before the sequence number that the page ends before
   */
  CompletionStage<Page<Item>> before(
      long proxyId, long before, int limit, LongFunction<String> cursorOf) {
    var journal =
        PersistenceQuery.get(system)
            .getReadJournalFor(JdbcReadJournal.class, JdbcReadJournal.Identifier());
    var id = PersistenceId.of(Proxy.KEY.name(), Long.toString(proxyId)).id();
    var from = Math.max(1, before - limit);
    return journal
        .currentEventsByPersistenceId(id, from, before - 1)
        .map(
            envelope ->
                envelope.event() instanceof ProxyEvent event
                    ? item(envelope.sequenceNr(), event)
                    : new Item(envelope.sequenceNr(), Instant.EPOCH, "unknown", "", null, null))
        .runWith(Sink.seq(), system)
        .thenApply(
            items ->
                new Page<>(List.copyOf(items).reversed(), from > 1 ? cursorOf.apply(from) : null));
  }

  private static Item item(long sequenceNr, ProxyEvent event) {
    return switch (event) {
      case Configured e -> of(sequenceNr, e, "configured", said(e), null, e.cause());
      case Disabled e -> of(sequenceNr, e, "disabled", e.cause().words(), null, e.cause());
      case Enabled e -> of(sequenceNr, e, "enabled", e.cause().words(), null, e.cause());
      case Opened e -> of(sequenceNr, e, "opened", e.reason(), e.until(), null);
      case TrialStarted e -> of(sequenceNr, e, "trial_started", e.reason(), null, null);
      case Closed e -> of(sequenceNr, e, "closed", e.reason(), null, null);
      case ExitBlocked e ->
          of(
              sequenceNr,
              e,
              "exit_blocked",
              "port %d, user name %d: %s (%d)"
                  .formatted(e.exit().port(), e.exit().userNo() + 1, e.reason(), e.retries()),
              e.restsUntil(),
              null);
      case Removed e -> of(sequenceNr, e, "removed", e.cause().words(), null, e.cause());
    };
  }

  private static String said(Configured e) {
    var configuration = e.configuration();
    return configuration.address()
        + ", "
        + configuration.userNames()
        + " user names, "
        + (configuration.user() == null ? "shared" : "for " + configuration.user())
        + ", "
        + e.cause().words();
  }

  private static Item of(
      long sequenceNr,
      ProxyEvent event,
      String name,
      String reason,
      @Nullable Instant until,
      @Nullable Cause cause) {
    var request = cause == null || cause.requestId().isEmpty() ? null : cause.requestId();
    return new Item(sequenceNr, event.at(), name, reason, until, request);
  }
}
