package io.centralita.jobs;

import io.centralita.actor.Decision;
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
import java.util.Locale;
import java.util.Map;

/** What a run makes of being told something. Pure: nothing has happened yet. */
final class RunDecision {
  private RunDecision() {}

  static Decision<RunEvent> on(Start c, RunState state, RunKind kind, Instant now) {
    if (state.status() == Status.CANCELLED) {
      return Decision.refused("it was removed");
    }
    var events = new ArrayList<RunEvent>();
    var next = state;
    // Two deliveries may be told in another order than they were taken: the larger is the later.
    if (c.windows() > state.windows() || state.status() == Status.PENDING) {
      events.add(new Extended(c.owner(), c.windows(), c.lanes(), c.items(), c.cause(), now));
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
    return new Decision.Accepted<>(events);
  }

  static Decision<RunEvent> on(Pause c, RunState state, Instant now) {
    return switch (state.status()) {
      case PROCESSING ->
          c.until() != null && !c.until().isAfter(now)
              ? Decision.refused("the pause would end before it begins")
              : Decision.accepted(new Paused(c.cause(), c.until(), now));
      case PAUSED -> Decision.refused("it is paused already");
      case PENDING, COMPLETED, FAILED, CANCELLED ->
          Decision.refused("it cannot be paused: it is " + name(state.status()));
    };
  }

  static Decision<RunEvent> on(Resume c, RunState state, Instant now) {
    return switch (state.status()) {
      case PAUSED, FAILED -> Decision.accepted(new Resumed(c.cause(), now));
      case PENDING, PROCESSING, COMPLETED, CANCELLED ->
          Decision.refused("it cannot be resumed: it is " + name(state.status()));
    };
  }

  static Decision<RunEvent> on(Remove c, RunState state, Instant now) {
    return state.status() == Status.CANCELLED
        ? Decision.asItIs()
        : Decision.accepted(new Cancelled(c.cause(), now));
  }

  private static String name(Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
