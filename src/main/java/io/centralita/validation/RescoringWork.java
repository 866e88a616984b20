package io.centralita.validation;

import io.centralita.db.Db;
import io.centralita.jobs.RunKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The work of a rescoring: a window is a range of numbers, whose leads are scored anew some at a
 * time. Where another model has come into force meanwhile, that one's rescoring does the rest.
 */
final class RescoringWork implements RunKind.Work {

  /** Leads of one transaction, which holds up other scoring for as long: a tenth of a second. */
  private static final int AT_ONCE = 5_000;

  private static final String NEXT =
      "SELECT phone FROM lead_scores WHERE phone > ? AND phone <= ? ORDER BY phone LIMIT ?";

  /** Leads scored anew so far, and where it goes on. */
  private record Done(long same, long changed, long after, boolean finished) {}

  private final Db db;
  private final Rescorings rescorings;
  private final Scores scores;

  RescoringWork(Db db, Rescorings rescorings, Scores scores) {
    this.db = db;
    this.rescorings = rescorings;
    this.scores = scores;
  }

  @Override
  public CompletionStage<RunKind.Finished> run(RunKind.Window window) {
    return rescorings
        .plan(Integer.parseInt(window.runId()))
        .thenCompose(
            plan -> {
              var bounds = plan.bounds();
              if (window.number() >= bounds.size()) {
                return CompletableFuture.completedFuture(new RunKind.Finished(Map.of(), true));
              }
              var from = window.number() == 0 ? -1 : bounds.get(window.number() - 1);
              return chunks(plan, bounds.get(window.number()), new Done(0, 0, from, false), window);
            });
  }

  private CompletionStage<RunKind.Finished> chunks(
      Rescorings.Plan plan, long to, Done done, RunKind.Window window) {
    if (done.finished()) {
      return CompletableFuture.completedFuture(
          new RunKind.Finished(
              Map.of(Rescorings.SAME, done.same(), Rescorings.CHANGED, done.changed()), true));
    }
    if (window.cancelled().getAsBoolean()) {
      return CompletableFuture.failedFuture(new IllegalStateException("given up"));
    }
    return db.transaction("score leads anew", connection -> chunk(connection, plan, to, done))
        .thenCompose(more -> chunks(plan, to, more, window));
  }

  private Done chunk(Connection connection, Rescorings.Plan plan, long to, Done done)
      throws SQLException {
    var phones =
        Db.query(
            connection,
            NEXT,
            st -> {
              st.setLong(1, done.after());
              st.setLong(2, to);
              st.setInt(3, AT_ONCE);
            },
            row -> row.getLong(1));
    if (phones.isEmpty()) {
      return new Done(done.same(), done.changed(), to, true);
    }
    var changed = rescore(connection, plan, phones);
    return new Done(
        done.same() + phones.size() - changed,
        done.changed() + changed,
        phones.getLast(),
        phones.size() < AT_ONCE);
  }

  private long rescore(Connection connection, Rescorings.Plan plan, List<Long> phones)
      throws SQLException {
    var used = scores.update(connection, plan.userId(), phones);
    if (used.model() != plan.model()) {
      throw new RunKind.RunFailedException(
          "model %d is active now, whose rescoring does the rest".formatted(used.model()));
    }
    return used.changed();
  }
}
