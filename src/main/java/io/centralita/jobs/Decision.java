package io.centralita.jobs;

import io.centralita.jobs.RunCommand.Again;
import io.centralita.jobs.RunCommand.Pause;
import io.centralita.jobs.RunCommand.Remove;
import io.centralita.jobs.RunCommand.Resume;
import io.centralita.jobs.RunCommand.Start;
import io.centralita.jobs.RunEvent.Cancelled;
import io.centralita.jobs.RunEvent.Extended;
import io.centralita.jobs.RunEvent.Paused;
import io.centralita.jobs.RunEvent.Reopened;
import io.centralita.jobs.RunEvent.Resumed;
import io.centralita.jobs.RunState.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a run makes of being told something. Pure: nothing has happened yet. */
sealed interface Decision {

  /** Nothing happens, and whoever asked hears why: a clause that follows the run's name. */
  record Refused(String why) implements Decision {}

  /** This happens. */
  record Accepted(List<RunEvent> events) implements Decision {
    static Accepted of(RunEvent event) {
      return new Accepted(List.of(event));
    }
  }

  static Decision on(Start c, RunState state, RunKind kind, Instant now) {
    if (state.status() == Status.CANCELLED) {
      return new Refused("it was removed");
    }
    var events = new ArrayList<RunEvent>();
    var next = state;
    // Two deliveries may be told in another order than they were taken: the larger is the later.
    if (c.windows() > state.windows() || state.status() == Status.PENDING) {
      events.add(new Extended(c.owner(), c.windows(), c.items(), c.cause(), now));
      next = next.apply(events.getLast());
    } else if (state.status() == Status.PAUSED || state.status() == Status.FAILED) {
      events.add(new Resumed(c.cause(), now));
      next = next.apply(events.getLast());
    }
    if (c.again() == Again.ALL && next.windows() > 0) {
      events.add(new Reopened(true, Map.of(), c.cause(), now));
    } else if (state.status() == Status.COMPLETED && !state.round().unsettled().isEmpty()) {
      var kept = new HashMap<>(state.round().counts());
      kept.keySet().retainAll(kind.finalOutcomes());
      events.add(new Reopened(false, Map.copyOf(kept), c.cause(), now));
    }
    return new Accepted(List.copyOf(events));
  }

  static Decision on(Pause c, RunState state, Instant now) {
    return switch (state.status()) {
      case PROCESSING ->
          c.until() != null && !c.until().isAfter(now)
              ? new Refused("the pause would end before it begins")
              : Accepted.of(new Paused(c.cause(), c.until(), now));
      case PAUSED -> new Refused("it is paused already");
      case PENDING, COMPLETED, FAILED, CANCELLED ->
          new Refused("it cannot be paused: it is " + name(state.status()));
    };
  }

  static Decision on(Resume c, RunState state, Instant now) {
    return switch (state.status()) {
      case PAUSED, FAILED -> Accepted.of(new Resumed(c.cause(), now));
      case PENDING, PROCESSING, COMPLETED, CANCELLED ->
          new Refused("it cannot be resumed: it is " + name(state.status()));
    };
  }

  static Decision on(Remove c, RunState state, Instant now) {
    return state.status() == Status.CANCELLED
        ? new Accepted(List.of())
        : Accepted.of(new Cancelled(c.cause(), now));
  }

  private static String name(Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
