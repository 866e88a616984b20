package io.centralita.lookup;

import io.centralita.access.Asker;
import io.centralita.access.Principal;
import io.centralita.access.Users;
import io.centralita.http.ProblemException;
import io.centralita.jobs.Progress;
import io.centralita.jobs.Run;
import io.centralita.jobs.RunCommand;
import io.centralita.jobs.RunState.Status;
import io.centralita.jobs.Runs;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * The files of numbers: rows in {@link Files} and a {@link Run} each. What may be done is decided
 * by the run; whose file it is, here.
 */
public final class UserFiles {

  /** The entity type of a file's run; its id is the file's. */
  public static final EntityTypeKey<RunCommand> KEY =
      EntityTypeKey.create(RunCommand.class, "UserFile");

  private static final int ROWS_AT_ONCE = 500;

  private final Users users;
  private final Files files;
  private final Intake intake;
  private final Runs runs;
  private final Room room;

  UserFiles(Users users, Files files, Intake intake, Runs runs, Room room) {
    this.users = users;
    this.files = files;
    this.intake = intake;
    this.runs = runs;
    this.room = room;
  }

  /**
   * Takes numbers for a file and sets it to work; the stage completes when both are durable.
   *
   * @param reprocess asks anew for everything; else only what has no operator yet is asked
   */
  CompletionStage<Long> deliver(
      Asker asker, String user, String name, Delivery delivery, boolean reprocess) {
    asker.who().requireFor(user);
    return room.with(delivery, () -> stored(asker, user, name, delivery, reprocess));
  }

  private CompletionStage<Long> stored(
      Asker asker, String user, String name, Delivery delivery, boolean reprocess) {
    return users
        .idOf(user)
        .thenCompose(userId -> intake.take(userId, name, delivery))
        .thenCompose(
            taken ->
                runs.ask(
                        Long.toString(taken.fileId()),
                        replyTo ->
                            new RunCommand.Start(
                                user,
                                taken.windows(),
                                taken.total(),
                                reprocess ? RunCommand.Again.ALL : RunCommand.Again.UNSETTLED,
                                asker.cause(""),
                                replyTo))
                    .thenApply(_ -> taken.fileId()));
  }

  /** The file's row, for those who may see it. */
  CompletionStage<Files.Row> row(Principal who, long id) {
    return files
        .one(id)
        .thenApply(
            row -> {
              var found = row.orElseThrow(() -> ProblemException.notFound("file"));
              who.requireFor(found.user());
              return found;
            });
  }

  /** The file of that name. */
  CompletionStage<Files.Row> row(Principal who, String user, String name) {
    who.requireFor(user);
    return files
        .named(user, name)
        .thenApply(row -> row.orElseThrow(() -> ProblemException.notFound("file of this user")));
  }

  /** The file of that id, where it is that user's. */
  CompletionStage<Files.Row> row(Principal who, String user, long id) {
    who.requireFor(user);
    return files
        .one(id)
        .thenApply(
            row ->
                row.filter(found -> found.user().equals(user))
                    .orElseThrow(() -> ProblemException.notFound("file of this user")));
  }

  /** The file as it is now, for those who may see it. */
  CompletionStage<FileView> view(Principal who, long id) {
    return row(who, id).thenCompose(this::view);
  }

  /** The file of this row as it is now. */
  CompletionStage<FileView> view(Files.Row row) {
    // Only what moves is fresher in the entity than in its row.
    return row.status() == Status.PROCESSING
        ? runs.now(Long.toString(row.id()))
            .thenApply(
                now ->
                    now.map(progress -> FileView.of(row, progress))
                        .orElseGet(() -> FileView.asStored(row)))
        : CompletableFuture.completedFuture(FileView.of(row));
  }

  CompletionStage<FileView> pause(
      Asker asker, Files.Row row, String reason, @Nullable Instant until) {
    return told(row, replyTo -> new RunCommand.Pause(asker.cause(reason), until, replyTo));
  }

  CompletionStage<FileView> resume(Asker asker, Files.Row row) {
    return told(row, replyTo -> new RunCommand.Resume(asker.cause(""), replyTo));
  }

  /** Stops the file's work, and removes it with its results. */
  CompletionStage<FileView> remove(Asker asker, Files.Row row) {
    return told(row, replyTo -> new RunCommand.Remove(asker.cause(""), replyTo));
  }

  private CompletionStage<FileView> told(
      Files.Row row, Function<ActorRef<StatusReply<Progress>>, RunCommand> command) {
    return runs.ask(Long.toString(row.id()), command)
        .thenApply(progress -> FileView.of(row, progress));
  }

  /** The progress of the file's run, until it is completed or removed. */
  Source<Progress, NotUsed> progress(long id) {
    return runs.progress(Long.toString(id));
  }

  /** The file with that progress, as far as it still exists. */
  CompletionStage<Optional<FileView>> shown(Progress progress) {
    return files
        .one(Long.parseLong(progress.id()))
        .thenApply(row -> row.map(found -> FileView.of(found, progress)));
  }

  /** All files of a user, the newest first; the stage completes with the first of them at hand. */
  CompletionStage<Source<List<Files.Row>, NotUsed>> allOf(String user) {
    return files
        .before(user, null, Long.MAX_VALUE, ROWS_AT_ONCE)
        .thenApply(first -> Source.unfoldAsync(first, rows -> rowsAfter(user, rows)));
  }

  private CompletionStage<Optional<Pair<List<Files.Row>, List<Files.Row>>>> rowsAfter(
      String user, List<Files.Row> rows) {
    if (rows.size() < ROWS_AT_ONCE) {
      return CompletableFuture.completedFuture(
          rows.isEmpty() ? Optional.empty() : Optional.of(Pair.create(List.of(), rows)));
    }
    return files
        .before(user, null, rows.getLast().id(), ROWS_AT_ONCE)
        .thenApply(next -> Optional.of(Pair.create(next, rows)));
  }

  Files files() {
    return files;
  }
}
