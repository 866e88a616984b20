package io.centralita.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.http.Problem.FieldError;
import io.centralita.http.ProblemException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What of a proxy is to be otherwise: what is left out stays; null takes away what may be absent.
 */
record ProxyChange(
    @Nullable String ip,
    @Nullable Integer portMin,
    @Nullable Integer portMax,
    @Nullable String username,
    @Nullable String password,
    @Nullable JsonNode user,
    @Nullable JsonNode callsAtOnce,
    @Nullable JsonNode callsPerSecond,
    @Nullable JsonNode sessionsAtOnce) {

  private static final String GIVE_AGAIN =
      "to be given again where ip, port_min or port_max changes: what is stored goes nowhere else";

  /**
   * The proxy as it is to be, checked as a new one is. Credentials stay where they are: whoever
   * moves a proxy elsewhere has to know them, lest he has them sent to himself.
   */
  NewProxy of(NewProxy before) {
    var credentials = before.credentials();
    var hasLogin = !credentials.userNames().isEmpty();
    var after = checked(before, credentials, hasLogin);
    if (hasLogin && moves(before, after)) {
      var missing = new ArrayList<FieldError>();
      if (username == null) {
        missing.add(new FieldError("username", GIVE_AGAIN));
      }
      if (password == null) {
        missing.add(new FieldError("password", GIVE_AGAIN));
      }
      if (!missing.isEmpty()) {
        throw ProblemException.badRequest(missing);
      }
    }
    return after;
  }

  private static boolean moves(NewProxy before, NewProxy after) {
    return !after.host().equals(before.host())
        || after.portMin() != before.portMin()
        || after.portMax() != before.portMax();
  }

  private NewProxy checked(NewProxy before, Credentials credentials, boolean hasLogin) {
    return ProxyInput.check(
        ip == null ? before.host() : ip,
        portMin == null ? before.portMin() : portMin,
        portMax == null ? before.portMax() : portMax,
        username != null ? username : hasLogin ? String.join("\n", credentials.userNames()) : null,
        password != null ? password : hasLogin ? credentials.password() : null,
        newUser(before.user()),
        whole("calls_at_once", callsAtOnce, before.callsAtOnce()),
        number("calls_per_second", callsPerSecond, before.callsPerSecond()),
        whole("sessions_at_once", sessionsAtOnce, before.sessionsAtOnce()));
  }

  /** Whose the proxy is to be; null for everybody's. */
  @Nullable String newUser(@Nullable String before) {
    if (user == null || user.isNull()) {
      return user == null ? before : null;
    }
    if (!user.isTextual()) {
      throw ProblemException.badRequest("user", "expected a string");
    }
    return user.textValue();
  }

  private static @Nullable Integer whole(
      String field, @Nullable JsonNode value, @Nullable Integer before) {
    if (value == null || value.isNull()) {
      return value == null ? before : null;
    }
    if (!value.isInt()) {
      throw ProblemException.badRequest(field, "expected a whole number");
    }
    return value.intValue();
  }

  private static @Nullable Double number(
      String field, @Nullable JsonNode value, @Nullable Double before) {
    if (value == null || value.isNull()) {
      return value == null ? before : null;
    }
    if (!value.isNumber()) {
      throw ProblemException.badRequest(field, "expected a number");
    }
    return value.doubleValue();
  }

  /** Nothing of a body may reach a log. */
  @Override
  public String toString() {
    return "ProxyChange[]";
  }
}
