package io.centralita.validation;

import io.centralita.http.Json;
import io.centralita.outside.Headers;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.Request;
import io.centralita.outside.Response;
import io.centralita.scoring.Evidence.Status;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Whether Google's RCS reaches a phone: {@code GET /v1/phones/{number}/capabilities} of RCS
 * Business Messaging, one number a call. Reached is ACTIVE; not reached is NOT_FOUND, whether for
 * want of RCS or because the carrier has not launched the agent.
 */
final class RbmCapabilities implements Validator {
  private final Source.Rbm rbm;
  private final AccessTokens tokens;
  private final Duration timeout;
  private final OutsideClient client;
  private final InstantSource clock;

  RbmCapabilities(Source.Rbm rbm, Duration timeout, OutsideClient client, InstantSource clock) {
    this.rbm = rbm;
    this.tokens = new AccessTokens(rbm.account(), timeout, client, clock);
    this.timeout = timeout;
    this.client = client;
    this.clock = clock;
  }

  @Override
  public String method() {
    return "rbm";
  }

  @Override
  public int largestBatch() {
    return 1;
  }

  @Override
  public CompletionStage<Reply> check(List<Long> phones) {
    var phone = phones.getFirst();
    return tokens
        .current()
        .thenCompose(
            token ->
                switch (token) {
                  case AccessTokens.Refused(var why) ->
                      CompletableFuture.completedStage(new Reply.Broken(why));
                  case AccessTokens.Token granted -> ask(phone, granted);
                });
  }

  private CompletionStage<Reply> ask(long phone, AccessTokens.Token token) {
    var uri =
        URI.create(
            "%s/v1/phones/%%2B%d/capabilities?requestId=%s&agentId=%s"
                .formatted(rbm.url(), phone, UUID.randomUUID(), rbm.agentId()));
    var headers =
        Headers.of("Accept", "application/json", "Authorization", "Bearer " + token.text());
    return Replies.of(
        client
            .send(Request.get(uri, headers, timeout))
            .thenApply(
                response -> {
                  if (response.status() == 401) {
                    tokens.forget(token); // the next call gets another
                  }
                  return response;
                }),
        clock,
        response -> answered(response, phone));
  }

  private static Reply answered(Response response, long phone) {
    return switch (response.status()) {
      case 200 -> {
        var features = Replies.json(response).path("features");
        yield features.isArray()
            ? new Reply.Answered(
                Map.of(
                    phone, Verdict.of(Status.ACTIVE).with(Json.text(Map.of("features", features)))))
            : new Reply.Answered(Map.of());
      }
      case 404 ->
          // A wrong address answers 404, too.
          "NOT_FOUND".equals(Replies.json(response).path("error").path("status").textValue())
              ? new Reply.Answered(Map.of(phone, Verdict.of(Status.NOT_FOUND)))
              : Replies.unexpected(response);
      default -> Replies.unexpected(response);
    };
  }
}
