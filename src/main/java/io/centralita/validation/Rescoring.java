package io.centralita.validation;

import io.centralita.access.Asker;
import io.centralita.access.Users;
import io.centralita.actor.Cause;
import io.centralita.db.Db;
import io.centralita.http.ProblemException;
import io.centralita.jobs.RunCommand;
import io.centralita.jobs.Runs;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Models coming into force: a row in {@link Rescorings} and a run each time. */
final class Rescoring {
  private static final Logger log = LoggerFactory.getLogger(Rescoring.class);

  private final Db db;
  private final Users users;
  private final ScoringModels models;
  private final Rescorings rescorings;
  private final Runs runs;

  Rescoring(Db db, Users users, ScoringModels models, Rescorings rescorings, Runs runs) {
    this.db = db;
    this.users = users;
    this.models = models;
    this.rescorings = rescorings;
    this.runs = runs;
  }

  /**
   * Makes a model the active one, and begins to score all leads anew by it. Scores that change from
   * now on are of the new model, whatever the rescoring has come to. A problem (404) where there is
   * no such version, (409) where it is active.
   */
  CompletionStage<Rescorings.View> activate(Asker asker, int version) {
    return users
        .idOf(asker.who().user())
        .thenCompose(
            userId ->
                db.transaction(
                    "activate a scoring model",
                    connection -> {
                      Scores.lock(connection); // after what is being scored by the one before
                      var active = models.active(connection).version();
                      if (models.version(connection, version).isEmpty()) {
                        throw ProblemException.notFound("scoring model");
                      }
                      if (active == version) {
                        throw ProblemException.conflict("it is the active one");
                      }
                      ScoringModels.activate(connection, version);
                      return Rescorings.add(connection, userId, version);
                    }))
        .thenCompose(this::row)
        .thenCompose(row -> begin(row, asker.cause("")).thenApply(_ -> row));
  }

  /** The row stands: the model is active also where the run does not answer yet. */
  private CompletionStage<Boolean> begin(Rescorings.View row, Cause cause) {
    return runs.ask(
            Integer.toString(row.id()),
            replyTo ->
                new RunCommand.Start(
                    row.createdBy(),
                    Rescorings.WINDOWS,
                    0,
                    RunCommand.Again.UNSETTLED,
                    cause,
                    replyTo))
        .thenApply(_ -> true)
        .exceptionally(
            failure -> {
              log.warn(
                  "the run of rescoring {} did not answer; it is begun later", row.id(), failure);
              return false;
            });
  }

  /** Begins what was not begun when its node died. */
  CompletionStage<?> beginLost() {
    return rescorings
        .unbegun()
        .thenCompose(
            lost ->
                CompletableFuture.allOf(
                    lost.stream()
                        .map(
                            row -> begin(row, new Cause("the sweep", "", "")).toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new)));
  }

  private CompletionStage<Rescorings.View> row(int id) {
    return rescorings
        .one(id)
        .thenApply(row -> row.orElseThrow(() -> ProblemException.notFound("rescoring")));
  }

  /** A rescoring as it is now. */
  CompletionStage<Rescorings.View> view(int id) {
    return row(id)
        .thenCompose(
            row -> runs.now(Integer.toString(id)).thenApply(now -> now.map(row::at).orElse(row)));
  }
}
