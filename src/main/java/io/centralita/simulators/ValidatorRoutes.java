package io.centralita.simulators;

import io.centralita.http.Problem;
import io.centralita.scoring.Platform;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The validators' paths. Runs on the event loop; only {@link #faults} is used by other threads. */
final class ValidatorRoutes {
  private static final ValidatorReply NO_PATH =
      ValidatorReply.problem(404, Problem.of(404, "there is nothing at this path"));

  /** A service and how it is asked. */
  private record Service(
      ValidatorService name, ValidatorContract contract, HttpMethod method, ValidatorTally tally) {}

  private final Delayed delayed;
  private final String token;
  private final Map<String, Service> checks = new HashMap<>();
  private final Service telnyx;
  private final Service twilio;
  private final Service rbm;
  private volatile ValidatorMood mood;

  ValidatorRoutes(
      Vertx vertx,
      Map<ValidatorService, ValidatorTally> tallies,
      ValidatorSimulator.Options options) {
    this.delayed = new Delayed(vertx);
    this.token = options.token();
    this.mood = ValidatorMood.of(options.faults());
    var seed = options.seed();
    for (var platform : Platform.values()) {
      checks.put(
          prefix(platform) + "/check",
          service(
              ValidatorService.of(platform),
              new CheckContract(platform, seed),
              HttpMethod.POST,
              tallies));
    }
    telnyx = service(ValidatorService.TELNYX, new TelnyxContract(seed), HttpMethod.GET, tallies);
    twilio = service(ValidatorService.TWILIO, new TwilioContract(seed), HttpMethod.GET, tallies);
    rbm = service(ValidatorService.RBM, new RbmContract(seed), HttpMethod.GET, tallies);
  }

  /** Where a platform's paths begin. */
  static String prefix(Platform platform) {
    return "/" + platform.name().toLowerCase(Locale.ROOT);
  }

  ValidatorFaults faults() {
    return mood.faults();
  }

  void faults(ValidatorFaults faults) {
    mood = ValidatorMood.of(faults);
  }

  void handle(HttpServerRequest request, String path) {
    var check = checks.get(path);
    if (check != null) {
      ask(request, check, "");
    } else if (path.startsWith(TelnyxContract.PATH)) {
      ask(request, telnyx, number(path, TelnyxContract.PATH, ""));
    } else if (path.startsWith(TwilioContract.PATH)) {
      ask(request, twilio, number(path, TwilioContract.PATH, ""));
    } else if (path.startsWith(RbmContract.PATH) && path.endsWith(RbmContract.END)) {
      ask(request, rbm, number(path, RbmContract.PATH, RbmContract.END));
    } else if (path.equals(RbmTokens.PATH) && request.method().equals(HttpMethod.POST)) {
      request.body().onSuccess(form -> reply(request, RbmTokens.answer(form, token)));
    } else {
      reply(request, NO_PATH);
    }
  }

  private void ask(HttpServerRequest request, Service service, String number) {
    service.tally().call();
    if (mood.faults().down().contains(service.name())) {
      service.tally().whileDown();
      var _ = request.connection().close();
    } else if (!request.method().equals(service.method())) {
      service.tally().refused();
      reply(request, NO_PATH);
    } else if (!service.contract().admits(authorization(request), token)) {
      service.tally().unauthorized();
      reply(request, service.contract().unauthorized());
    } else {
      letIn(request, service, number);
    }
  }

  private void letIn(HttpServerRequest request, Service service, String number) {
    var wait = mood.secondsToWait(service.name());
    if (wait > 0) {
      service.tally().rateLimited();
      request.response().putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(wait));
      reply(request, service.contract().tooMany());
    } else {
      request.body().onSuccess(body -> read(request, service, number, body));
    }
  }

  private void read(HttpServerRequest request, Service service, String number, Buffer body) {
    switch (service.contract().question(request, number, body, mood.faults())) {
      case ValidatorContract.Refused(var refusal) -> {
        service.tally().refused();
        reply(request, refusal);
      }
      case ValidatorContract.Asked asked -> answer(request, service, asked);
    }
  }

  private void answer(HttpServerRequest request, Service service, ValidatorContract.Asked asked) {
    var now = mood;
    var fault = now.dice().next();
    service.tally().asked(asked.numbers(), fault);
    var contract = service.contract();
    switch (fault) {
      case null -> replyTruth(request, service, contract.answer(asked, null, now));
      case LEFT_OUT, STRANGER, TWICE, WRONG_TYPES ->
          replyTruth(request, service, contract.answer(asked, fault, now));
      case SERVER_ERROR -> reply(request, contract.serverError());
      case HTML -> reply(request, ValidatorReply.PAGE);
      case CUT -> {
        var whole = contract.answer(asked, null, now);
        later(request, () -> Delayed.half(request, head(request, whole)));
      }
      case HANG -> {} // the client's own time-out must end it
    }
  }

  private void replyTruth(HttpServerRequest request, Service service, ValidatorReply reply) {
    later(
        request,
        () -> {
          service.tally().answered(reply.answered()); // before the client can ask for the count
          request.response().end(head(request, reply));
        });
  }

  private void reply(HttpServerRequest request, ValidatorReply reply) {
    later(request, () -> request.response().end(head(request, reply)));
  }

  private void later(HttpServerRequest request, Runnable write) {
    delayed.write(request, mood.dice().latencyMs(), write);
  }

  /** Sets status and headers for the whole body that it returns. */
  private static Buffer head(HttpServerRequest request, ValidatorReply reply) {
    request
        .response()
        .setStatusCode(reply.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, reply.type())
        .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(reply.body().length()));
    return reply.body();
  }

  private static @Nullable String authorization(HttpServerRequest request) {
    return request.getHeader(HttpHeaders.AUTHORIZATION);
  }

  /** The path's number, whose plus may be encoded. */
  private static String number(String path, String before, String after) {
    return path.substring(before.length(), path.length() - after.length())
        .replace("%2B", "+")
        .replace("%2b", "+");
  }

  private static Service service(
      ValidatorService name,
      ValidatorContract contract,
      HttpMethod method,
      Map<ValidatorService, ValidatorTally> tallies) {
    return new Service(name, contract, method, Objects.requireNonNull(tallies.get(name)));
  }
}
