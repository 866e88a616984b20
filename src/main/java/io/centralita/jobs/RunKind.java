package io.centralita.jobs;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.jspecify.annotations.Nullable;

/**
 * What a feature gives to have runs of its own.
 *
 * @param key names the entity type, in the cluster and in the journal
 * @param work does one window
 * @param view where lists read progress from
 * @param finalOutcomes the outcomes that another try would not better
 * @param windowsAtOnce windows of one run under way at the same time
 */
public record RunKind(
    EntityTypeKey<RunCommand> key,
    Work work,
    View view,
    Set<String> finalOutcomes,
    int windowsAtOnce,
    Retry retry) {

  /** Does one window of a run; safe to repeat, for a crash may have hidden that it was done. */
  @FunctionalInterface
  public interface Work {
    /**
     * Deals with every item of the window and stores the results. A failed stage is tried again
     * with backoff, for ever; a failure with {@link RunFailedException} ends the run. A window that
     * is cancelled comes to an end, one way or another: it is not begun again before.
     */
    CompletionStage<Finished> run(Window window);

    /** What of this run was begun and has no durable result yet, by what it is; for operators. */
    default Map<String, Long> inFlight(String runId) {
      return Map.of();
    }
  }

  /** Where lists and dashboards read progress. Newer revisions win, whatever order they come in. */
  public interface View {
    CompletionStage<?> show(Progress progress);

    /** Forgets the run and everything stored for it. */
    CompletionStage<?> remove(String id);
  }

  /**
   * One window to be done.
   *
   * @param round of the run, so that repeated work can be told from work done again
   * @param freshRound what was done in an earlier round than this one does not count
   * @param since answers older than this do not count; null where any fresh one does
   * @param owner whose run it is
   * @param cancelled turns true when the run no longer wants this window's results
   * @param onCancel takes what is to be done at that moment
   * @param waiting is told why nothing moves just now, which leaves the window's slot to others
   *     where nothing else moves; an empty text says that it moves again, also after an attempt
   *     that failed
   */
  public record Window(
      String runId,
      String owner,
      int number,
      int round,
      int freshRound,
      @Nullable Instant since,
      BooleanSupplier cancelled,
      Consumer<Runnable> onCancel,
      Consumer<String> waiting) {}

  /**
   * A window whose results are stored.
   *
   * @param counts items dealt with in this round, by outcome
   */
  public record Finished(Map<String, Long> counts, boolean settled) {}

  /** How a window that failed is tried again: exponentially later, up to a bound. */
  public record Retry(Duration first, Duration longest) {}

  /** Ends a run for good, with a reason for its owner. */
  public static final class RunFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RunFailedException(String reason) {
      super(reason);
    }
  }
}
