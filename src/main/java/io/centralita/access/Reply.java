package io.centralita.access;

import io.centralita.http.Json;
import io.centralita.http.Problem;

/**
 * The answer to a POST, as it is sent and as it is kept for repetitions.
 *
 * @param body JSON; empty where the status has no body
 * @param keptStatus what a repetition is answered: usually the same
 */
public record Reply(int status, String body, int keptStatus, String keptBody) {

  /** An answer with a value in it. */
  public static Reply of(int status, Object value) {
    var body = Json.text(value);
    return new Reply(status, body, status, body);
  }

  /** An answer with a secret in it, which is told this once; a repetition gets the problem. */
  public static Reply once(int status, Object value, Problem repeated) {
    return new Reply(status, Json.text(value), repeated.status(), Json.text(repeated));
  }

  static Reply of(Problem problem) {
    return of(problem.status(), problem);
  }

  static Reply kept(int status, String body) {
    return new Reply(status, body, status, body);
  }
}
