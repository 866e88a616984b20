package io.centralita.lookup;

import io.centralita.lookup.PortalReply.Broken;
import io.centralita.lookup.PortalReply.Ready;
import io.centralita.lookup.PortalReply.Throttled;
import io.centralita.outside.Headers;
import io.centralita.outside.Line;
import io.centralita.outside.OutsideException;
import io.centralita.outside.Request;
import io.centralita.outside.Response;
import io.centralita.outside.RetryAfter;
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
  private final Line line;
  private final PortalStats stats;
  private final InstantSource clock;
  private final Instant until;
  private final Cookies cookies = new Cookies();
  private Headers lookUpHeaders = Headers.NONE; // with the cookies, made anew when they change
  private int usesLeft;
  private boolean closed;

  PortalSession(
      PortalSettings settings,
      PortalPages pages,
      Line line,
      PortalStats stats,
      InstantSource clock,
      Instant until,
      int uses) {
    this.settings = settings;
    this.pages = pages;
    this.line = line;
    this.stats = stats;
    this.clock = clock;
    this.until = until;
    this.usesLeft = uses;
  }

  /** Whether it may serve another look-up. */
  boolean usable(Instant now) {
    return usesLeft > 0 && now.isBefore(until);
  }

  /** False if it was closed before. */
  boolean close() {
    if (closed) {
      return false;
    }
    closed = true;
    line.close();
    return true;
  }

  /** Home page and log-in, at first and again when the token is no longer good. */
  CompletionStage<PortalReply> open() {
    cookies.remove(TOKEN); // only a new one proves the log-in
    return home(pages.home(), REDIRECTS);
  }

  private CompletionStage<PortalReply> home(URI page, int redirects) {
    var headers = withCookies(pages.homeHeaders());
    return step(
        Request.get(page, headers, settings.tries().timeout()),
        response -> {
          int status = response.status();
          if (status == 200) {
            return logIn();
          }
          var location = response.headers().first("Location");
          if (status < 300 || status > 399 || location == null) {
            return done(new Broken(status + " from the portal's home page"));
          }
          var next = PortalPages.redirect(page, location);
          return next == null || redirects == 0
              ? done(new Broken("the portal's home page leads elsewhere"))
              : home(next, redirects - 1);
        });
  }

  private CompletionStage<PortalReply> logIn() {
    var headers = withCookies(pages.apiHeaders()).with("Content-Type", "application/json");
    return step(
        Request.post(pages.logIn(), headers, NOTHING, settings.tries().timeout()),
        // the body says nothing: the token alone is success
        response ->
            done(
                cookies.has(TOKEN)
                    ? new Ready()
                    : new Broken("log-in without a token, " + response.status())));
  }

  /** Asks for one line. */
  CompletionStage<PortalReply> lookUp(int number) {
    usesLeft--;
    return line.send(Request.get(pages.line(number), lookUpHeaders, settings.tries().timeout()))
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
      Request request, Function<Response, CompletionStage<PortalReply>> then) {
    return line.send(request)
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

  private void take(Response response) {
    stats.status(response.status());
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
      return new Broken(outside.reason());
    }
    throw new CompletionException(cause); // not the portal's fault
  }

  private static CompletionStage<PortalReply> done(PortalReply reply) {
    return CompletableFuture.completedFuture(reply);
  }
}
