package io.centralita.validation;

import io.centralita.outside.Headers;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.OutsideException;
import io.centralita.outside.Request;
import io.centralita.outside.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A service account's access token, got by RFC 7523 when it is first needed and again shortly
 * before it expires. Thread-safe; whoever needs one while it is being got waits for the same.
 */
final class AccessTokens {

  /** What came of asking for a token. */
  sealed interface Answer {}

  /** A token, told apart by identity; never shown. */
  static final class Token implements Answer {
    private final String text;
    private final Instant until;

    private Token(String text, Instant until) {
      this.text = text;
      this.until = until;
    }

    String text() {
      return text;
    }
  }

  /** There is none, and why. */
  record Refused(String why) implements Answer {}

  private static final String SCOPE = "https://www.googleapis.com/auth/rcsbusinessmessaging";
  private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final Duration EARLY = Duration.ofMinutes(1);
  private static final Headers HEADERS =
      Headers.of("Content-Type", "application/x-www-form-urlencoded", "Accept", "application/json");

  private final ServiceAccount account;
  private final Duration timeout;
  private final OutsideClient client;
  private final InstantSource clock;
  private @Nullable Token token; // guarded by this
  private @Nullable CompletableFuture<Answer> coming; // guarded by this

  AccessTokens(
      ServiceAccount account, Duration timeout, OutsideClient client, InstantSource clock) {
    this.account = account;
    this.timeout = timeout;
    this.client = client;
    this.clock = clock;
  }

  /** A token that is good now. The stage does not fail. */
  CompletionStage<Answer> current() {
    CompletableFuture<Answer> mine;
    synchronized (this) {
      var present = token;
      if (present != null && clock.instant().isBefore(present.until.minus(EARLY))) {
        return CompletableFuture.completedStage(present);
      }
      var already = coming;
      if (already != null) {
        return already;
      }
      mine = new CompletableFuture<>();
      coming = mine;
    }
    get()
        .whenComplete(
            (answer, failure) -> {
              var known = failure == null ? answer : new Refused("no access token: a fault");
              synchronized (this) {
                token = known instanceof Token granted ? granted : null;
                coming = null;
              }
              mine.complete(known);
            });
    return mine;
  }

  /** Takes a token for bad, which was refused. */
  synchronized void forget(Token refused) {
    if (token == refused) {
      token = null;
    }
  }

  private CompletionStage<Answer> get() {
    var now = clock.instant();
    var body =
        "grant_type="
            + URLEncoder.encode(GRANT, StandardCharsets.UTF_8)
            + "&assertion="
            + account.assertion(SCOPE, now);
    return client
        .send(
            Request.post(
                account.tokenUri(), HEADERS, body.getBytes(StandardCharsets.US_ASCII), timeout))
        .handle(
            (response, failure) ->
                response == null ? new Refused(reason(failure)) : granted(response, now));
  }

  private static String reason(@Nullable Throwable failure) {
    var cause = failure instanceof CompletionException e ? e.getCause() : failure;
    return "no access token: "
        + (cause instanceof OutsideException outside ? outside.reason() : "a fault");
  }

  private static Answer granted(Response response, Instant now) {
    var answer = Replies.json(response);
    var text = answer.path("access_token").asText();
    var seconds = answer.path("expires_in").asLong();
    return response.status() == 200 && !text.isEmpty() && seconds > 0
        ? new Token(text, now.plusSeconds(seconds))
        : new Refused("no access token: the account was answered " + response.status());
  }
}
