package io.centralita.lookup;

import io.centralita.lookup.LookupResults.Fresh;
import io.centralita.lookup.NumberClaims.Claimed;
import io.centralita.lookup.OperatorSource.ComeAgainException;
import io.centralita.outside.Gate;
import io.centralita.outside.Gate.Lane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the source, one call for a number however many want it at the moment, on whatever node, in
 * fair turns between owners. An answer is given out when it is durable.
 */
final class Asking {

  /** A question under way, how to lose interest in it, and why nobody can be asked, if so. */
  record Asked(CompletionStage<Finding> finding, Runnable withdraw, Supplier<String> standstill) {}

  private final Optional<OperatorSource> source;
  private final String whyNoSource;
  private final Gate gate;
  private final AnswerWriter writer;
  private final NumberClaims claims;
  private final AskedElsewhere elsewhere;
  private final InstantSource clock;
  private final ConcurrentHashMap<Integer, Flight> flights = new ConcurrentHashMap<>();
  private final JustStored justStored;
  private final Standstills standstills;
  private final ScheduledExecutorService scheduler;
  private volatile String pause = "";

  Asking(
      Optional<OperatorSource> source,
      String whyNoSource,
      Gate gate,
      AnswerWriter writer,
      NumberClaims claims,
      ScheduledExecutorService scheduler,
      InstantSource clock) {
    this.source = source;
    this.whyNoSource = whyNoSource;
    this.gate = gate;
    this.writer = writer;
    this.claims = claims;
    this.elsewhere = new AskedElsewhere(claims, scheduler);
    this.scheduler = scheduler;
    this.clock = clock;
    this.justStored = new JustStored(clock);
    this.standstills = new Standstills(this::whyNobody);
    gate.onClosed(
        time -> {
          pause = "the portal asks for a pause of " + Math.max(1, time.toSeconds()) + " s";
          standstills.changed();
        });
  }

  private String whyNobody() {
    return gate.closedFor().isPositive() ? pause : source.map(OperatorSource::whyNobody).orElse("");
  }

  /** Why nobody can be asked at all; empty where there is a source. */
  Optional<String> noSource() {
    return source.isPresent() ? Optional.empty() : Optional.of(whyNoSource);
  }

  /**
   * Asks for a number, or joins those who already do.
   *
   * @param since an answer older than this does not do
   */
  Asked ask(int number, String owner, Lane lane, Instant since) {
    var known = new AtomicReference<@Nullable Finding>();
    var flight =
        flights.compute(
            number,
            (_, present) -> {
              if (present == null) { // an answer is among those just stored before it is no flight
                known.set(justStored.since(number, since));
                if (known.get() != null) {
                  return null;
                }
              }
              var usable = present != null && present.isFresh(since);
              var chosen =
                  usable ? present : new Flight(number, owner, lane, since, clock.instant());
              chosen.since = since.isAfter(chosen.since) ? since : chosen.since;
              chosen.interested++;
              chosen.abandoned = false;
              return chosen;
            });
    if (flight == null) {
      return new Asked(CompletableFuture.completedStage(known.get()), () -> {}, () -> "");
    }
    boolean first;
    synchronized (flight) {
      if (lane == Lane.URGENT) {
        flight.lane = lane;
      }
      first = !flight.entered;
      flight.entered = true;
      if (flight.ticket != null && lane == Lane.URGENT) {
        flight.ticket.hurry();
      }
    }
    if (first) {
      enter(flight);
    }
    return new Asked(flight.finding, () -> withdraw(flight), () -> standstill(flight));
  }

  private void enter(Flight flight) {
    enter(flight, () -> begin(flight));
  }

  /**
   * Goes to the gate, as soon as there is a way to ask. Who waits for that takes nobody's place:
   * others may have a way.
   */
  private void enter(Flight flight, Runnable then) {
    var way = new Way(flight.owner);
    var ready = source.orElseThrow().ready(flight.owner, flight.lane, way).toCompletableFuture();
    if (ready.isDone()) {
      queue(flight, then);
      return;
    }
    way.counts = true;
    standstills.parked(flight.owner, way.reason);
    park(
        flight,
        ready,
        () -> {
          standstills.unparked(flight.owner);
          queue(flight, then);
        },
        () -> standstills.unparked(flight.owner));
  }

