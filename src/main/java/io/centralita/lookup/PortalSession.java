package io.centralita.lookup;

import io.centralita.lookup.PortalReply.Blocked;
import io.centralita.lookup.PortalReply.Broken;
import io.centralita.lookup.PortalReply.NoWay;
import io.centralita.lookup.PortalReply.Ready;
import io.centralita.lookup.PortalReply.Throttled;
import io.centralita.lookup.PortalReply.Unreached;
import io.centralita.outside.Circuit;
import io.centralita.outside.Headers;
import io.centralita.outside.Line;
import io.centralita.outside.OutsideException;
import io.centralita.outside.Request;
import io.centralita.outside.Response;
import io.centralita.outside.RetryAfter;
import io.centralita.proxy.Lease;
import io.centralita.proxy.Outcome;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * One visitor of the portal: an exit, the connections through it, the cookies and the token, used
 * together and thrown away together. It serves one look-up at a time.
 */
final class PortalSession {

  private static final String TOKEN = "store_access_token";
  private static final int REDIRECTS = 3;
  private static final byte[] NOTHING = {};

  private final PortalSettings settings;
  private final PortalPages pages;
  private final Lease lease;
  private final Line line;
  private final PortalStats stats;
  private final Circuit circuit;
  private final InstantSource clock;
  private final Instant until;
  private final Cookies cookies = new Cookies();
  private Headers lookUpHeaders = Headers.NONE; // with the cookies, made anew when they change
  private int usesLeft;
  private int throttledInRow;
  private boolean answered;
  private volatile Instant idleSince = Instant.MAX;
  private boolean closed;

  PortalSession(
      PortalSettings settings,
      PortalPages pages,
      Lease lease,
      Line line,
      PortalStats stats,
      Circuit circuit,
      InstantSource clock,
      Instant until,
      int uses) {
    this.settings = settings;
    this.pages = pages;
    this.lease = lease;
    this.line = line;
    this.stats = stats;
    this.circuit = circuit;
    this.clock = clock;
    this.until = until;
    this.usesLeft = uses;
  }

  /** Whether it may serve another look-up. */
  boolean usable(Instant now) {
    return usesLeft > 0 && now.isBefore(until) && lease.usable(now);
  }

  /** Nobody uses it from now on. */
  void rest(Instant now) {
    idleSince = now;
  }

  /**
   * Whether it keeps an exit from others, on this node or another, and nobody has used it since.
   */
  boolean isIdleSince(Instant then) {
    return isProxied() && idleSince.isBefore(then);
  }

  /** Whom alone it may serve; empty for everybody. */
  String onlyFor() {
    return lease.onlyFor();
  }

  /** Whether it goes through a proxy. */
  boolean isProxied() {
    return lease.proxy() != null;
  }

  /** Whether it is logged in. */
  boolean isOpen() {
    return cookies.has(TOKEN);
  }

  /** The portal turns this exit away: nobody is to use it again soon. */
  void blocked(String why) {
    lease.report(Outcome.BLOCKED, why);
  }

  /** Whether the portal has throttled this session so often that its exit is as good as blocked. */
  boolean isInStorm() {
    return throttledInRow >= settings.throttles().storm();
  }

  /** False if it was closed before. */
  boolean close() {
    if (closed) {
      return false;
    }
    closed = true;
    line.close();
    lease.close();
    return true;
  }

  /** Home page and log-in, at first and again when the token is no longer good. */
  CompletionStage<PortalReply> open(Question question) {
    cookies.remove(TOKEN); // only a new one proves the log-in
    return home(question, pages.home(), REDIRECTS);
  }

