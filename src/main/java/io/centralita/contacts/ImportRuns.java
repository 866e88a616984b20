package io.centralita.contacts;

import io.centralita.access.Asker;
import io.centralita.access.Users;
import io.centralita.http.ProblemException;
import io.centralita.jobs.Progress;
import io.centralita.jobs.RunCommand;
import io.centralita.jobs.RunState.Status;
import io.centralita.jobs.Runs;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * Imports being begun, told and watched: a row in {@link Imports} and a run each. What may be done
 * is decided by the run.
 */
final class ImportRuns {
  /** Below this it is not worth while to build indexes anew. */
  private static final long WORTH_BUILDING = 50_000;

  private final Users users;
  private final Imports imports;
  private final ImportFolder folder;
  private final Runs runs;
  private final Executor reading;

  ImportRuns(Users users, Imports imports, ImportFolder folder, Runs runs, Executor reading) {
    this.users = users;
    this.imports = imports;
    this.folder = folder;
    this.runs = runs;
    this.reading = reading;
  }

  Imports imports() {
    return imports;
  }

  /**
   * Begins to import a file of the import folder; the stage completes with its id when both are
   * durable.
   *
   * @throws ProblemException (400) where the file cannot be imported, (409) where an import of it
   *     is under way
   */
  CompletionStage<Integer> begin(
      Asker asker, String path, String table, Map<String, String> columns) {
    return begin(asker, path, () -> folder.look(path, table, columns), () -> {});
  }

  /**
   * Begins to import what there is to be looked at.
   *
   * @param name by which people know the file
   * @param notAdded done where it does not come to an import
   */
  CompletionStage<Integer> begin(
      Asker asker, String name, Supplier<ImportFolder.Looked> look, Runnable notAdded) {
    return CompletableFuture.supplyAsync(look, reading)
        .exceptionally(
            failure -> {
              throw refused(failure);
            })
        .thenCompose(looked -> add(asker, name, looked))
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                notAdded.run();
              }
            })
        .thenCompose(added -> started(asker, added));
  }

  private CompletionStage<Imports.Added> add(Asker asker, String name, ImportFolder.Looked looked) {
    return users
        .idOf(asker.who().user())
        .thenCompose(
            userId ->
                imports.add(
                    new Imports.Order(
                        userId,
                        name,
                        looked.source(),
                        looked.bounds(),
                        looked.rows(),
                        looked.rows() >= WORTH_BUILDING)));
  }

  /** What a failure to read a file is told as. */
  static RuntimeException refused(Throwable failure) {
    var cause = failure instanceof CompletionException e ? e.getCause() : failure;
    if (cause instanceof ImportFileException file) {
      return file.passing()
          ? ProblemException.unavailable(String.valueOf(file.getMessage()), Duration.ofSeconds(5))
          : ProblemException.badRequest("file", String.valueOf(file.getMessage()));
    }
    return failure instanceof CompletionException e ? e : new CompletionException(failure);
  }

  private CompletionStage<Integer> started(Asker asker, Imports.Added added) {
    if (!added.isNew()) {
      throw underWay(added.id());
    }
    return imports
        .plan(added.id())
        .thenApply(Optional::orElseThrow)
        .thenCompose(
            plan ->
                runs.ask(
                    Integer.toString(plan.id()),
                    replyTo ->
                        new RunCommand.Start(
                            asker.who().user(),
                            plan.runWindows(),
                            plan.bounds().getLast() - plan.bounds().getFirst(),
                            RunCommand.Again.UNSETTLED,
                            asker.cause(""),
                            replyTo)))
        .thenApply(_ -> added.id());
  }

  /** 409. */
  static ProblemException underWay(int id) {
    return ProblemException.conflict(
        "import %d of this file is not finished: wait for it, resume it, or cancel it"
            .formatted(id));
  }

  /** The import's row; a problem (404) where there is none. */
  CompletionStage<Imports.Row> row(int id) {
    return imports
        .one(id)
        .thenApply(row -> row.orElseThrow(() -> ProblemException.notFound("import")));
  }

  /** The import as it is now. */
  CompletionStage<ImportView> view(int id) {
    return row(id)
        .thenCompose(
            row ->
                row.status() == Status.PROCESSING
                    ? runs.now(Integer.toString(id))
                        .thenApply(
                            now ->
                                now.map(progress -> ImportView.of(row, progress))
                                    .orElseGet(() -> ImportView.of(row)))
                    : CompletableFuture.completedFuture(ImportView.of(row)));
  }

  CompletionStage<ImportView> pause(Asker asker, int id, String reason, @Nullable Instant until) {
    return told(id, replyTo -> new RunCommand.Pause(asker.cause(reason), until, replyTo));
  }

  CompletionStage<ImportView> resume(Asker asker, int id) {
    return row(id)
        .thenCompose(
            row -> {
              if (row.undo() != null) {
                throw ProblemException.conflict("it is undone: import the file anew");
              }
              return told(id, replyTo -> new RunCommand.Resume(asker.cause(""), replyTo));
            });
  }

  /** Ends the import; what it has stored stays, until it is undone. */
  CompletionStage<ImportView> cancel(Asker asker, int id) {
    return row(id)
        .thenCompose(
            row ->
                switch (row.status()) {
                  case COMPLETED ->
                      throw ProblemException.conflict(
                          "it is completed: DELETE undoes it, with all that it brought");
                  case PENDING, PROCESSING, PAUSED, FAILED, CANCELLED ->
                      told(id, replyTo -> new RunCommand.Remove(asker.cause(""), replyTo));
                });
  }

  private CompletionStage<ImportView> told(
      int id, Function<ActorRef<StatusReply<Progress>>, RunCommand> command) {
    return row(id)
        .thenCompose(
            row ->
                runs.ask(Integer.toString(id), command)
                    .thenApply(progress -> ImportView.of(row, progress)));
  }

  /** The import now, and whenever it changes, until it is completed or cancelled. */
  Source<ImportView, NotUsed> progress(Imports.Row row) {
    return runs.progress(Integer.toString(row.id())).map(progress -> ImportView.of(row, progress));
  }
}
