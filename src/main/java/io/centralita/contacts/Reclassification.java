package io.centralita.contacts;

import io.centralita.db.Db;
import io.centralita.jobs.RunKind;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The work of bringing the contacts into line with a numbering plan: slices of each part of the
 * table, walked through by draw in chunks that are one short transaction each, so that nobody waits
 * long for any of them. What is in line already is only read.
 *
 * <p>It may be repeated at any time, and leaves none out that an import brings meanwhile: an import
 * stores nothing that was read by an earlier plan once this one is in force, and this begins when
 * it is ({@link NumberingLock}). A chunk changes only what is still as it was read, and counts what
 * it has changed. A plan is no change of the person: the history does not tell of it.
 */
final class Reclassification implements RunKind.Work {
  static final String CHANGED = "CHANGED";
  static final String UNCHANGED = "UNCHANGED";
  static final Set<String> OUTCOMES = Set.of(CHANGED, UNCHANGED);

  /** About how many contacts a window of the run holds. */
  static final int SLICE = 20_000;

  private static final String FILLING = "SELECT import_id FROM contact_filling";
  private static final int LOOK_AGAIN_SECONDS = 1;

  private record Part(NumberingPlans.Plan plan, String table, long to) {}

  private record Tally(long changed, long unchanged) {
    Tally and(Chunk.Done done) {
      return new Tally(changed + done.changed(), unchanged + done.unchanged());
    }

    RunKind.Finished finished() {
      return new RunKind.Finished(Map.of(CHANGED, changed, UNCHANGED, unchanged), true);
    }
  }

  private final Db db;
  private final NumberingPlans plans;

  Reclassification(Db db, NumberingPlans plans) {
    this.db = db;
    this.plans = plans;
  }

  @Override
  public CompletionStage<RunKind.Finished> run(RunKind.Window window) {
    var id = Integer.parseInt(window.runId());
    return filled(window)
        .thenCompose(_ -> Slices.of(db, id, SLICE))
        .thenCombine(
            plans.now(),
            (slices, plan) -> {
              if (plan.id() != id) {
                throw new NumberingLock.PlanChangedException();
              }
              return walk(
                  new Part(
                      plan, Parts.table(slices.part(window.number())), slices.to(window.number())),
                  before(slices.from(window.number())),
                  new Tally(0, 0),
                  window);
            })
        .thenCompose(walked -> walked)
        .handle(Reclassification::told);
  }

  /** While an import fills the store there is no key to walk by, and what it brings is in line. */
  private CompletionStage<RunKind.Window> filled(RunKind.Window window) {
    return db.query(FILLING, _ -> {}, row -> row.getInt(1))
        .thenCompose(
            filling -> {
              if (filling.isEmpty() || window.cancelled().getAsBoolean()) {
                window.waiting().accept("");
                return CompletableFuture.completedStage(window);
              }
              window
                  .waiting()
                  .accept(
                      "import %d fills the store: this goes on when that is completed or cancelled"
                          .formatted(filling.getFirst()));
              return CompletableFuture.runAsync(
                      () -> {},
                      CompletableFuture.delayedExecutor(LOOK_AGAIN_SECONDS, TimeUnit.SECONDS))
                  .thenCompose(_ -> filled(window));
            });
  }

  private static Walk.After before(long draw) {
    return draw == 0 ? Walk.After.START : new Walk.After((int) draw - 1, Long.MAX_VALUE);
  }

  private CompletionStage<Tally> walk(
      Part part, Walk.After after, Tally sofar, RunKind.Window window) {
    if (window.cancelled().getAsBoolean()) {
      return CompletableFuture.failedStage(new IllegalStateException("given up"));
    }
    return db.transaction(
            "bring contacts into line with the numbering plan",
            connection -> Chunk.of(connection, part.plan(), part.table(), after, part.to()))
        .thenCompose(
            done ->
                done.more()
                    ? walk(part, done.last(), sofar.and(done), window)
                    : CompletableFuture.completedStage(sofar.and(done)));
  }

  /** Another plan came into force: what is left is for its run to do. */
  private static RunKind.Finished told(@Nullable Tally tally, @Nullable Throwable failure) {
    if (tally != null) {
      return tally.finished();
    }
    var cause =
        failure instanceof CompletionException e && e.getCause() != null ? e.getCause() : failure;
    if (cause instanceof NumberingLock.PlanChangedException) {
      throw new RunKind.RunFailedException("another numbering plan has come into force");
    }
    throw cause instanceof RuntimeException e ? e : new CompletionException(cause);
  }
}
