package io.centralita.proxy;

import io.centralita.proxy.ProxyCommand.Tested;
import io.centralita.proxy.ProxyCommand.Told;
import io.centralita.proxy.ProxyEvent.Closed;
import io.centralita.proxy.ProxyEvent.ExitBlocked;
import io.centralita.proxy.ProxyEvent.Opened;
import io.centralita.proxy.ProxyState.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What follows from a proxy's calls: they are counted, and open its circuit or close it. */
final class Consequences {
  private final Rules rules;
  private final Tally tally = new Tally();

  Consequences(Rules rules) {
    this.rules = rules;
  }

  Tally tally() {
    return tally;
  }

  /** What follows from what became of calls. */
  List<ProxyEvent> told(ProxyState before, List<Told> news, Instant now) {
    var events = new ArrayList<ProxyEvent>();
    var state = before;
    for (var told : news) {
      count(state, told.outcome(), told.calls());
      for (var event : follows(state, told, now)) {
        events.add(event);
        state = state.apply(event);
      }
    }
    return events;
  }

  /**
   * What comes of a proxy that is set aside is counted, and stands in no row when it is used again.
   */
  private void count(ProxyState state, Outcome outcome, long calls) {
    tally.add(outcome, calls);
    if (state.status() != Status.CLOSED) {
      tally.rest();
    }
  }

  private List<ProxyEvent> follows(ProxyState state, Told told, Instant now) {
    if (told.blocked() != null && state.status() != Status.REMOVED) {
      return List.of(blocked(state, told, told.blocked(), now));
    }
    // What was set aside hears late news from before.
    return state.status() == Status.CLOSED ? mayOpen(told.detail(), now) : List.of();
  }

  private ProxyEvent blocked(ProxyState state, Told told, Exit exit, Instant now) {
    var before = state.resting().get(exit.place());
    var retries = exit.isFixed() && before != null ? before.retries() + 1 : 1;
    return new ExitBlocked(
        exit,
        told.owner(),
        told.detail(),
        retries,
        exit.isFixed() ? now.plus(rules.rest(retries)) : null,
        now);
  }

  /** What follows from a call of the proxy's own. */
  List<ProxyEvent> tried(ProxyState state, Tested result, Instant now) {
    count(state, result.outcome(), 1);
    return switch (state.status()) {
      case NEW, OPEN, DISABLED, REMOVED -> List.of();
      case CLOSED -> mayOpen(result.words(), now);
      case HALF_OPEN ->
          List.of(
              result.passed()
                  ? new Closed(
                      "the trial passed in " + result.millis() + " ms, " + result.words(), now)
                  : opened("the trial failed: " + result.words(), now));
    };
  }

  private List<ProxyEvent> mayOpen(String last, Instant now) {
    var why = tally.whyOpen(rules.errorsInRow(), last);
    return why.isEmpty() ? List.of() : List.of(opened(why, now));
  }

  private Opened opened(String why, Instant now) {
    return new Opened(why, now.plus(rules.openFor()), now);
  }
}
