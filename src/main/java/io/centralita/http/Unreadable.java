package io.centralita.http;

import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * The answer to what is not even an HTTP request. Named in the server's settings and loaded by
 * pekko-http, which looks for a Scala object: hence the field's name.
 */
public final class Unreadable extends ParsingErrorHandler {
  public static final Unreadable MODULE$ = new Unreadable();

  private Unreadable() {}

  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
    var problem = problem(status.intValue(), error.summary());
    var id = RequestId.random();
    log.info("unreadable request {}: {}", id, problem.status());
    return HttpServer.withHeaders(Errors.response(problem), id);
  }

  // The error's own words may repeat what was sent; only one of its summaries is looked at.
  private static Problem problem(int status, String summary) {
    if (status == 431 || summary.contains("more than the configured limit of")) {
      return Problem.of(431, "the request's headers are too many or too long: 64 of 8 KiB at most");
    }
    return Problem.of(
        status,
        switch (status) {
          case 414 -> "the request's path and query are too long: 2 KiB at most";
          case 501 -> "the request's method or transfer encoding is not understood";
          case 505 -> "the request's version of HTTP is not understood: use 1.1";
          default -> "the request is not well-formed HTTP";
        });
  }
}