  /** Hears why there is no way for an owner. */
  private final class Way implements Consumer<String> {
    private final String owner;
    private volatile String reason = "";
    private volatile boolean counts;

    private Way(String owner) {
      this.owner = owner;
    }

    @Override
    public void accept(String now) {
      reason = now;
      if (counts) {
        standstills.because(owner, now);
      }
    }
  }

  private void park(
      Flight flight, CompletableFuture<Void> until, Runnable then, Runnable withdrawn) {
    synchronized (flight) {
      flight.ticket = null;
      flight.parked = until;
    }
    var _ =
        until.whenComplete(
            (_, failure) -> {
              if (failure == null) {
                then.run();
              } else {
                withdrawn.run();
              }
            });
    leaveIfUnwanted(flight); // somebody may have lost interest while it was on its way here
  }

  private void leaveIfUnwanted(Flight flight) {
    var gone = new AtomicBoolean();
    flights.computeIfPresent(
        flight.number,
        (_, present) -> {
          gone.set(present == flight && flight.abandoned && flight.leaves());
          return gone.get() ? null : present;
        });
    if (gone.get()) {
      flight.finding.completeExceptionally(nobodyAsks());
    }
  }

  private void queue(Flight flight, Runnable then) {
    Gate.Ticket ticket;
    synchronized (flight) {
      flight.parked = null;
      ticket =
          gate.ticket(
              flight.owner,
              flight.lane,
              () -> {
                if (isWanted(flight)) {
                  then.run();
                } else {
                  gate.leave(flight.owner, false);
                }
              });
      flight.ticket = ticket;
    }
    ticket.enter(); // and may have been let in by now: nobody holds the flight meanwhile
  }

  /** Whether anybody is interested; where nobody is, this was its end. */
  private boolean isWanted(Flight flight) {
    flights.computeIfPresent(
        flight.number, (_, present) -> present == flight && flight.abandoned ? null : present);
    if (flight.abandoned && flights.get(flight.number) != flight) {
      flight.finding.completeExceptionally(nobodyAsks());
      return false;
    }
    return true;
  }

  private static CancellationException nobodyAsks() {
    return new CancellationException("nobody asks any more");
  }

  private String standstill(Flight flight) {
    return flight.finding.isDone() ? "" : standstills.of(flight.owner);
  }

  private void begin(Flight flight) {
    if (claims.isAlone()) {
      call(flight);
      return;
    }
    var since = flight.since;
    var claim =
        new NumberClaims.Claim(
            flight.number,
            (since.isAfter(flight.wantedAt) ? since : flight.wantedAt).toEpochMilli(),
            !since.isAfter(stillCounts()));
    claims.claim(claim).thenAccept(claimed -> claimed(flight, claimed));
  }

  private void claimed(Flight flight, Claimed claimed) {
    switch (claimed) {
      case Claimed.Granted granted -> {
        flight.claim = granted;
        call(flight);
      }
      case Claimed.Free _ -> call(flight);
      case Claimed.Taken _ -> {
        gate.leave(flight.owner, false); // nobody calls: the place is another's
        elsewhere.await(flight.number, () -> flight.abandoned, end -> ended(flight, end));
      }
      case Claimed.Known known -> {
        gate.leave(flight.owner, false);
        ended(flight, known);
      }
    }
  }

  /** What another node's asking came to; where to nothing, or to nothing that does, it is asked. */
  private void ended(Flight flight, Claimed end) {
    if (!isWanted(flight)) {
      return;
    }
    switch (end) {
      case Claimed.Known known when accepts(flight, known.finding()) ->
          handOn(flight, known.finding());
      case Claimed.Known _, Claimed.Granted _, Claimed.Free _ -> enter(flight);
      case Claimed.Taken _ -> enter(flight, () -> call(flight)); // long enough waited for
    }
  }

