package io.centralita.extraction;

import io.centralita.contacts.PlaceNames;
import io.centralita.db.Db;
import io.centralita.http.Json;
import io.centralita.http.ProblemException;
import io.centralita.jobs.RunKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The work of an extraction: its contacts are drawn, in the first window, where the order itself
 * has not drawn them, and its file is written, in the second. Each is one transaction, so that a
 * node which dies leaves all of it or nothing.
 */
final class ExtractionWork implements RunKind.Work {
  /** Windows of a run. */
  static final int WINDOWS = 2;

  static final String DELIVERED = "DELIVERED";
  static final String LEFT_OUT = "LEFT_OUT";

  private static final RunKind.Finished NOTHING_COUNTED = new RunKind.Finished(Map.of(), true);
  private static final Duration SOON = Duration.ofMillis(200);

  private static final String LARGE = "SELECT large FROM extractions WHERE id = ?";

  private static final String LOCK =
      "SELECT ended, drawn_at IS NOT NULL FROM extractions WHERE id = ? FOR UPDATE";

  private static final String ROW = ExtractionRow.SELECT + "WHERE e.id = ?";

  private static final String WRITTEN =
      """
      UPDATE extractions
      SET delivered_at = clock_timestamp(), delivered = ?, left_out = ?, by_lada = ?::jsonb, size = ?,
          sha256 = decode(?, 'hex'), numbers_sha256 = decode(?, 'hex')
      WHERE id = ?
      """;

  private record Locked(boolean ended, boolean drawn) {}

  private final Db db;
  private final PlaceNames placeNames;
  private final Queue queue;
  private final ScheduledExecutorService scheduler;

  ExtractionWork(Db db, PlaceNames placeNames, Queue queue, ScheduledExecutorService scheduler) {
    this.db = db;
    this.placeNames = placeNames;
    this.queue = queue;
    this.scheduler = scheduler;
  }

  @Override
  public CompletionStage<RunKind.Finished> run(RunKind.Window window) {
    var id = Integer.parseInt(window.runId());
    return window.number() == 0
        ? admitted(id, window)
            .thenCompose(_ -> db.transaction("draw contacts", connection -> draw(connection, id)))
        : db.transaction(
            "write an extraction's file", connection -> write(connection, id, window.cancelled()));
  }

  /** Completes when the extraction may begin. */
  private CompletionStage<Boolean> admitted(int id, RunKind.Window window) {
    return db.transaction("queue of extractions", connection -> before(connection, id))
        .thenCompose(
            before -> {
              if (before == 0) {
                window.waiting().accept("");
                return CompletableFuture.completedStage(true);
              }
              window.waiting().accept(waits(before - 1));
              return later(window).thenCompose(_ -> admitted(id, window));
            });
  }

  private int before(Connection connection, int id) throws SQLException {
    var large = Db.query(connection, LARGE, st -> st.setInt(1, id), row -> row.getBoolean(1));
    return large.contains(true) ? queue.admit(connection, id) : 0;
  }

  private static String waits(int before) {
    return "as many large extractions are under way as may be: %d before this one"
        .formatted(before);
  }

  /** Completes a little later; fails where the window is not wanted any more. */
  private CompletionStage<Boolean> later(RunKind.Window window) {
    var later = new CompletableFuture<Boolean>();
    var _ = scheduler.schedule(() -> later.complete(true), SOON.toMillis(), TimeUnit.MILLISECONDS);
    return later.thenApply(
        done -> {
          if (window.cancelled().getAsBoolean()) {
            throw new IllegalStateException("given up");
          }
          return done;
        });
  }

  private RunKind.Finished draw(Connection connection, int id) throws SQLException {
    if (lock(connection, id).drawn()) {
      return NOTHING_COUNTED;
    }
    var row = row(connection, id);
    try {
      var drawn = Drawing.draw(connection, placeNames, row);
      if (drawn < row.amount()) {
        throw new RunKind.RunFailedException(
            "others were faster: %d contacts are left, order so many or fewer".formatted(drawn));
      }
    } catch (ProblemException e) { // such as a selection that takes too long to find
      throw new RunKind.RunFailedException(e.problem().detail());
    }
    return NOTHING_COUNTED;
  }

  private RunKind.Finished write(Connection connection, int id, BooleanSupplier cancelled)
      throws SQLException {
    lock(connection, id);
    var row = row(connection, id);
    if (row.deliveredAt() != null) {
      return finished(row.delivered(), row.leftOut());
    }
    var written = FileWriter.write(connection, row, cancelled);
    Db.update(
        connection,
        WRITTEN,
        st -> {
          st.setInt(1, written.delivered());
          st.setInt(2, written.leftOut());
          st.setString(3, Json.text(written.byLada()));
          st.setLong(4, written.size());
          st.setString(5, written.sha256());
          st.setString(6, written.numbersSha256());
          st.setInt(7, id);
        });
    return finished(written.delivered(), written.leftOut());
  }

  private static RunKind.Finished finished(int delivered, int leftOut) {
    return new RunKind.Finished(
        Map.of(DELIVERED, (long) delivered, LEFT_OUT, (long) leftOut), true);
  }

  /** Nobody else changes the extraction until the transaction ends. */
  private static Locked lock(Connection connection, int id) throws SQLException {
    var locked =
        Db.query(
            connection,
            LOCK,
            st -> st.setInt(1, id),
            row -> new Locked(row.getBoolean(1), row.getBoolean(2)));
    if (locked.isEmpty() || locked.getFirst().ended()) {
      throw new RunKind.RunFailedException("it has ended");
    }
    return locked.getFirst();
  }

  static ExtractionRow row(Connection connection, int id) throws SQLException {
    return Db.query(connection, ROW, st -> st.setInt(1, id), ExtractionRow::read).getFirst();
  }
}
