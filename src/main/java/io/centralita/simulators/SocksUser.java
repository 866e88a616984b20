package io.centralita.simulators;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A user name as residential proxies take it: {@code
 * user-{id}-region-{cc}-sessid-{session}-sesstime-{minutes}}, where all after the id may be left
 * out. Any other name is an id by itself.
 *
 * @param session empty where each connection may leave by another address
 * @param keeps how long the session keeps its address
 */
record SocksUser(String id, String session, Duration keeps) {
  private static final int DEFAULT_MINUTES = 10;
  private static final int MAX_MINUTES = 120;
  private static final Pattern FORM =
      Pattern.compile(
          "user-(?<id>[^-]+)(?:-region-[A-Za-z]{2})?"
              + "(?:-sessid-(?<session>[^-]+)(?:-sesstime-(?<minutes>[0-9]{1,4}))?)?");

  static SocksUser of(String name) {
    var form = FORM.matcher(name);
    if (!form.matches()) {
      return new SocksUser(name, "", Duration.ZERO);
    }
    var session = form.group("session");
    if (session == null) {
      return new SocksUser(form.group("id"), "", Duration.ZERO);
    }
    var minutes = form.group("minutes");
    return new SocksUser(
        form.group("id"),
        session,
        Duration.ofMinutes(minutes == null ? DEFAULT_MINUTES : Integer.parseInt(minutes)));
  }

  /** False where the session asks for less than a minute or more than two hours. */
  boolean isAllowed() {
    return session.isEmpty() || (keeps.toMinutes() >= 1 && keeps.toMinutes() <= MAX_MINUTES);
  }
}
