package io.centralita.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.http.scaladsl.model.ExceptionWithErrorInfo;
import org.apache.pekko.pattern.StatusReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The one place where failures become answers. */
public final class Errors {
  private static final Logger log = LoggerFactory.getLogger(Errors.class);

  private static final ContentType.WithFixedCharset PROBLEM_JSON =
      ContentTypes.create(
          MediaTypes.customWithFixedCharset(
              "application", "problem+json", HttpCharsets.UTF_8, java.util.Map.of(), false));

  private final List<Function<Throwable, Optional<Problem>>> hooks;

  /**
   * @param hooks what other packages know of their own exceptions; the first that knows decides
   */
  public Errors(List<Function<Throwable, Optional<Problem>>> hooks) {
    this.hooks = List.copyOf(hooks);
  }

  /** The route, with every rejection and every exception answered as a problem. */
  public Route seal(Route route) {
    return route.seal(
        Rejected.handler(), ExceptionHandler.newBuilder().matchAny(this::failed).build());
  }

  /** What a failure means to a client; empty where it is a bug of ours. */
  public Optional<Problem> known(Throwable failure) {
    var cause = unwrapped(failure);
    for (var hook : hooks) {
      var problem = hook.apply(cause);
      if (problem.isPresent()) {
        return problem;
      }
    }
    return switch (cause) {
      case ProblemException e -> Optional.of(e.problem());
      case StatusReply.ErrorMessage e -> Optional.of(Problem.of(409, message(e)));
      case TimeoutException _ ->
          Optional.of(Problem.unavailable("no answer in time, try again", Duration.ofSeconds(1)));
      case EntityStreamSizeException e ->
          Optional.of(ProblemException.tooLarge("body", e.limit(), "").problem());
      // A URI, header or entity that the server could not read. Its message may repeat the input.
      case ExceptionWithErrorInfo _ ->
          Optional.of(Problem.of(400, "the request is not well-formed HTTP"));
      default -> Optional.empty();
    };
  }

  /** The failure behind what stages and futures wrap around it. */
  static Throwable unwrapped(Throwable failure) {
    var cause = failure.getCause();
    var wraps = failure instanceof CompletionException || failure instanceof ExecutionException;
    return wraps && cause != null ? unwrapped(cause) : failure;
  }

  /** The problem as an answer. */
  public static HttpResponse response(Problem problem) {
    var response = response(problem.status(), Json.text(problem));
    for (var header : problem.headers().entrySet()) {
      response = response.addHeader(RawHeader.create(header.getKey(), header.getValue()));
    }
    return response;
  }

  /** A problem that is written already. */
  public static HttpResponse response(int status, String problem) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(HttpEntities.create(PROBLEM_JSON, problem.getBytes(StandardCharsets.UTF_8)));
  }

  private Route failed(Throwable failure) {
    return extractRequest(
        request ->
            complete(
                response(known(failure).orElseGet(() -> bug(failure, RequestId.of(request))))));
  }

  private static Problem bug(Throwable failure, String requestId) {
    try (var _ = MDC.putCloseable(RequestId.MDC_KEY, requestId)) {
      log.error("a request failed", unwrapped(failure));
    }
    return Problem.of(500, "the server failed; report the request id").withRequestId(requestId);
  }

  private static String message(Throwable failure) {
    var message = failure.getMessage();
    return message == null ? "it cannot be done now" : message;
  }
}
