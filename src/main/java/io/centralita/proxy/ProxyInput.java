package io.centralita.proxy;

import io.centralita.access.Names;
import io.centralita.http.Problem.FieldError;
import io.centralita.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy is said to be, checked: every fault by the name of its field, and none of them with
 * the value.
 */
final class ProxyInput {
  /** More than any proxy is given. */
  static final int MOST_CALLS_AT_ONCE = 100_000;

  private static final int MOST_USER_NAMES = 1000;
  private static final int MOST_BYTES = 255; // RFC 1929 counts each in one byte
  private static final int LONGEST_HOST = 253;
  private static final Pattern HOST =
      Pattern.compile("[a-z0-9]([a-z0-9_.-]*[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*");
  private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.|$)){4}");

  private final List<FieldError> errors = new ArrayList<>();

  /** The whole of a proxy; the problem (400) names every field at fault. */
  static NewProxy check(
      String ip,
      int portMin,
      int portMax,
      @Nullable String username,
      @Nullable String password,
      @Nullable String user,
      @Nullable Integer callsAtOnce,
      @Nullable Double callsPerSecond,
      @Nullable Integer sessionsAtOnce) {
    var input = new ProxyInput();
    var host = input.host(ip);
    input.ports(portMin, portMax);
    var credentials = input.credentials(username, password);
    input.limit("calls_at_once", callsAtOnce, MOST_CALLS_AT_ONCE);
    input.limit("sessions_at_once", sessionsAtOnce, 100_000);
    if (callsPerSecond != null && !(callsPerSecond >= 0.01 && callsPerSecond <= 100_000)) {
      input.wrong("calls_per_second", "not between 0.01 and 100000");
    }
    if (!input.errors.isEmpty()) {
      throw ProblemException.badRequest(input.errors);
    }
    return new NewProxy(
        host,
        portMin,
        portMax,
        credentials,
        user == null ? null : Names.check("user", user),
        callsAtOnce,
        callsPerSecond,
        sessionsAtOnce);
  }

  private String host(String text) {
    var host = text.strip().toLowerCase(Locale.ROOT);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isEmpty()) {
      wrong("ip", "empty");
    } else if (host.length() > LONGEST_HOST) {
      wrong("ip", "longer than " + LONGEST_HOST + " characters");
    } else if (!HOST.matcher(host).matches()
        || (DIGITS_AND_DOTS.matcher(host).matches() && !IPV4.matcher(host).matches())) {
      wrong("ip", "not an address or the name of a host");
    }
    return host;
  }

  private void ports(int least, int most) {
    var before = errors.size();
    for (var port : List.of(new Port("port_min", least), new Port("port_max", most))) {
      if (port.number() < 1 || port.number() > 65_535) {
        wrong(port.field(), "not between 1 and 65535");
      }
    }
    if (errors.size() == before && most < least) {
      wrong("port_max", "less than port_min");
    }
  }

  private record Port(String field, int number) {}

  private Credentials credentials(@Nullable String username, @Nullable String password) {
    if (username == null && password == null) {
      return new Credentials(List.of(), ""); // it asks nobody to log in
    }
    if (username == null || password == null) {
      wrong(
          username == null ? "username" : "password",
          "a user name and a password come together or not at all");
      return new Credentials(List.of(), "");
    }
    var names = new LinkedHashSet<String>();
    for (var line : username.split("\\R", -1)) {
      var name = line.strip();
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    var credentials = new Credentials(List.copyOf(names), password);
    names(credentials);
    if (password.isEmpty()) {
      wrong("password", "empty");
    } else if (bytes(password) > MOST_BYTES) {
      wrong("password", "longer than " + MOST_BYTES + " bytes");
    } else if (password.chars().anyMatch(Character::isISOControl)) {
      wrong("password", "has a control character");
    }
    return credentials;
  }

  private void names(Credentials credentials) {
    var names = credentials.userNames();
    if (names.isEmpty()) {
      wrong("username", "empty");
    } else if (names.size() > MOST_USER_NAMES) {
      wrong("username", "more than " + MOST_USER_NAMES + " lines");
    }
    for (var i = 0; i < names.size(); i++) {
      var name = names.get(i);
      var sent = credentials.namesSessions(i) ? Credentials.inSession(name, "x".repeat(12)) : name;
      if (bytes(sent) > MOST_BYTES) {
        wrong("username", "line " + (i + 1) + " is longer than 255 bytes with a session in it");
        return;
      }
      if (name.chars().anyMatch(Character::isISOControl)) {
        wrong("username", "line " + (i + 1) + " has a control character");
        return;
      }
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private void limit(String field, @Nullable Integer value, int most) {
    if (value != null && (value < 1 || value > most)) {
      wrong(field, "not between 1 and " + most);
    }
  }

  private void wrong(String field, String reason) {
    errors.add(new FieldError(field, reason));
  }
}
