package io.centralita.proxy;

import io.centralita.actor.Decision;
import io.centralita.proxy.ProxyCommand.Configure;
import io.centralita.proxy.ProxyCommand.Disable;
import io.centralita.proxy.ProxyCommand.Enable;
import io.centralita.proxy.ProxyCommand.Instruction;
import io.centralita.proxy.ProxyCommand.Remove;
import io.centralita.proxy.ProxyCommand.TestNow;
import io.centralita.proxy.ProxyCommand.TrialDue;
import io.centralita.proxy.ProxyEvent.Configured;
import io.centralita.proxy.ProxyEvent.Disabled;
import io.centralita.proxy.ProxyEvent.Enabled;
import io.centralita.proxy.ProxyEvent.Removed;
import io.centralita.proxy.ProxyEvent.TrialStarted;
import io.centralita.proxy.ProxyState.Status;
import java.time.Instant;
import java.util.List;

/** What a proxy makes of being told something. Pure: nothing has happened yet. */
final class ProxyDecision {
  private static final String NOT_CONFIGURED = "it is not configured";

  private ProxyDecision() {}

  static Decision<ProxyEvent> on(Instruction instruction, ProxyState state, Instant now) {
    return switch (instruction) {
      case Configure c -> on(c, state, now);
      case Disable c -> on(c, state, now);
      case Enable c -> on(c, state, now);
      case Remove c -> on(c, state, now);
    };
  }

  private static Decision<ProxyEvent> on(Configure c, ProxyState state, Instant now) {
    if (state.status() == Status.REMOVED) {
      return Decision.refused("it is removed");
    }
    if (c.configuration().version() <= state.configuration().version()) {
      return Decision.asItIs();
    }
    var configured = new Configured(c.configuration(), c.cause(), now);
    return state.status() == Status.OPEN // what was wrong may have been put right
        ? new Decision.Accepted<>(
            List.of(configured, new TrialStarted("the configuration changed", now)))
        : Decision.accepted(configured);
  }

  private static Decision<ProxyEvent> on(Disable c, ProxyState state, Instant now) {
    return switch (state.status()) {
      case NEW, REMOVED -> Decision.refused(NOT_CONFIGURED);
      case DISABLED -> Decision.asItIs();
      case CLOSED, OPEN, HALF_OPEN -> Decision.accepted(new Disabled(c.cause(), now));
    };
  }

  private static Decision<ProxyEvent> on(Enable c, ProxyState state, Instant now) {
    return switch (state.status()) {
      case NEW, REMOVED -> Decision.refused(NOT_CONFIGURED);
      case CLOSED, HALF_OPEN -> Decision.asItIs();
      case OPEN, DISABLED -> Decision.accepted(new Enabled(c.cause(), now));
    };
  }

  private static Decision<ProxyEvent> on(Remove c, ProxyState state, Instant now) {
    return state.status() == Status.REMOVED
        ? Decision.asItIs()
        : Decision.accepted(new Removed(c.cause(), now));
  }

  static Decision<ProxyEvent> on(TestNow c, ProxyState state, Instant now) {
    return switch (state.status()) {
      case NEW, REMOVED -> Decision.refused(NOT_CONFIGURED);
      case CLOSED, HALF_OPEN, DISABLED -> Decision.asItIs();
      case OPEN ->
          Decision.accepted(new TrialStarted("a test was asked for " + c.cause().words(), now));
    };
  }

  static List<ProxyEvent> on(TrialDue c, ProxyState state, Instant now) {
    return state.status() == Status.OPEN && c.until().equals(state.until())
        ? List.of(new TrialStarted("one call decides", now))
        : List.of();
  }
}
