package io.centralita.simulators;

import io.vertx.core.Vertx;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** The portal's paths. Runs on the event loop; only {@link #faults} is used by other threads. */
final class PortalRoutes {
  private static final String LOOKUP = "/v2/operators/by-line-code/";
  private static final String SESSION_COOKIE = "digi_session";
  private static final String TOKEN_COOKIE = "store_access_token";

  private static final Map<PortalNumbering.Answer, PortalReply> TRUTH =
      replies(UnaryOperator.identity());
  private static final Map<PortalNumbering.Answer, PortalReply> TRUNCATED =
      replies(PortalReply::truncated);

  /** The settings, with what begins anew when they change. */
  private record Mood(Faults faults, Dice<Faults.Kind> dice, RateLimit limit) {
    static Mood of(Faults faults) {
      return new Mood(
          faults,
          new Dice<>(faults.shares(), faults.latencyMinMs(), faults.latencyMaxMs(), faults.seed()),
          new RateLimit(faults.requestsPerSecond(), System.nanoTime()));
    }
  }

  private final Delayed delayed;
  private final PortalTally tally;
  private final PortalSessions sessions;
  private volatile Mood mood;
  private boolean lastExpiredWas401;

  PortalRoutes(Vertx vertx, PortalTally tally, Faults faults, InstantSource clock) {
    this.delayed = new Delayed(vertx);
    this.tally = tally;
    this.sessions = new PortalSessions(clock, new SplittableRandom(faults.seed()));
    this.mood = Mood.of(faults);
  }

  Faults faults() {
    return mood.faults();
  }

  void faults(Faults faults) {
    mood = Mood.of(faults);
  }

