package io.centralita.contacts;

import io.centralita.access.Asker;
import io.centralita.access.Users;
import io.centralita.actor.Cause;
import io.centralita.db.Db;
import io.centralita.http.ProblemException;
import io.centralita.jobs.Progress;
import io.centralita.jobs.RunCommand;
import io.centralita.jobs.RunState.Status;
import io.centralita.jobs.Runs;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Numbering plans being kept, told and watched: a row in {@link NumberingStore} each, and a run
 * from when the plan comes into force.
 */
final class NumberingRuns {
  private static final Logger log = LoggerFactory.getLogger(NumberingRuns.class);
  private static final Cause CLOCK = new Cause("the clock", "the plan has come into force", "");

  /**
   * A plan that was sent.
   *
   * @param loaded false where this very file was loaded before
   */
  record Sent(int id, boolean loaded) {}

  private final Db db;
  private final Users users;
  private final NumberingLoad load;
  private final NumberingStore store;
  private final Runs runs;

  NumberingRuns(Db db, Users users, NumberingStore store, Runs runs) {
    this.db = db;
    this.users = users;
    this.load = new NumberingLoad(db);
    this.store = store;
    this.runs = runs;
  }

  NumberingStore store() {
    return store;
  }

  /**
   * Keeps a plan; the stage completes when it is durable, and in force where that is its turn.
   *
   * @param replace whether it takes the place of another of the same date
   * @throws ProblemException (409) where there is another of that date and it is not to be replaced
   */
  CompletionStage<Sent> add(Asker asker, NumberingUpload.Received file, boolean replace) {
    return users
        .idOf(asker.who().user())
        .thenCompose(
            userId ->
                load.add(
                    new NumberingLoad.Order(
                        userId, file.date(), file.name(), file.sha256(), file.content()),
                    replace))
        .thenCompose(
            added ->
                switch (added) {
                  case NumberingLoad.Added.Same(var id) ->
                      CompletableFuture.completedStage(new Sent(id, false));
                  case NumberingLoad.Added.Other(var id) ->
                      throw ProblemException.conflict(
                          "numbering plan %d has the same date, %s, and other content: replace=true puts this file in its place, date says another date"
                              .formatted(id, file.date()));
                  case NumberingLoad.Added.New(var id, var replaced) ->
                      settled(asker.cause(""))
                          .thenCompose(_ -> forget(asker.cause("it was replaced"), replaced))
                          .thenApply(_ -> new Sent(id, true));
                });
  }

  /** The plan is kept whatever becomes of its run just now: that is seen to again and again. */
  private CompletionStage<Object> settled(Cause cause) {
    return settle(cause).exceptionally(NumberingRuns::unsettled);
  }

  private CompletionStage<Object> forget(Cause cause, int id) {
    return id == 0
        ? CompletableFuture.<Object>completedStage(id)
        : runs.ask(Integer.toString(id), replyTo -> new RunCommand.Remove(cause, replyTo))
            .<Object>thenApply(progress -> progress)
            .exceptionally(NumberingRuns::unsettled);
  }

  private static Object unsettled(Throwable failure) {
    log.warn("the run of a numbering plan could not be told; it is tried again", failure);
    return failure;
  }

  /**
   * What the clock and crashes leave to be done: brings into force the plan whose date has come,
   * begins its run, ends the runs that it overtook. May be repeated, and done on several nodes at
   * once.
   */
  void settle() {
    var _ = settled(CLOCK);
  }

  private CompletionStage<Object> settle(Cause cause) {
    return load.bringIntoForce()
        .thenCompose(_ -> store.inForce())
        .thenCompose(
            found ->
                found
                    .filter(row -> row.standing().status() == Status.PENDING)
                    .<CompletionStage<?>>map(row -> begin(row, cause))
                    .orElseGet(() -> CompletableFuture.completedStage(null)))
        .thenCompose(_ -> store.overtaken())
        .thenCompose(
            overtaken ->
                CompletableFuture.allOf(
                    overtaken.stream()
                        .map(id -> forget(cause, id).toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new)))
        .thenApply(_ -> true);
  }

  private CompletionStage<Progress> begin(NumberingStore.Row row, Cause cause) {
    return Slices.of(db, row.id(), Reclassification.SLICE)
        .thenCompose(
            slices ->
                runs.ask(
                    Integer.toString(row.id()),
                    replyTo ->
                        new RunCommand.Start(
                            row.user(),
                            slices.windows(),
                            slices.contacts(),
                            RunCommand.Again.UNSETTLED,
                            cause,
                            replyTo)));
  }

  /** The plan's row; a problem (404) where there is none. */
  CompletionStage<NumberingStore.Row> row(int id) {
    return store
        .one(id)
        .thenApply(row -> row.orElseThrow(() -> ProblemException.notFound("numbering plan")));
  }

  /** The plan, and how far its run is now. */
  CompletionStage<NumberingView> view(int id) {
    return row(id)
        .thenCompose(
            row ->
                row.standing().status() == Status.PROCESSING
                    ? runs.now(Integer.toString(id))
                        .thenApply(
                            now ->
                                now.map(progress -> NumberingView.of(row, progress))
                                    .orElseGet(() -> NumberingView.of(row)))
                    : CompletableFuture.completedStage(NumberingView.of(row)));
  }

  CompletionStage<NumberingView> pause(Asker asker, int id, String reason) {
    return told(id, replyTo -> new RunCommand.Pause(asker.cause(reason), null, replyTo));
  }

  CompletionStage<NumberingView> resume(Asker asker, int id) {
    return told(id, replyTo -> new RunCommand.Resume(asker.cause(""), replyTo));
  }

  private CompletionStage<NumberingView> told(
      int id, Function<ActorRef<StatusReply<Progress>>, RunCommand> command) {
    return row(id)
        .thenCompose(
            row ->
                runs.ask(Integer.toString(id), command)
                    .thenApply(progress -> NumberingView.of(row, progress)));
  }

  /** Forgets a plan; a problem (409) where it is in force. */
  CompletionStage<?> delete(Asker asker, int id) {
    return row(id)
        .thenCompose(
            row -> {
              if (row.inForce()) {
                throw ProblemException.conflict(
                    "it is in force: load one of a later date, or one of the same date with"
                        + " replace=true, and it is not any more");
              }
              return forget(asker.cause("it was deleted"), row.begun() ? id : 0);
            })
        .thenCompose(_ -> store.delete(id));
  }

  /** The plan now, and whenever its run moves, until that is completed or overtaken. */
  Source<NumberingView, NotUsed> progress(NumberingStore.Row row) {
    return runs.progress(Integer.toString(row.id()))
        .map(progress -> NumberingView.of(row, progress));
  }
}
