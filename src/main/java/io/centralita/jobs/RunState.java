package io.centralita.jobs;

import io.centralita.actor.Cause;
import io.centralita.actor.CborSerializable;
import io.centralita.jobs.RunEvent.Cancelled;
import io.centralita.jobs.RunEvent.Extended;
import io.centralita.jobs.RunEvent.Failed;
import io.centralita.jobs.RunEvent.Paused;
import io.centralita.jobs.RunEvent.Reopened;
import io.centralita.jobs.RunEvent.Resumed;
import io.centralita.jobs.RunEvent.WindowFinished;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run's events have made of it. Pure: it knows how an event changes a run, and nothing about
 * actors.
 *
 * @param owner whose run it is: capacity is shared evenly between owners
 * @param windows how many windows there are, numbered from 0
 * @param lanes into how many equal parts the windows fall, in their order, none of which holds up
 *     another: what is done at once is shared evenly between them
 * @param items how many items the windows hold together
 * @param pause null unless the status is PAUSED
 * @param finishedAt null until the run has ended, one way or another
 * @param failure why the run failed; empty where it did not
 */
public record RunState(
    Status status,
    String owner,
    int windows,
    int lanes,
    long items,
    Round round,
    @Nullable Pause pause,
    @Nullable Instant finishedAt,
    String failure)
    implements CborSerializable {

  /** Where a run stands. */
  public enum Status {
    PENDING,
    PROCESSING,
    PAUSED,
    COMPLETED,
    FAILED,
    CANCELLED
  }

  /** Why a run stands still, since when, and until when where that is known. */
  public record Pause(Cause cause, Instant at, @Nullable Instant until)
      implements CborSerializable {}

  /**
   * One pass over the windows.
   *
   * @param number 1 at first; one more each time work is done again
   * @param fresh the last round that did everything again: what was done before it does not count
   * @param since answers older than this do not count; null where any recent one does
   * @param done the windows finished in this round
   * @param unsettled the finished windows with items worth another try
   * @param counts items dealt with, by outcome
   */
  public record Round(
      int number,
      int fresh,
      @Nullable Instant since,
      WindowSet done,
      WindowSet unsettled,
      Map<String, Long> counts)
      implements CborSerializable {

    static final Round FIRST = new Round(1, 1, null, WindowSet.EMPTY, WindowSet.EMPTY, Map.of());

    /** Items dealt with, whatever became of them. */
    long dealtWith() {
      return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    Round next(Reopened e) {
      return e.all()
          ? new Round(number + 1, number + 1, e.at(), WindowSet.EMPTY, WindowSet.EMPTY, e.counts())
          : new Round(
              number + 1, fresh, since, done.without(unsettled), WindowSet.EMPTY, e.counts());
    }

    Round with(WindowFinished e) {
      var sums = new HashMap<>(counts);
      e.counts().forEach((outcome, count) -> sums.merge(outcome, count, Long::sum));
      return new Round(
          number,
          fresh,
          since,
          done.with(e.window(), true),
          unsettled.with(e.window(), !e.settled()),
          Map.copyOf(sums));
    }
  }

  /** A state; snapshots from before there were lanes say 0. */
  public RunState {
    lanes = Math.max(1, lanes);
  }

  static final RunState EMPTY =
      new RunState(Status.PENDING, "", 0, 1, 0, Round.FIRST, null, null, "");

  RunState apply(RunEvent event) {
    return switch (event) {
      case Extended e -> extended(e);
      case Reopened e -> standing(Status.PROCESSING, round.next(e), null, null, "");
      case WindowFinished e -> windowFinished(e);
      case Paused e ->
          standing(
              Status.PAUSED, round, new Pause(e.cause(), e.at(), e.until()), finishedAt, failure);
      case Resumed _ -> standing(Status.PROCESSING, round, null, null, "");
      case Failed e -> standing(Status.FAILED, round, null, e.at(), e.reason());
      case Cancelled e -> standing(Status.CANCELLED, round, null, e.at(), "");
    };
  }

  /** As it is to be seen while an operator lets no run of this owner go on. */
  RunState under(Pause hold) {
    return status == Status.PROCESSING
        ? standing(Status.PAUSED, round, hold, finishedAt, failure)
        : this;
  }

  private RunState extended(Extended e) {
    var complete = round.done().size() == e.windows();
    return new RunState(
        complete ? Status.COMPLETED : Status.PROCESSING,
        e.owner(),
        e.windows(),
        e.lanes(),
        e.items(),
        round,
        null,
        complete ? e.at() : null,
        "");
  }

  private RunState windowFinished(WindowFinished e) {
    var after = round.with(e);
    return after.done().size() == windows
        ? standing(Status.COMPLETED, after, null, e.at(), "")
        : standing(status, after, pause, finishedAt, failure);
  }

  private RunState standing(
      Status now,
      Round current,
      @Nullable Pause paused,
      @Nullable Instant finished,
      String failed) {
    return new RunState(now, owner, windows, lanes, items, current, paused, finished, failed);
  }
}
