package io.centralita.proxy;

import io.centralita.proxy.ProxyCommand.Borrowed;
import io.centralita.proxy.ProxyCommand.Lent;
import io.centralita.proxy.ProxyCommand.Refused;
import io.centralita.proxy.ProxyState.Rest;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that a proxy has lent. Not journalled: after a crash the proxy begins with none, and
 * those that nodes still use end by their age.
 */
final class Lending {
  private static final String ALPHANUMERICS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int SESSION_LENGTH = 12;
  private static final int GUESSES = 16;

  private final Rules rules;
  private final RandomGenerator random;
  private final Map<Long, Instant> lent = new HashMap<>();

  Lending(Rules rules, RandomGenerator random) {
    this.rules = rules;
    this.random = random;
  }

  Borrowed borrow(ProxyState state, Instant now) {
    var configuration = state.configuration();
    var most =
        configuration.sessionsAtOnce() > 0
            ? configuration.sessionsAtOnce()
            : rules.sessionsAtOnce();
    if (count(now) >= Math.min(most, configuration.busySessions())) {
      return new Refused("lends all its sessions", null);
    }
    var exit = exit(state, now);
    if (exit == null) {
      return new Refused(
          "rests all its exits, which were blocked",
          state.resting().values().stream().map(Rest::until).min(Instant::compareTo).orElse(null));
    }
    var session = random.nextLong();
    var until = now.plus(rules.sessionAge());
    lent.put(session, until);
    return new Lent(session, configuration.version(), exit, rules.sessionUses(), until);
  }

  void returned(long session) {
    lent.remove(session);
  }

  /** Sessions lent now; those of a node that died are forgotten with their age. */
  int count(Instant now) {
    lent.values().removeIf(until -> !until.isAfter(now));
    return lent.size();
  }

  private @Nullable Exit exit(ProxyState state, Instant now) {
    var configuration = state.configuration();
    for (var guess = 0; guess < GUESSES; guess++) {
      var exit = any(configuration);
      if (!rests(state, exit, now)) {
        return exit;
      }
    }
    // Most of them rest: look at each
    for (var port = configuration.portMin(); port <= configuration.portMax(); port++) {
      for (var user = 0; user < Math.max(1, configuration.userNames()); user++) {
        var exit = at(configuration, port, user);
        if (!rests(state, exit, now)) {
          return exit;
        }
      }
    }
    return null;
  }

  /** Any exit, rested or not. */
  Exit any(Configuration configuration) {
    return at(
        configuration,
        random.nextInt(configuration.portMin(), configuration.portMax() + 1),
        random.nextInt(Math.max(1, configuration.userNames())));
  }

  private Exit at(Configuration configuration, int port, int userNo) {
    return new Exit(port, configuration.userNames() == 0 ? -1 : userNo, newSession());
  }

  private static boolean rests(ProxyState state, Exit exit, Instant now) {
    var rest = state.resting().get(exit.place());
    return rest != null && rest.until().isAfter(now);
  }

  private String newSession() {
    var name = new StringBuilder(SESSION_LENGTH);
    for (int i = 0; i < SESSION_LENGTH; i++) {
      name.append(ALPHANUMERICS.charAt(random.nextInt(ALPHANUMERICS.length())));
    }
    return name.toString();
  }
}
