package io.centralita.jobs;

import io.centralita.actor.Cause;
import io.centralita.actor.CborSerializable;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happened to a run. The class names stand in the journal: renaming one needs a migration. */
public sealed interface RunEvent extends CborSerializable {

  Instant at();

  /**
   * There is work, or more of it: from now on so many windows with so many items.
   *
   * @param lanes 0, which means one, in journals from before there were any
   */
  record Extended(String owner, int windows, int lanes, long items, Cause cause, Instant at)
      implements RunEvent {}

  /**
   * The work is done again: all of it, or the windows with items worth another try.
   *
   * @param counts what stays counted as dealt with
   */
  record Reopened(boolean all, Map<String, Long> counts, Cause cause, Instant at)
      implements RunEvent {}

  /**
   * A window's results are stored.
   *
   * @param counts items dealt with in this window and round, by outcome
   * @param settled whether no item is worth another try
   */
  record WindowFinished(int window, Map<String, Long> counts, boolean settled, Instant at)
      implements RunEvent {}

  record Paused(Cause cause, @Nullable Instant until, Instant at) implements RunEvent {}

  record Resumed(Cause cause, Instant at) implements RunEvent {}

  record Failed(String reason, Instant at) implements RunEvent {}

  record Cancelled(Cause cause, Instant at) implements RunEvent {}
}
