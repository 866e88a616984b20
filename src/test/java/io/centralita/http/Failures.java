package io.centralita.http;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.path;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.pattern.StatusReply;

/** Routes that fail, each in its own way. */
final class Failures {
  private Failures() {}

  /** A failure that only a hook knows. */
  static final class Foreign extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  static Optional<Problem> known(Throwable failure) {
    return failure instanceof Foreign
        ? Optional.of(Problem.of(418, "a hook knows this"))
        : Optional.empty();
  }

  static Route route() {
    return concat(
        failing("bug", new IllegalStateException("the secret is 600123456")),
        failing("refused", new StatusReply.ErrorMessage("cannot pause a file that is paused")),
        failing("wrapped", new CompletionException(ProblemException.notFound("file"))),
        failing("timeout", new TimeoutException("ask")),
        failing("foreign", new Foreign()),
        path(
            "thrown",
            () -> {
              throw ProblemException.forbidden("not you");
            }),
        path("never", () -> onSuccess(new CompletableFuture<String>(), v -> complete(v))));
  }

  private static Route failing(String name, Throwable failure) {
    return path(
        name, () -> onSuccess(CompletableFuture.<String>failedFuture(failure), v -> complete(v)));
  }
}
