package io.centralita.ops;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.actor.EntityKind;
import io.centralita.actor.Inspection;
import io.centralita.actor.Vitals;
import io.centralita.http.Problem;
import io.centralita.http.ProblemException;
import io.centralita.ops.History.EventView;
import io.centralita.ops.NodeMessage.Done;
import io.centralita.ops.NodeMessage.Seen;
import io.centralita.ops.NodeMessage.Verb;
import io.centralita.ops.Nodes.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks an entity in the eye, wherever it lives. Every node is asked whether it is there, so that
 * one that rests is not woken; what it would say is then in its journal.
 */
final class Inspector {
  private static final int LAST_EVENTS = 10;

  /**
   * An entity.
   *
   * @param live whether it is in memory, somewhere
   * @param answers whether it said so itself; else its state is that of the journal
   * @param node where it lives; null, as all from {@code inMemorySince} on, where it is not live
   */
  record View(
      String type,
      String id,
      boolean live,
      boolean answers,
      @Nullable String node,
      String stateName,
      JsonNode state,
      long sequenceNr,
      List<EventView> lastEvents,
      List<Inspection.Timer> timers,
      List<Inspection.Child> children,
      List<Inspection.InFlight> inFlight,
      @Nullable Instant inMemorySince,
      Vitals.@Nullable Failure lastFailure,
      @Nullable Integer restarts,
      @Nullable Integer mailboxSize,
      @Nullable Long stashSize,
      @Nullable Long messages,
      @Nullable Double messagesPerSecond,
      @Nullable Double stepMillis) {}

  private final Nodes nodes;
  private final History history;

  Inspector(Nodes nodes, History history) {
    this.nodes = nodes;
    this.history = history;
  }

  /** The entity as it is now. Fails with 404 where there is none, 503 where nobody can say. */
  CompletionStage<View> look(EntityKind kind, String id) {
    return kind.projection()
        .find(id)
        .thenCompose(
            entry ->
                nodes
                    .<Seen>all(replyTo -> new NodeMessage.Look(kind.type(), id, replyTo))
                    .thenApply(answers -> the(answers, seen -> seen.vitals() != null))
                    .thenCompose(found -> view(kind, id, entry, found)));
  }

  private CompletionStage<View> view(
      EntityKind kind, String id, Optional<EntityKind.Entry> entry, Optional<Answer<Seen>> found) {
    var seen = found.map(Answer::value).orElse(null);
    var inspection = seen == null ? null : seen.inspection();
    var said =
        inspection == null
            ? history
                .latest(kind, id)
                .thenApply(
                    then ->
                        new Inspection(
                            stateName(entry, then.state()),
                            then.state(),
                            then.sequenceNr(),
                            List.of(),
                            List.of(),
                            List.of(),
                            0))
            : CompletableFuture.completedFuture(inspection);
    return said.thenCombine(
        history.last(kind, id, LAST_EVENTS),
        (itself, events) ->
            view(
                kind,
                id,
                found.map(Answer::node).orElse(null),
                seen == null ? null : seen.vitals(),
                inspection != null,
                itself,
                events));
  }

  // The state's own word is newer than the row's, where it has one.
  private static String stateName(Optional<EntityKind.Entry> entry, JsonNode state) {
    return state.path("status").isTextual()
        ? state.path("status").asText()
        : entry.map(EntityKind.Entry::state).orElse("");
  }

  private static View view(
      EntityKind kind,
      String id,
      @Nullable String node,
      Vitals.@Nullable Snapshot vitals,
      boolean answers,
      Inspection itself,
      List<EventView> events) {
    return new View(
        kind.type(),
        id,
        vitals != null,
        answers,
        node,
        itself.stateName(),
        itself.state(),
        itself.sequenceNr(),
        events,
        itself.timers(),
        itself.children(),
        itself.inFlight(),
        vitals == null ? null : vitals.since(),
        vitals == null ? null : vitals.lastFailure(),
        vitals == null ? null : vitals.restarts(),
        vitals == null ? null : vitals.mailbox(),
        vitals == null ? null : answers ? itself.stash() : vitals.held(),
        vitals == null ? null : vitals.messages(),
        vitals == null ? null : Math.round(vitals.rate() * 100) / 100.0,
        vitals == null ? null : Math.round(vitals.stepMillis() * 10) / 10.0);
  }

  /** Does something to an entity that is in memory; empty where it is not. */
  CompletionStage<Optional<Done>> act(EntityKind kind, String id, Verb verb, boolean dryRun) {
    return nodes
        .<Done>all(replyTo -> new NodeMessage.Do(verb, kind.type(), id, dryRun, replyTo))
        .thenApply(answers -> the(answers, Done::live).map(Inspector::done));
  }

  private static Done done(Answer<Done> answer) {
    var done = answer.value();
    if (done == null || done.effect().isEmpty()) {
      throw new ProblemException(
          Problem.of(409, done == null ? "it does not answer" : done.refusal()));
    }
    return done;
  }

  /** The one answer of the node where it lives. A silent node may be that one. */
  private static <T> Optional<Answer<T>> the(List<Answer<T>> answers, Predicate<T> lives) {
    var found =
        answers.stream()
            .filter(answer -> answer.value() != null && lives.test(answer.value()))
            .findFirst();
    if (found.isEmpty()) {
      var silent =
          answers.stream()
              .filter(answer -> answer.value() == null)
              .map(Answer::node)
              .collect(Collectors.joining(", "));
      if (!silent.isEmpty()) {
        throw ProblemException.unavailable(
            "it is on no node that answers, and it may live on one that does not: "
                + silent
                + "; its journal can be read",
            Duration.ofSeconds(5));
      }
    }
    return found;
  }
}
