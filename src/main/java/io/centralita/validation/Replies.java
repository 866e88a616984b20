package io.centralita.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.centralita.http.Json;
import io.centralita.outside.OutsideException;
import io.centralita.outside.Response;
import io.centralita.outside.RetryAfter;
import io.centralita.validation.Validator.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What HTTP services have in common when they are asked about numbers. */
final class Replies {
  /** No service is obeyed for longer. */
  static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private static final Duration ORDINARY_PAUSE = Duration.ofSeconds(1);

  private Replies() {}

  /**
   * What came of a call: 429, refused credentials and calls that failed mean the same with all.
   *
   * @param read makes something of any other answer
   */
  static CompletionStage<Reply> of(
      CompletionStage<Response> sent, InstantSource clock, Function<Response, Reply> read) {
    return sent.handle(
        (response, failure) -> {
          if (response == null) {
            return new Reply.Broken(reason(failure));
          }
          return switch (response.status()) {
            case 429 -> new Reply.Throttled(pause(response, clock));
            case 401, 403 -> new Reply.Broken("it refuses the credentials");
            default -> read.apply(response);
          };
        });
  }

  private static String reason(@Nullable Throwable failure) {
    var cause = failure instanceof CompletionException e ? e.getCause() : failure;
    if (cause instanceof OutsideException outside) {
      return outside.reason();
    }
    throw new CompletionException(failure);
  }

  private static Duration pause(Response response, InstantSource clock) {
    return RetryAfter.parse(response.headers().first("Retry-After"), clock.instant(), LONGEST_PAUSE)
        .orElse(ORDINARY_PAUSE);
  }

  /** The answer to a status that nothing was expected of. */
  static Reply.Broken unexpected(Response response) {
    return new Reply.Broken("it answered " + response.status());
  }

  /** An answer's body; missing where it is no JSON. */
  static JsonNode json(Response response) {
    try {
      return Json.MAPPER.readTree(response.body());
    } catch (IOException _) {
      return MissingNode.getInstance();
    }
  }
}
