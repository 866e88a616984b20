package io.centralita.lookup;

import io.centralita.lookup.LookupResults.Fresh;
import io.centralita.lookup.NumberClaims.Claimed;
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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the source, one call for a number however many want it at the moment, on whatever node, in
 * fair turns between owners. An answer is given out when it is durable.
 */
final class Asking {

  /** How long a stored answer is still handed to those who looked for it before it was stored. */
  private static final Duration HANDED_ON = Duration.ofSeconds(5);

  /** A question under way, how to lose interest in it, and why nobody can be asked, if so. */
  record Asked(CompletionStage<Finding> finding, Runnable withdraw, Supplier<String> standstill) {}

  private static final class Flight {
    final int number;
    final String owner;
    final Instant wantedAt;
    final Question question;
    final CompletableFuture<Finding> finding = new CompletableFuture<>();
    Gate.@Nullable Ticket ticket;
    @Nullable CompletableFuture<Void> parked;
    volatile Lane lane;
    int interested;

    /** The strictest of those who are interested, and, once known, how old the answer is. */
    volatile Instant since;

    volatile long answeredMs = UNANSWERED;
    volatile boolean abandoned;

    Flight(int number, String owner, Lane lane, Instant since, Instant wantedAt) {
      this.number = number;
      this.owner = owner;
      this.lane = lane;
      this.since = since;
      this.wantedAt = wantedAt;
      this.question = new Question(number, owner, () -> abandoned);
    }
  }

  private static final long UNANSWERED = Long.MIN_VALUE;

  private record Stored(Flight flight, Instant until) {}

  private final Optional<OperatorSource> source;
  private final String whyNoSource;
  private final Gate gate;
  private final AnswerWriter writer;
  private final NumberClaims claims;
  private final AskedElsewhere elsewhere;
  private final InstantSource clock;
  private final ConcurrentHashMap<Integer, Flight> flights = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Stored> stored = new ConcurrentLinkedQueue<>();
  private final Standstills standstills = new Standstills();

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
    this.clock = clock;
    gate.onClosed(
        pause ->
            standstills.tellAll(
                "the portal asks for a pause of " + Math.max(1, pause.toSeconds()) + " s"));
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
    forgetHandedOn();
    var now = clock.instant();
    var flight =
        flights.compute(
            number,
            (_, present) -> {
              var usable = present != null && !present.abandoned && fresh(present, since);
              var chosen = usable ? present : new Flight(number, owner, lane, since, now);
              chosen.since = since.isAfter(chosen.since) ? since : chosen.since;
              chosen.interested++;
              return chosen;
            });
    synchronized (flight) {
      if (lane == Lane.URGENT) {
        flight.lane = lane;
      }
      if (flight.ticket == null && flight.parked == null && !flight.finding.isDone()) {
        enter(flight, () -> begin(flight));
      } else if (flight.ticket != null && lane == Lane.URGENT) {
        flight.ticket.hurry();
      }
    }
    return new Asked(flight.finding, () -> withdraw(flight), () -> standstill(flight));
  }

  /**
   * Goes to the gate, as soon as there is a way to ask. Who waits for that takes nobody's place:
   * others may have a way.
   */
  private void enter(Flight flight, Runnable then) {
    var ready =
        source
            .orElseThrow()
            .ready(flight.owner, flight.lane, reason -> standstills.tell(flight.owner, reason))
            .toCompletableFuture();
    synchronized (flight) {
      if (ready.isDone()) {
        standstills.tell(flight.owner, "");
        flight.ticket = gate.enter(flight.owner, flight.lane, then);
        return;
      }
      flight.parked = ready;
    }
    var _ =
        ready.whenComplete(
            (_, withdrawn) -> {
              if (withdrawn == null) {
                proceed(flight, then);
              }
            });
  }

  private void proceed(Flight flight, Runnable then) {
    standstills.tell(flight.owner, "");
    synchronized (flight) {
      flight.parked = null;
      if (!flight.abandoned) {
        flight.ticket = gate.enter(flight.owner, flight.lane, then);
        return;
      }
    }
    flight.finding.completeExceptionally(new CancellationException("nobody asks any more"));
  }

  private String standstill(Flight flight) {
    synchronized (flight) {
      return flight.parked == null ? "" : standstills.of(flight.owner);
    }
  }

  private static boolean fresh(Flight flight, Instant since) {
    return flight.answeredMs == UNANSWERED || flight.answeredMs >= since.toEpochMilli();
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
      case Claimed.Granted _ -> call(flight);
      case Claimed.Taken _ -> {
        gate.leave(false); // nobody calls: the place is another's
        elsewhere.await(flight.number, () -> flight.abandoned, end -> ended(flight, end));
      }
      case Claimed.Known known -> {
        gate.leave(false);
        ended(flight, known);
      }
    }
  }

  /** What another node's asking came to; where to nothing, or to nothing that does, it is asked. */
  private void ended(Flight flight, Claimed end) {
    if (flight.abandoned) {
      flight.finding.completeExceptionally(new CancellationException("nobody asks any more"));
      return;
    }
    switch (end) {
      case Claimed.Known known when accepts(flight, known.finding()) ->
          handOn(flight, known.finding());
      case Claimed.Known _, Claimed.Granted _ -> enter(flight, () -> begin(flight));
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
    gate.leave(answer != null && !(answer instanceof Answer.Failed));
    if (answer == null) {
      claims.giveUp(flight.number);
      var cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
      if (cause instanceof OperatorSource.NobodyToAskException && !flight.abandoned) {
        enter(flight, () -> begin(flight));
        return;
      }
      flights.remove(flight.number, flight);
      flight.finding.completeExceptionally(
          failure == null ? new IllegalStateException("the source gave no answer") : failure);
      return;
    }
    standstills.tellAll("");
    var at = clock.instant();
    var finding = Finding.of(answer, at.toEpochMilli());
    if (finding.operator() == null) {
      claims.settle(flight.number, finding);
      handOn(flight, finding);
      return;
    }
    writer
        .write(new Fresh(flight.number, finding.operator(), at))
        .thenRun(
            () -> {
              claims.settle(flight.number, finding);
              flight.answeredMs = finding.answeredMs();
              handOn(flight, finding);
            });
  }

  private void handOn(Flight flight, Finding finding) {
    if (finding.operator() == null) { // not stored, so not handed on to later comers either
      flights.remove(flight.number, flight);
    } else {
      stored.add(new Stored(flight, clock.instant().plus(HANDED_ON)));
    }
    flight.finding.complete(finding);
  }

  private void withdraw(Flight flight) {
    flights.computeIfPresent(
        flight.number,
        (_, present) -> {
          if (present != flight || --flight.interested > 0 || flight.finding.isDone()) {
            return present;
          }
          flight.abandoned = true;
          return null;
        });
    if (flight.abandoned && leaves(flight)) {
      flight.finding.completeExceptionally(new CancellationException("nobody asks any more"));
    }
  }

  /** Whether it was still waiting, for a way or at the gate, and no longer is. */
  private static boolean leaves(Flight flight) {
    synchronized (flight) {
      return flight.parked != null
          ? flight.parked.cancel(false)
          : flight.ticket != null && flight.ticket.cancel();
    }
  }

  private void forgetHandedOn() {
    var now = clock.instant();
    for (var oldest = stored.peek();
        oldest != null && oldest.until().isBefore(now) && stored.remove(oldest);
        oldest = stored.peek()) {
      flights.remove(oldest.flight().number, oldest.flight());
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
