package io.centralita.http;

import io.centralita.http.Problem.FieldError;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A refusal on its way to the client. Carries no stack: it is an answer, not a bug, and a flood of
 * bad requests should cost little.
 */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.status() + ": " + problem.detail(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }

  /** 400: one field of the input is at fault. */
  public static ProblemException badRequest(String field, String reason) {
    return badRequest(List.of(new FieldError(field, reason)));
  }

  /** 400: these fields of the input are at fault. */
  public static ProblemException badRequest(List<FieldError> errors) {
    var detail = errors.stream().map(FieldError::toString).collect(Collectors.joining("; "));
    return new ProblemException(Problem.of(400, detail).withErrors(errors));
  }

  /** 401. */
  public static ProblemException unauthorized(String detail) {
    return new ProblemException(
        Problem.of(401, detail).withHeader("WWW-Authenticate", "Bearer realm=\"centralita\""));
  }

  /** 403. */
  public static ProblemException forbidden(String detail) {
    return new ProblemException(Problem.of(403, detail));
  }

  /** 404: there is no such thing. */
  public static ProblemException notFound(String what) {
    return new ProblemException(Problem.of(404, "there is no such " + what));
  }

  /** 409: it cannot be done now. */
  public static ProblemException conflict(String detail) {
    return new ProblemException(Problem.of(409, detail));
  }

  /**
   * 413.
   *
   * @param what the body is to its sender
   * @param wayOut what to do instead; may be empty
   */
  public static ProblemException tooLarge(String what, long limit, String wayOut) {
    return new ProblemException(
        Problem.of(
            413,
            "the %s may have %d bytes at most%s"
                .formatted(what, limit, wayOut.isEmpty() ? "" : ": " + wayOut)));
  }

  /** 415. */
  public static ProblemException unsupported(String detail) {
    return new ProblemException(Problem.of(415, detail));
  }

  /** 422: well-formed, and yet it cannot be used. */
  public static ProblemException unprocessable(String detail) {
    return new ProblemException(Problem.of(422, detail));
  }

  /** 503 with {@code Retry-After}. */
  public static ProblemException unavailable(String detail, Duration retryAfter) {
    return new ProblemException(Problem.unavailable(detail, retryAfter));
  }
}
