package io.centralita.contacts;

import io.centralita.db.Db;
import io.centralita.jobs.RunKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The work of an undo: first the side tables, then the contacts that the import brought, part by
 * part, then those that it changed, then the end. One window after the other, each in chunks that
 * hold up imports and opt-outs for no longer than a window of an import does.
 */
final class ImportUndoWork implements RunKind.Work {
  static final String REMOVED = "REMOVED";
  static final String KEPT = "KEPT";
  static final String RESTORED = "RESTORED";

  private static final int FIRST_PART = 1;
  private static final int RESTORING = FIRST_PART + Parts.COUNT;

  /** Windows of each undo. */
  static final int WINDOWS = RESTORING + 2;

  /** Contacts that are looked at in one transaction, a tenth of a second's work. */
  static final int CONTACTS_AT_ONCE = 10_000;

  /** Changes that are taken back in one transaction; each costs more. */
  static final int CHANGES_AT_ONCE = 5_000;

  private static final String UNDONE =
      "UPDATE imports SET undone_at = coalesce(undone_at, now()) WHERE id = ?";

  private final Db db;
  private final ImportUndos undos;
  private final ContactIndexes indexes;
  private final int contactsAtOnce;
  private final int changesAtOnce;

  /**
   * @param contactsAtOnce contacts that are looked at in one transaction
   * @param changesAtOnce changes that are taken back in one transaction
   */
  ImportUndoWork(
      Db db, ImportUndos undos, ContactIndexes indexes, int contactsAtOnce, int changesAtOnce) {
    this.db = db;
    this.undos = undos;
    this.indexes = indexes;
    this.contactsAtOnce = contactsAtOnce;
    this.changesAtOnce = changesAtOnce;
  }

  @Override
  public CompletionStage<RunKind.Finished> run(RunKind.Window window) {
    return undos
        .plan(Integer.parseInt(window.runId()))
        .thenCompose(
            found -> {
              var plan =
                  found.orElseThrow(
                      () -> new RunKind.RunFailedException("the import is no longer known"));
              return switch (window.number()) {
                // An import that failed while it filled the store has left it without a key.
                case 0 -> indexes.finish(plan.importId()).thenCompose(_ -> chunks(plan, window));
                case WINDOWS - 1 -> end(plan);
                default -> chunks(plan, window);
              };
            });
  }

  private CompletionStage<RunKind.Finished> chunks(ImportUndos.Plan plan, RunKind.Window window) {
    if (window.cancelled().getAsBoolean()) {
      return CompletableFuture.failedFuture(new IllegalStateException("given up"));
    }
    return db.transaction(
            "undo a chunk of an import", connection -> chunk(connection, plan, window.number()))
        .thenCompose(
            ledger ->
                ledger.finished()
                    ? CompletableFuture.completedFuture(finished(ledger))
                    : chunks(plan, window));
  }

  private UndoLedger chunk(Connection connection, ImportUndos.Plan plan, int window)
      throws SQLException {
    if (window < FIRST_PART) {
      SideTables.remove(connection, plan.importId());
      return UndoLedger.open(connection, plan.importId(), window)
          .done()
          .write(connection, plan.importId(), window);
    }
    return window < RESTORING
        ? ImportRemoval.chunk(connection, plan, window, window - FIRST_PART, contactsAtOnce)
        : ImportRestoring.chunk(connection, plan, window, changesAtOnce);
  }

  private static RunKind.Finished finished(UndoLedger ledger) {
    return new RunKind.Finished(
        Map.of(REMOVED, ledger.removed(), KEPT, ledger.kept(), RESTORED, ledger.restored()), true);
  }

  private CompletionStage<RunKind.Finished> end(ImportUndos.Plan plan) {
    return db.update(UNDONE, st -> st.setInt(1, plan.importId()))
        .thenApply(_ -> new RunKind.Finished(Map.of(), true));
  }
}