  /** From here on those who join are held to the answer's age. */
  private boolean accepts(Flight flight, Finding finding) {
    var cached = finding.source() == Source.CACHE; // which says only roughly how old it is
    var age = cached ? stillCounts() : Instant.ofEpochMilli(finding.answeredMs());
    if (!cached && finding.answeredMs() < flight.wantedAt.toEpochMilli()) {
      return false;
    }
    var accepted = new AtomicBoolean();
    flights.computeIfPresent(
        flight.number,
        (_, present) -> {
          if (present == flight && age.toEpochMilli() >= present.since.toEpochMilli()) {
            present.answeredMs = age.toEpochMilli();
            accepted.set(true);
          }
          return present;
        });
    return accepted.get();
  }

  private Instant stillCounts() {
    return clock.instant().minus(Lookups.STORED_ANSWERS_COUNT);
  }

  private void call(Flight flight) {
    CompletionStage<Answer> asked;
    try {
      asked = source.orElseThrow().ask(flight.question);
    } catch (RuntimeException e) {
      asked = CompletableFuture.failedFuture(e);
    }
    asked.whenComplete((answer, failure) -> answered(flight, answer, failure));
  }

  private void answered(Flight flight, @Nullable Answer answer, @Nullable Throwable failure) {
    gate.leave(flight.owner, answer != null && !(answer instanceof Answer.Failed));
    if (answer == null) {
      settle(flight, null);
      unanswered(flight, failure);
      return;
    }
    standstills.answered();
    var at = clock.instant();
    var finding = Finding.of(answer, at.toEpochMilli());
    if (finding.operator() == null) {
      settle(flight, finding);
      handOn(flight, finding);
      return;
    }
    writer
        .write(new Fresh(flight.number, finding.operator(), at))
        .thenAccept(
            operator -> {
              var stored = Finding.found(operator, Source.SCRAPING, finding.answeredMs());
              flight.answeredMs = stored.answeredMs();
              settle(flight, stored);
              handOn(flight, stored);
            });
  }

  /** Lets the other nodes know what its asking came to; null for nothing. */
  private void settle(Flight flight, @Nullable Finding finding) {
    var claim = flight.claim;
    flight.claim = null;
    if (claim == null) {
      return;
    }
    if (finding == null) {
      claims.giveUp(claim);
    } else {
      claims.settle(claim, finding);
    }
  }

  private void unanswered(Flight flight, @Nullable Throwable failure) {
    var cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
    if (cause instanceof CancellationException) { // somebody may want it again by now
      if (isWanted(flight)) {
        enter(flight);
      }
    } else if (!(cause instanceof ComeAgainException again)) {
      flights.remove(flight.number, flight);
      flight.finding.completeExceptionally(
          failure == null ? new IllegalStateException("the source gave no answer") : failure);
    } else if (isWanted(flight)) {
      comeAgain(flight, again.notBefore());
    }
  }

  /** It takes nobody's place while it waits. */
  private void comeAgain(Flight flight, Duration notBefore) {
    if (!notBefore.isPositive()) {
      enter(flight);
      return;
    }
    var over = new CompletableFuture<Void>();
    park(flight, over, () -> enter(flight), () -> {});
    var _ =
        scheduler.schedule(() -> over.complete(null), notBefore.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void handOn(Flight flight, Finding finding) {
    if (finding.operator() != null) { // else it is not stored, and not handed to later comers
      justStored.put(flight.number, finding);
    }
    flights.remove(flight.number, flight);
    flight.finding.complete(finding);
  }

  /** An answer that is under way is worth having: only what still waits is given up. */
  private void withdraw(Flight flight) {
    var gone = new AtomicBoolean();
    flights.computeIfPresent(
        flight.number,
        (_, present) -> {
          if (present != flight || --flight.interested > 0 || flight.finding.isDone()) {
            return present;
          }
          flight.abandoned = true;
          gone.set(flight.leaves());
          return gone.get() ? null : present;
        });
    if (gone.get()) {
      flight.finding.completeExceptionally(nobodyAsks());
    }
  }

  /** Tells the listener, until it is removed, why no answers come; an empty text when they do. */
  void listen(String owner, Consumer<String> listener) {
    standstills.listen(owner, listener);
  }

  void unlisten(Consumer<String> listener) {
    standstills.unlisten(listener);
  }
}