  private CompletionStage<PortalReply> home(Question question, URI page, int redirects) {
    var headers = withCookies(pages.homeHeaders());
    return step(
        question,
        Request.get(page, headers, settings.tries().timeout()),
        response -> {
          int status = response.status();
          if (status == 200) {
            return logIn(question);
          }
          if (status == 403) {
            return done(new Blocked("403 from the portal's home page"));
          }
          var location = response.headers().first("Location");
          if (status < 300 || status > 399 || location == null) {
            return done(new Broken(status + " from the portal's home page"));
          }
          var next = PortalPages.redirect(page, location);
          return next == null || redirects == 0
              ? done(new Broken("the portal's home page leads elsewhere"))
              : home(question, next, redirects - 1);
        });
  }

  private CompletionStage<PortalReply> logIn(Question question) {
    var headers = withCookies(pages.apiHeaders()).with("Content-Type", "application/json");
    return step(
        question,
        Request.post(pages.logIn(), headers, NOTHING, settings.tries().timeout()),
        response -> {
          if (response.status() == 403) {
            return done(new Blocked("403 from the portal's log-in"));
          }
          // the body says nothing: the token alone is success
          return done(
              cookies.has(TOKEN)
                  ? new Ready()
                  : new Broken("log-in without a token, " + response.status()));
        });
  }

  /** Asks for one line. */
  CompletionStage<PortalReply> lookUp(Question question) {
    usesLeft--;
    var line = pages.line(question.number());
    return send(question, Request.get(line, lookUpHeaders, settings.tries().timeout()))
        .handle(
            (response, failure) -> {
              if (failure != null) {
                return broken(failure);
              }
              take(response);
              return response.status() == 429
                  ? throttled(response)
                  : PortalAnswers.read(response.status(), response.body());
            });
  }

  private CompletionStage<PortalReply> step(
      Question question, Request request, Function<Response, CompletionStage<PortalReply>> then) {
    return send(question, request)
        .handle(
            (response, failure) -> {
              if (failure != null) {
                return done(broken(failure));
              }
              take(response);
              return response.status() == 429 ? done(throttled(response)) : then.apply(response);
            })
        .thenCompose(Function.identity());
  }

  private CompletionStage<Response> send(Question question, Request request) {
    return lease.call(question.owner(), question.lane(), () -> line.send(request));
  }

  private void take(Response response) {
    stats.status(response.status());
    answered = true;
    var throttled = response.status() == 429;
    throttledInRow = throttled ? throttledInRow + 1 : 0;
    if (response.status() != 403) { // which whoever reads it reports, as a block
      lease.report(throttled ? Outcome.THROTTLED : Outcome.OK, "");
    }
    var news = response.headers().all("Set-Cookie");
    if (!news.isEmpty()) {
      cookies.accept(news, clock.instant());
      lookUpHeaders = withCookies(pages.apiHeaders());
    }
  }

  private Headers withCookies(Headers headers) {
    var header = cookies.header();
    return header.isEmpty() ? headers : headers.with("Cookie", header);
  }

  private PortalReply throttled(Response response) {
    var said = response.headers().first("Retry-After");
    return new Throttled(
        RetryAfter.parse(said, clock.instant(), settings.throttles().longestWait())
            .orElse(Duration.ZERO));
  }

  private PortalReply broken(Throwable failure) {
    var cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
    if (cause instanceof OutsideException outside) {
      stats.failure(outside.kind().name());
      var outcome = Outcome.of(outside, answered);
      var perhapsThePortals = isProxied() && outcome.mayBeTheTargets();
      if (!perhapsThePortals || !circuit.isOpen()) { // else no proxy can be blamed
        lease.report(outcome, outside.reason());
      }
      if (isProxied() && outcome.isProxysFault()) {
        return new NoWay(outside.reason(), perhapsThePortals);
      }
      return outside.kind() == OutsideException.Kind.CONNECT
          ? new Unreached(outside.reason())
          : new Broken(outside.reason());
    }
    throw new CompletionException(cause); // not the portal's fault
  }

  private static CompletionStage<PortalReply> done(PortalReply reply) {
    return CompletableFuture.completedFuture(reply);
  }
}
