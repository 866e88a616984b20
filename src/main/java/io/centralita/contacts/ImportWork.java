package io.centralita.contacts;

import io.centralita.db.Db;
import io.centralita.jobs.RunKind;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The work of an import: windows of rows, read side by side and stored one after the other; then,
 * where the store was empty, its indexes, part by part.
 */
final class ImportWork implements RunKind.Work {
  private static final RunKind.Finished NOTHING_COUNTED = new RunKind.Finished(Map.of(), true);

  private final Db db;
  private final Imports imports;
  private final ImportReader reader;
  private final ContactIndexes indexes;
  private final SideTables sideTables;
  private final Executor reading;
  private final Turns turns = new Turns();
  private final Brought brought = new Brought();
  private final Map<Integer, Queue<CompletableFuture<Void>>> building = new ConcurrentHashMap<>();
  private final Map<Integer, CompletionStage<Imports.Plan>> plans = new ConcurrentHashMap<>();

  ImportWork(
      Db db,
      Imports imports,
      ImportReader reader,
      ContactIndexes indexes,
      SideTables sideTables,
      Executor reading) {
    this.db = db;
    this.imports = imports;
    this.reader = reader;
    this.indexes = indexes;
    this.sideTables = sideTables;
    this.reading = reading;
  }

  @Override
  public CompletionStage<RunKind.Finished> run(RunKind.Window window) {
    var id = Integer.parseInt(window.runId());
    return plan(id)
        .thenCompose(
            plan -> window.number() < plan.windows() ? rows(plan, window) : finish(plan, window))
        .handle(ImportWork::told);
  }

  private CompletionStage<Imports.Plan> plan(int id) {
    var plan =
        plans.computeIfAbsent(
            id,
            _ ->
                imports
                    .plan(id)
                    .thenApply(
                        found ->
                            found.orElseThrow(
                                () ->
                                    new RunKind.RunFailedException(
                                        "the import is no longer known"))));
    return plan.whenComplete(
        (_, failure) -> {
          if (failure != null) {
            plans.remove(id, plan);
          }
        });
  }

  private CompletionStage<RunKind.Finished> rows(Imports.Plan plan, RunKind.Window window) {
    return imports
        .window(plan.id(), window.number())
        .thenCompose(
            stored ->
                stored.isPresent()
                    ? CompletableFuture.completedFuture(stored.get())
                    : read(plan, window))
        .thenApply(
            stored -> {
              turns.stored(plan.id(), window.number());
              return new RunKind.Finished(stored.counts(), true);
            });
  }

  /** What was read by a numbering plan that is not in force any more is read again. */
  private CompletionStage<WindowStore.Stored> read(Imports.Plan plan, RunKind.Window window) {
    return readOnce(plan, window)
        .exceptionallyCompose(
            failure ->
                cause(failure) instanceof NumberingLock.PlanChangedException
                    ? read(plan, window)
                    : CompletableFuture.failedStage(failure));
  }

  private CompletionStage<WindowStore.Stored> readOnce(Imports.Plan plan, RunKind.Window window) {
    return CompletableFuture.supplyAsync(
            () -> reader.read(plan, window.number(), window.cancelled()), reading)
        .thenCompose(
            batch ->
                imports
                    .stored(plan.id())
                    .thenCompose(stored -> turn(plan, window, window.number(), stored))
                    .thenCompose(_ -> begun(plan, window.number()))
                    .thenCompose(_ -> store(plan, window, batch))
                    .whenComplete((_, _) -> reader.done(batch)));
  }

  /** Completes when the windows before {@code first} are stored, as long as this one is wanted. */
  private CompletionStage<Void> turn(
      Imports.Plan plan, RunKind.Window window, int first, int stored) {
    var turn = turns.turn(plan.id(), first, stored);
    window.onCancel().accept(() -> turn.cancel(false));
    if (turn.isDone()) {
      return turn;
    }
    window.waiting().accept("the windows before it are stored first");
    return turn.thenRun(() -> window.waiting().accept(""));
  }

  /** What comes before the first contact; may be repeated. */
  private CompletionStage<?> begun(Imports.Plan plan, int window) {
    if (window > 0) {
      return CompletableFuture.completedFuture(null);
    }
    return sideTables
        .take(plan)
        .thenCompose(
            _ ->
                plan.builds()
                    ? indexes.dropIfEmpty(plan.id())
                    : CompletableFuture.completedFuture(false));
  }

  private CompletionStage<WindowStore.Stored> store(
      Imports.Plan plan, RunKind.Window window, ContactBatch batch) {
    if (window.cancelled().getAsBoolean()) { // the batch may not be whole
      return CompletableFuture.failedFuture(new IllegalStateException("given up"));
    }
    return db.transaction(
            "store a window of an import",
            connection -> {
              NumberingLock.stored(connection, batch.numbering().id());
              ImportUndos.requireNone(connection, plan.id());
              return WindowStore.store(connection, plan.id(), window.number(), batch, brought);
            })
        .thenApply(
            stored -> {
              brought.stored();
              return stored;
            });
  }

  /** Builds what an import into an empty store went without, once its rows are stored. */
  private CompletionStage<RunKind.Finished> finish(Imports.Plan plan, RunKind.Window window) {
    var step = window.number() - plan.windows();
    return imports
        .stored(plan.id())
        .thenCompose(stored -> turn(plan, window, plan.windows(), stored))
        .thenCompose(_ -> step < Parts.COUNT ? build(plan, step) : join(plan))
        .thenApply(_ -> NOTHING_COUNTED);
  }

  private CompletionStage<Void> build(Imports.Plan plan, int part) {
    var built = indexes.build(part).toCompletableFuture();
    building.computeIfAbsent(plan.id(), _ -> new ConcurrentLinkedQueue<>()).add(built);
    return built;
  }

  /** The last window of all is begun last: what is not built yet is being built here. */
  private CompletionStage<Void> join(Imports.Plan plan) {
    var parts = building.remove(plan.id());
    return CompletableFuture.allOf(
            parts == null
                ? new CompletableFuture<?>[0]
                : parts.toArray(CompletableFuture<?>[]::new))
        .thenCompose(_ -> indexes.join(plan.id()))
        .thenRun(brought::forget);
  }

  /** A file that will not get better by itself ends the run: mended, it may be resumed. */
  private static RunKind.Finished told(
      RunKind.@Nullable Finished finished, @Nullable Throwable failure) {
    if (finished != null) {
      return finished;
    }
    var cause = cause(failure);
    if (cause instanceof ImportFileException file && !file.passing()) {
      throw new RunKind.RunFailedException(String.valueOf(file.getMessage()));
    }
    throw cause instanceof RuntimeException e ? e : new CompletionException(cause);
  }

  private static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof CompletionException e && e.getCause() != null
        ? e.getCause()
        : failure;
  }
}
