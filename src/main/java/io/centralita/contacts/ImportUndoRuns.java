package io.centralita.contacts;

import io.centralita.access.Asker;
import io.centralita.access.Users;
import io.centralita.http.ProblemException;
import io.centralita.jobs.RunCommand;
import io.centralita.jobs.RunState.Status;
import io.centralita.jobs.Runs;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** Undos of imports being begun, told and watched: a row in {@link ImportUndos} and a run each. */
final class ImportUndoRuns {
  private final Users users;
  private final ImportRuns importRuns;
  private final Runs imports;
  private final ImportUndos undos;
  private final Runs runs;

  /**
   * @param imports the runs of imports
   * @param runs those of their undos
   */
  ImportUndoRuns(Users users, ImportRuns importRuns, Runs imports, ImportUndos undos, Runs runs) {
    this.users = users;
    this.importRuns = importRuns;
    this.imports = imports;
    this.undos = undos;
    this.runs = runs;
  }

  /**
   * Begins to undo an import, or goes on with it; the stage completes with the import when that is
   * durable. A problem (404) where there is none, (409) where it is under way.
   */
  CompletionStage<ImportView> begin(Asker asker, int id) {
    return importRuns
        .row(id)
        .thenCompose(
            row ->
                row.undo() == null
                    ? requireEnded(id).thenCompose(_ -> mark(asker, id))
                    : CompletableFuture.completedFuture(true))
        .thenCompose(_ -> undo(id))
        .thenCompose(
            undo ->
                runs.ask(
                    Integer.toString(id),
                    replyTo ->
                        new RunCommand.Start(
                            asker.who().user(),
                            ImportUndoWork.WINDOWS,
                            undo.total(),
                            RunCommand.Again.UNSETTLED,
                            asker.cause(""),
                            replyTo)))
        .thenCompose(_ -> importRuns.view(id));
  }

  /** The run itself is asked: the row may be a little older. */
  private CompletionStage<?> requireEnded(int id) {
    return imports
        .ask(Integer.toString(id), RunCommand.Get::new)
        .thenAccept(
            progress -> {
              switch (progress.status()) {
                case COMPLETED, CANCELLED, FAILED -> {}
                case PENDING, PROCESSING, PAUSED ->
                    throw ProblemException.conflict(
                        "the import is %s: cancel it first, by POST …/cancel"
                            .formatted(word(progress.status())));
              }
            });
  }

  private CompletionStage<Boolean> mark(Asker asker, int id) {
    return users.idOf(asker.who().user()).thenCompose(userId -> undos.begin(id, userId));
  }

  private static String word(Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  /** The import's undo; a problem (404) where nobody undoes it. */
  CompletionStage<ImportUndos.View> undo(int id) {
    return undos
        .one(id)
        .thenApply(
            found -> found.orElseThrow(() -> ProblemException.notFound("undo of an import")));
  }

  /** The undo now, and whenever it changes, until it is completed. */
  Source<ImportUndos.View, NotUsed> progress(ImportUndos.View undo) {
    return runs.progress(Integer.toString(undo.id())).map(undo::at);
  }
}
