package io.centralita.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.centralita.actor.EntityKind;
import io.centralita.actor.EntityKind.Replayed;
import io.centralita.http.ProblemException;
import io.centralita.ops.Journal.Recorded;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What an entity was: its events, its state at any point, and what changed between two. */
final class History {
  private static final int EVENTS_AT_ONCE = 500;

  /** A point in a journal: a sequence number, or an instant. */
  sealed interface Point {
    record Place(long sequenceNr) implements Point {}

    record Time(Instant at) implements Point {}

    /** After all that has happened, whatever any clock says. */
    static Point end() {
      return new Time(Instant.MAX);
    }

    /** Reads {@code 12} or {@code 2026-01-07T06:00:00Z}. */
    static Point parse(String field, String text) {
      if (text.matches("[0-9]{1,18}")) {
        return new Place(Long.parseLong(text));
      }
      try {
        return new Time(Instant.parse(text));
      } catch (DateTimeException _) {
        throw ProblemException.badRequest(
            field, "expected a sequence number, or an instant such as 2026-01-07T06:00:00Z");
      }
    }

    /** Whether the event has happened at this point. */
    default boolean includes(Recorded event) {
      return switch (this) {
        case Place n -> event.sequenceNr() <= n.sequenceNr();
        case Time t -> !event.at().isAfter(t.at());
      };
    }
  }

  /** An event as it is shown. */
  record EventView(long sequenceNr, Instant at, String event, JsonNode data) {
    static EventView of(EntityKind kind, Recorded recorded) {
      var data = kind.replay().json(recorded.event());
      if (data instanceof ObjectNode fields) {
        fields.remove("at"); // its time is beside it
      }
      return new EventView(
          recorded.sequenceNr(), recorded.at(), recorded.event().getClass().getSimpleName(), data);
    }
  }

  /**
   * One page of events.
   *
   * @param nextFrom where the next page begins; null on the last
   */
  record EventPage(
      String type,
      String id,
      long highestSequenceNr,
      List<EventView> items,
      @Nullable Long nextFrom) {}

  /**
   * A state in the past.
   *
   * @param sequenceNr of the last event in it; 0 before the first
   * @param at of that event; null before the first
   */
  record StateView(
      String type,
      String id,
      long highestSequenceNr,
      long sequenceNr,
      @Nullable Instant at,
      JsonNode state) {}

  /** What changed from one state to another. */
  record DiffView(
      String type,
      String id,
      long highestSequenceNr,
      Stand from,
      Stand to,
      List<JsonDiff.Change> changes) {}

  record Stand(long sequenceNr, @Nullable Instant at) {}

  private record Then(long sequenceNr, @Nullable Instant at, JsonNode state) {}

  private final Journal journal;

  History(Journal journal) {
    this.journal = journal;
  }

  CompletionStage<EventPage> page(EntityKind kind, String id, long from, int limit) {
    var key = kind.persistenceId(id);
    return known(kind, id)
        .thenCompose(
            highest -> {
              if (from > Math.max(1, highest)) {
                throw pastTheEnd("from", highest);
              }
              return journal
                  .from(key, from, limit)
                  .thenApply(
                      events -> {
                        var last = events.isEmpty() ? highest : events.getLast().sequenceNr();
                        return new EventPage(
                            kind.type(),
                            id,
                            highest,
                            events.stream().map(event -> EventView.of(kind, event)).toList(),
                            last < highest ? last + 1 : null);
                      });
            });
  }

  CompletionStage<StateView> asOf(EntityKind kind, String id, Point point) {
    return known(kind, id)
        .thenCompose(
            highest -> {
              check("as_of", point, highest);
              return state(kind, id, point)
                  .thenApply(
                      then ->
                          new StateView(
                              kind.type(),
                              id,
                              highest,
                              then.sequenceNr(),
                              then.at(),
                              then.state()));
            });
  }

  CompletionStage<DiffView> diff(EntityKind kind, String id, Point from, Point to) {
    return known(kind, id)
        .thenCompose(
            highest -> {
              check("from", from, highest);
              check("to", to, highest);
              return state(kind, id, from)
                  .thenCombine(
                      state(kind, id, to),
                      (a, b) ->
                          new DiffView(
                              kind.type(),
                              id,
                              highest,
                              new Stand(a.sequenceNr(), a.at()),
                              new Stand(b.sequenceNr(), b.at()),
                              JsonDiff.between(a.state(), b.state())));
            });
  }

  /** The state now, of an entity that is not in memory. */
  CompletionStage<StateView> latest(EntityKind kind, String id) {
    return asOf(kind, id, Point.end());
  }

  /** The last events, the latest first. */
  CompletionStage<List<EventView>> last(EntityKind kind, String id, int limit) {
    var key = kind.persistenceId(id);
    return journal
        .highest(key)
        .thenCompose(highest -> journal.last(key, highest, limit))
        .thenApply(events -> events.stream().map(one -> EventView.of(kind, one)).toList());
  }

  /** The sequence number of the last event of an entity that there is, or was. */
  private CompletionStage<Long> known(EntityKind kind, String id) {
    return journal
        .highest(kind.persistenceId(id))
        .thenCompose(
            highest ->
                highest > 0
                    ? CompletableFuture.completedFuture(highest)
                    : kind.projection()
                        .find(id)
                        .thenApply(
                            entry ->
                                entry
                                    .map(_ -> 0L)
                                    .orElseThrow(() -> ProblemException.notFound(kind.type()))));
  }

  private static void check(String field, Point point, long highest) {
    if (point instanceof Point.Place(var number) && number > highest) {
      throw pastTheEnd(field, highest);
    }
  }

  private static ProblemException pastTheEnd(String field, long highest) {
    return ProblemException.badRequest(
        field, "past the end of the journal, whose last event is number " + highest);
  }

  // From the first event, and not from a snapshot: what is shown is what the events say.
  private CompletionStage<Then> state(EntityKind kind, String id, Point point) {
    return replay(kind.persistenceId(id), kind.replay().begin(), point, new Stand(0, null));
  }

  private CompletionStage<Then> replay(
      String key, Replayed<?, ?> replayed, Point point, Stand reached) {
    return journal
        .from(key, reached.sequenceNr() + 1, EVENTS_AT_ONCE)
        .thenCompose(
            events -> {
              var now = reached;
              for (var event : events) {
                if (!point.includes(event)) {
                  return CompletableFuture.completedFuture(then(now, replayed));
                }
                replayed.add(event.event());
                now = new Stand(event.sequenceNr(), event.at());
              }
              return events.size() < EVENTS_AT_ONCE
                  ? CompletableFuture.completedFuture(then(now, replayed))
                  : replay(key, replayed, point, now);
            });
  }

  private static Then then(Stand reached, Replayed<?, ?> replayed) {
    return new Then(reached.sequenceNr(), reached.at(), replayed.state());
  }
}
