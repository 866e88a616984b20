package io.centralita.lookup;

import io.centralita.lookup.LookupResults.Fresh;
import io.centralita.outside.Gate;
import io.centralita.outside.Gate.Lane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the source, one call for a number however many want it at the moment, in fair turns between
 * owners. An answer is given out when it is durable.
 */
final class Asking {

  /** How long a stored answer is still handed to those who looked for it before it was stored. */
  private static final Duration HANDED_ON = Duration.ofSeconds(5);

  /** A question under way, and how to lose interest in it. */
  record Asked(CompletionStage<Finding> finding, Runnable withdraw) {}

  private static final class Flight {
    final int number;
    final CompletableFuture<Finding> finding = new CompletableFuture<>();
    Gate.@Nullable Ticket ticket;
    int interested;
    volatile boolean abandoned;

    Flight(int number) {
      this.number = number;
    }
  }

  private record Stored(Flight flight, Instant until) {}

  private final Optional<OperatorSource> source;
  private final String whyNoSource;
  private final Gate gate;
  private final AnswerWriter writer;
  private final InstantSource clock;
  private final ConcurrentHashMap<Integer, Flight> flights = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Stored> stored = new ConcurrentLinkedQueue<>();
  private final Set<Consumer<String>> listeners = ConcurrentHashMap.newKeySet();
  private volatile String notice = "";

  Asking(
      Optional<OperatorSource> source,
      String whyNoSource,
      Gate gate,
      AnswerWriter writer,
      InstantSource clock) {
    this.source = source;
    this.whyNoSource = whyNoSource;
    this.gate = gate;
    this.writer = writer;
    this.clock = clock;
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
    var flight =
        flights.compute(
            number,
            (_, present) -> {
              var usable = present != null && !present.abandoned && fresh(present, since);
              var chosen = usable ? present : new Flight(number);
              chosen.interested++;
              return chosen;
            });
    synchronized (flight) {
      if (flight.ticket == null && !flight.finding.isDone()) {
        flight.ticket = gate.enter(owner, lane, () -> begin(flight));
      } else if (flight.ticket != null && lane == Lane.URGENT) {
        flight.ticket.hurry();
      }
    }
    return new Asked(flight.finding, () -> withdraw(flight));
  }

  private static boolean fresh(Flight flight, Instant since) {
    return flight.finding.state() != Future.State.SUCCESS
        || flight.finding.resultNow().answeredMs() >= since.toEpochMilli();
  }

  private void begin(Flight flight) {
    CompletionStage<Answer> asked;
    try {
      asked = source.orElseThrow().ask(flight.number, () -> flight.abandoned);
    } catch (RuntimeException e) {
      asked = CompletableFuture.failedFuture(e);
    }
    asked.whenComplete((answer, failure) -> answered(flight, answer, failure));
  }

  private void answered(Flight flight, @Nullable Answer answer, @Nullable Throwable failure) {
    gate.leave(answer != null && !(answer instanceof Answer.Failed));
    if (answer == null) {
      flights.remove(flight.number, flight);
      flight.finding.completeExceptionally(
          failure == null ? new IllegalStateException("the source gave no answer") : failure);
      return;
    }
    tell("");
    var at = clock.instant();
    var finding = Finding.of(answer, at.toEpochMilli());
    if (finding.operator() == null) { // not stored, so not handed on to later comers either
      flights.remove(flight.number, flight);
      flight.finding.complete(finding);
      return;
    }
    writer
        .write(new Fresh(flight.number, finding.operator(), at))
        .thenRun(
            () -> {
              stored.add(new Stored(flight, at.plus(HANDED_ON)));
              flight.finding.complete(finding);
            });
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
    if (flight.abandoned && flight.ticket != null && flight.ticket.cancel()) {
      flight.finding.completeExceptionally(new CancellationException("nobody asks any more"));
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

  /** The source asked to be left alone for so long. */
  void throttled(Duration pause) {
    gate.throttled(pause);
    tell("the portal asks for a pause of " + Math.max(1, pause.toSeconds()) + " s");
  }

  /** Tells the listener, until it is removed, why no answers come; an empty text when they do. */
  void listen(Consumer<String> listener) {
    listeners.add(listener);
    if (!notice.isEmpty()) {
      listener.accept(notice);
    }
  }

  void unlisten(Consumer<String> listener) {
    listeners.remove(listener);
  }

  private void tell(String text) {
    if (!notice.equals(text)) {
      notice = text;
      listeners.forEach(listener -> listener.accept(text));
    }
  }
}
