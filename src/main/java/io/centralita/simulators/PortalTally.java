package io.centralita.simulators;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what the portal is asked and what it answers; read from any thread. */
final class PortalTally {
  private final Traffic traffic = new Traffic();
  private final CallCounts calls = new CallCounts();
  private final Map<Faults.Kind, Long> faults = new EnumMap<>(Faults.Kind.class);
  private long requests;
  private long homePages;
  private long logins;
  private long failedLogins;
  private long asked;
  private long answered;
  private long unauthorized;
  private long expired;
  private long rateLimited;

  synchronized void request() {
    requests++;
  }

  synchronized void homePage() {
    homePages++;
  }

  synchronized void loggedIn() {
    logins++;
  }

  synchronized void loginFailed() {
    failedLogins++;
  }

  synchronized void asked(int number, Faults.@Nullable Kind fault) {
    asked++;
    calls.asked(number);
    if (fault != null) {
      faults.merge(fault, 1L, Long::sum);
    }
  }

  synchronized void answered(int number) {
    answered++;
    calls.answered(number);
  }

  synchronized void unauthorized() {
    unauthorized++;
  }

  synchronized void expired() {
    expired++;
  }

  synchronized void rateLimited() {
    rateLimited++;
  }

  Traffic traffic() {
    return traffic;
  }

  CallCounts calls() {
    return calls;
  }

  synchronized PortalSimulator.Stats stats() {
    return new PortalSimulator.Stats(
        requests,
        homePages,
        logins,
        failedLogins,
        asked,
        answered,
        calls.size(),
        unauthorized,
        expired,
        rateLimited,
        Map.copyOf(faults),
        traffic.connections(),
        traffic.openConnections(),
        traffic.mostUnderWay());
  }

  /** Everything back to zero but what is open or under way now. */
  synchronized void reset() {
    calls.clear();
    faults.clear();
    requests = 0;
    homePages = 0;
    logins = 0;
    failedLogins = 0;
    asked = 0;
    answered = 0;
    unauthorized = 0;
    expired = 0;
    rateLimited = 0;
    traffic.reset();
  }
}
