package io.centralita.access;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;

import io.centralita.access.Claims.Claim;
import io.centralita.db.Db;
import io.centralita.http.Errors;
import io.centralita.http.Problem;
import io.centralita.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * POSTs that may be repeated safely: with the header {@code Idempotency-Key} the work is done once,
 * and its answer kept for a day and given again.
 *
 * <p>Kept are answers that a repetition cannot better. After 400, 401, 403, 413, 415 and 5xx the
 * key is free again.
 */
public final class Idempotency {
  private static final Logger log = LoggerFactory.getLogger(Idempotency.class);
  private static final Pattern VISIBLE_ASCII = Pattern.compile("[!-~]{1,255}");
  private static final Set<Integer> BETTERED_BY_REPETITION = Set.of(400, 401, 403, 413, 415, 429);
  private static final int LONGEST_KEPT = 1 << 20;
  private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(10);

  private final Claims claims;
  private final Errors errors;
  private final InstantSource clock;
  private final AtomicReference<Instant> nextSweep;

  public Idempotency(Db db, Errors errors, InstantSource clock) {
    this.claims = new Claims(db);
    this.errors = errors;
    this.clock = clock;
    this.nextSweep = new AtomicReference<>(clock.instant());
  }

  /**
   * Does the work, or repeats the answer of the first request with this key.
   *
   * @param bodyHash any text that tells this body from others
   * @param work must itself be harmless to repeat: a node may die between the work and the keeping
   *     of its answer
   */
  public Route idempotent(Principal who, String bodyHash, Supplier<CompletionStage<Reply>> work) {
    return extractRequest(
        request -> {
          var key = request.getHeader("Idempotency-Key").map(header -> header.value());
          if (key.isEmpty()) {
            return onSuccess(work.get(), reply -> complete(response(reply)));
          }
          if (!VISIBLE_ASCII.matcher(key.get()).matches()) {
            throw ProblemException.badRequest(
                "Idempotency-Key", "expected 1 to 255 visible ASCII characters");
          }
          sweepNowAndThen();
          var claim = claims.take(who.keyId(), key.get(), fingerprint(request, bodyHash));
          return onSuccess(claim, c -> answer(who, key.get(), c, work));
        });
  }

  private Route answer(
      Principal who, String key, Claim claim, Supplier<CompletionStage<Reply>> work) {
    return switch (claim) {
      case Claim.First first ->
          onSuccess(run(who, key, first.claim(), work), reply -> complete(response(reply)));
      case Claim.Answered answered ->
          complete(
              response(answered.reply())
                  .addHeader(RawHeader.create("Idempotent-Replayed", "true")));
      case Claim.UnderWay _ ->
          throw new ProblemException(
              Problem.of(409, "a request with this Idempotency-Key is under way")
                  .withHeader("Retry-After", "1"));
      case Claim.OtherRequest _ ->
          throw ProblemException.unprocessable(
              "this Idempotency-Key was used with another request");
    };
  }

  private CompletionStage<Reply> run(
      Principal who, String key, UUID claim, Supplier<CompletionStage<Reply>> work) {
    return CompletableFuture.completedStage(work)
        .thenCompose(Supplier::get)
        .handle((reply, failure) -> settle(who, key, claim, reply, failure))
        .thenCompose(Function.identity());
  }

  private CompletionStage<Reply> settle(
      Principal who, String key, UUID claim, @Nullable Reply reply, @Nullable Throwable failure) {
    var kept =
        reply == null && failure != null
            ? errors.known(failure).map(Reply::of)
            : Optional.ofNullable(reply);
    CompletionStage<Reply> result =
        reply == null && failure != null
            ? CompletableFuture.failedStage(failure)
            : CompletableFuture.completedStage(reply);
    var stored =
        kept.filter(Idempotency::isDefinite)
            .map(definite -> claims.keep(who.keyId(), key, claim, definite))
            .orElseGet(() -> claims.forget(who.keyId(), key, claim));
    // The work is done, or has failed, whatever becomes of the row: the client is told so.
    return stored
        .exceptionally(
            e -> {
              log.warn("an answer could not be kept for repetitions", e);
              return 0;
            })
        .thenCompose(_ -> result);
  }

  private static boolean isDefinite(Reply reply) {
    return reply.status() < 500
        && !BETTERED_BY_REPETITION.contains(reply.status())
        && reply.keptBody().length() <= LONGEST_KEPT;
  }

  // A last slash makes no difference to a path, so it makes none to the request.
  private static String fingerprint(HttpRequest request, String bodyHash) {
    var path = request.getUri().path();
    var text =
        String.join(
            "\n",
            request.method().value(),
            path.endsWith("/") ? path.substring(0, path.length() - 1) : path,
            request.getUri().rawQueryString().orElse(""),
            bodyHash);
    return HexFormat.of().formatHex(KeyText.hash(text));
  }

  private static HttpResponse response(Reply reply) {
    if (reply.status() >= 400) {
      return Errors.response(reply.status(), reply.body());
    }
    var response = HttpResponse.create().withStatus(reply.status());
    return reply.body().isEmpty()
        ? response
        : response.withEntity(
            HttpEntities.create(
                ContentTypes.APPLICATION_JSON, reply.body().getBytes(StandardCharsets.UTF_8)));
  }

  private void sweepNowAndThen() {
    var now = clock.instant();
    var due = nextSweep.get();
    if (!now.isBefore(due) && nextSweep.compareAndSet(due, now.plus(BETWEEN_SWEEPS))) {
      claims
          .sweep()
          .whenComplete(
              (_, failure) -> {
                if (failure != null) {
                  log.warn("old Idempotency-Keys could not be removed", failure);
                }
              });
    }
  }
}
