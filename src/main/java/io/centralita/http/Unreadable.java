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
    // The error's detail repeats what was sent; its summary names the rule.
    log.info("unreadable request: {}", status.intValue());
    return Errors.response(Problem.of(status.intValue(), "the request is not well-formed HTTP"));
  }
}