  void handle(HttpServerRequest request, String path) {
    tally.request();
    var get = request.method().equals(HttpMethod.GET);
    var post = request.method().equals(HttpMethod.POST);
    var wait = mood.limit().secondsToWait(System.nanoTime());
    if (wait > 0) {
      tally.rateLimited();
      request.response().putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(wait));
      reply(request, PortalReply.TOO_MANY);
    } else if (get && path.startsWith(LOOKUP)) {
      lookUp(request, path.substring(LOOKUP.length()));
    } else if (post && path.equals("/v2/login/online")) {
      request.body().onSuccess(body -> logIn(request, body.length()));
    } else if (get && path.equals("/")) {
      home(request);
    } else if (post && path.equals("/v1/users/login")) {
      reply(request, PortalReply.UNAUTHORIZED); // an older contract's log-in, closed for good
    } else if (path.equals("/v2/operators") && request.getCookie(TOKEN_COOKIE) == null) {
      reply(request, PortalReply.UNAUTHORIZED);
    } else {
      reply(request, PortalReply.NOT_FOUND);
    }
  }

  private void home(HttpServerRequest request) {
    tally.homePage();
    request
        .response()
        .addCookie(cookie(request, SESSION_COOKIE, sessions.open()))
        .addCookie(cookie(request, "digi_locale", "es"));
    reply(request, PortalReply.HOME);
  }

  private void logIn(HttpServerRequest request, int bodyLength) {
    var session = request.getCookie(SESSION_COOKIE);
    if (bodyLength > 0) {
      tally.loginFailed();
      reply(request, PortalReply.BODY_NOT_EMPTY);
    } else if (session == null || !sessions.isOpen(session.getValue())) {
      tally.loginFailed();
      reply(request, PortalReply.UNAUTHORIZED);
    } else if (mood.dice().hits(mood.faults().loginFailureShare())) {
      tally.loginFailed();
      // 200 without the token cookie is a failure too: only the cookie tells.
      reply(
          request,
          mood.dice().oneOf(PortalReply.UNAVAILABLE, PortalReply.FORBIDDEN, PortalReply.LOGGED_IN));
    } else {
      tally.loggedIn();
      request.response().addCookie(cookie(request, TOKEN_COOKIE, sessions.issueToken()));
      reply(request, PortalReply.LOGGED_IN);
    }
  }

  private void lookUp(HttpServerRequest request, String lineCode) {
    var token = request.getCookie(TOKEN_COOKIE);
    var access =
        token == null
            ? PortalSessions.Access.UNKNOWN
            : sessions.use(token.getValue(), mood.faults());
    switch (access) {
      case UNKNOWN -> {
        tally.unauthorized();
        reply(request, PortalReply.UNAUTHORIZED);
      }
      case EXPIRED -> {
        tally.expired();
        lastExpiredWas401 = !lastExpiredWas401;
        reply(request, lastExpiredWas401 ? PortalReply.UNAUTHORIZED : PortalReply.EXPIRED);
      }
      case GRANTED -> {
        if (isLineCode(lineCode)) {
          answer(request, Integer.parseInt(lineCode));
        } else {
          reply(request, PortalReply.BAD_LINE_CODE);
        }
      }
    }
  }

  private void answer(HttpServerRequest request, int number) {
    var fault = mood.dice().next();
    tally.asked(number, fault);
    var answer = PortalNumbering.answerFor(number);
    var truth = Objects.requireNonNull(TRUTH.get(answer));
    switch (fault) {
      case null -> later(request, () -> sendTruth(request, number, truth));
      case SERVER_ERROR ->
          reply(
              request,
              mood.dice()
                  .oneOf(PortalReply.INTERNAL, PortalReply.BAD_GATEWAY, PortalReply.UNAVAILABLE));
      case FORBIDDEN -> reply(request, PortalReply.FORBIDDEN);
      case HTML -> reply(request, PortalReply.MAINTENANCE);
      case TRUNCATED -> reply(request, Objects.requireNonNull(TRUNCATED.get(answer)));
      case MALFORMED -> reply(request, PortalReply.MALFORMED);
      case CUT -> later(request, () -> Delayed.half(request, head(request, truth).content()));
      case HANG -> {} // the client's own time-out must end it
      case NOT_FOUND_HTML -> reply(request, PortalReply.NOT_FOUND);
      case REDIRECT -> {
        request.response().putHeader(HttpHeaders.LOCATION, "/mantenimiento");
        reply(request, PortalReply.MOVED);
      }
    }
  }

  private void reply(HttpServerRequest request, PortalReply reply) {
    later(request, () -> send(request, reply));
  }

  private void later(HttpServerRequest request, Runnable write) {
    delayed.write(request, mood.dice().latencyMs(), write);
  }

  private void sendTruth(HttpServerRequest request, int number, PortalReply reply) {
    tally.answered(number); // before the client can have it, and ask for the count
    send(request, reply);
  }

  private void send(HttpServerRequest request, PortalReply reply) {
    request.response().end(head(request, reply).content());
  }

  /** Sets status and headers for the whole body that it returns. */
  private PortalReply.Body head(HttpServerRequest request, PortalReply reply) {
    var response = request.response().setStatusCode(reply.status());
    var body = reply.plain();
    if (mood.faults().compress() && acceptsGzip(request)) {
      body = reply.gzipped();
      response.putHeader(HttpHeaders.CONTENT_ENCODING, PortalReply.GZIP);
    }
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, reply.type())
        .putHeader(HttpHeaders.CONTENT_LENGTH, body.length());
    return body;
  }

  private static boolean acceptsGzip(HttpServerRequest request) {
    var accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
    return accepted != null && accepted.contains("gzip");
  }

  private static Cookie cookie(HttpServerRequest request, String name, String value) {
    return Cookie.cookie(name, value).setPath("/").setHttpOnly(true).setSecure(request.isSSL());
  }

  private static boolean isLineCode(String text) {
    return text.length() == 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Map<PortalNumbering.Answer, PortalReply> replies(
      UnaryOperator<PortalReply> change) {
    var replies = new HashMap<PortalNumbering.Answer, PortalReply>();
    for (var answer : PortalNumbering.answers()) {
      replies.put(answer, change.apply(PortalReply.json(answer.status(), answer.json())));
    }
    return replies;
  }
}
