package io.centralita.proxy;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.delete;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.patch;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEnd;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.longSegment;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Asker;
import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.Names;
import io.centralita.access.Reply;
import io.centralita.http.Cursor;
import io.centralita.http.Json;
import io.centralita.http.Page;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import io.centralita.proxy.ProxyCommand.Tested;
import io.centralita.proxy.ProxyState.Status;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/proxies}, for administrators: it parses, asks and renders. */
final class ProxyRoutes {
  private static final long LARGEST_BODY = 1 << 20;
  private static final long SMALL_BODY = 16 << 10;
  private static final int MOST_LINES = 5000;
  private static final int LONGEST_REASON = 500;

  record NewProxyBody(
      String ip,
      Integer portMin,
      Integer portMax,
      @Nullable String username,
      @Nullable String password,
      @Nullable String user,
      @Nullable Integer callsAtOnce,
      @Nullable Double callsPerSecond,
      @Nullable Integer sessionsAtOnce) {

    NewProxy checked() {
      return ProxyInput.check(
          ip,
          portMin,
          portMax,
          username,
          password,
          user,
          callsAtOnce,
          callsPerSecond,
          sessionsAtOnce);
    }

    /** Nothing of a body may reach a log. */
    @Override
    public String toString() {
      return "NewProxyBody[]";
    }
  }

  record Order(@Nullable String reason) {}

  record Created(long id) {}

  record TestView(boolean passed, String outcome, String detail, long ms) {
    static TestView of(Tested tested) {
      return new TestView(
          tested.passed(), tested.outcome().label(), tested.words(), tested.millis());
    }
  }

  private static final Cursor<Long> CURSOR = Cursor.ofNumber();

  private final ProxyDesk desk;
  private final ProxyHistory history;
  private final boolean canTest;
  private final Authenticated authenticated;
  private final Idempotency idempotency;
  private final Json json;

  /**
   * @param canTest whether there is anything to call
   */
  ProxyRoutes(
      ProxyDesk desk,
      ProxyHistory history,
      boolean canTest,
      Authenticated authenticated,
      Idempotency idempotency,
      Json json) {
    this.desk = desk;
    this.history = history;
    this.canTest = canTest;
    this.authenticated = authenticated;
    this.idempotency = idempotency;
    this.json = json;
  }

  Route route() {
    return pathPrefix(
        segment("api").slash("v1").slash("proxies"),
        () ->
            concat(
                pathEnd(
                    () ->
                        concat(
                            get(() -> authenticated.asAdmin((_, request) -> list(request))),
                            post(() -> bare((asker, _) -> create(asker))))),
                path("import", () -> post(() -> authenticated.asAdmin(this::importList))),
                pathPrefix(longSegment(), this::one)));
  }

  private Route one(long id) {
    return concat(
        pathEnd(
            () ->
                concat(
                    get(() -> bare((_, _) -> Json.ok(desk.view(id)))),
                    patch(() -> bare((asker, _) -> change(asker, id))),
                    delete(() -> bare((asker, _) -> remove(asker, id))))),
        path("disable", () -> post(() -> bare((asker, _) -> order(asker, id, false)))),
        path("enable", () -> post(() -> bare((asker, _) -> order(asker, id, true)))),
        path("test", () -> post(() -> bare((asker, _) -> test(asker, id)))),
        path(
            "history",
            () -> get(() -> authenticated.asAdmin((_, request) -> history(request, id)))));
  }

  /** For administrators, and without parameters. */
  private Route bare(BiFunction<Asker, HttpRequest, Route> inner) {
    return authenticated.asAdmin(
        (asker, request) -> {
          Parameters.none(request);
          return inner.apply(asker, request);
        });
  }

  private Route list(HttpRequest request) {
    var parameters = Parameters.of(request, "state", "user", "cursor", "limit");
    var state =
        parameters
            .choice(
                "state",
                List.of(Status.CLOSED, Status.OPEN, Status.HALF_OPEN, Status.DISABLED),
                Status::name)
            .orElse(null);
    var user = parameters.text("user").map(name -> Names.check("user", name)).orElse(null);
    var limit = parameters.number("limit", 50, 1, 200);
    var before = CURSOR.from(parameters).orElse(Long.MAX_VALUE);
    return Json.ok(
        desk.store()
            .before(state, user, before, limit + 1)
            .thenApply(rows -> Page.of(rows, limit, row -> CURSOR.encode(row.id())))
            .thenApply(
                page ->
                    new Page<>(
                        page.items().stream().map(ProxyView::of).toList(), page.nextCursor())));
  }

  private Route create(Asker asker) {
    return json.body(
        NewProxyBody.class,
        LARGEST_BODY,
        body ->
            idempotency.idempotent(
                asker.who(),
                body.sha256(),
                () ->
                    desk.add(body.value().checked(), asker.cause(""))
                        .thenApply(id -> Reply.of(201, new Created(id)))));
  }

  private Route importList(Asker asker, HttpRequest request) {
    var user =
        Parameters.of(request, "user")
            .text("user")
            .map(name -> Names.check("user", name))
            .orElse(null);
    return json.text(
        LARGEST_BODY,
        body -> {
          var lines = ProxyList.parse(body.value(), user);
          if (lines.isEmpty() || lines.size() > MOST_LINES) {
            throw ProblemException.badRequest(
                "body", "expected 1 to " + MOST_LINES + " lines, a proxy each");
          }
          return idempotency.idempotent(
              asker.who(),
              body.sha256(),
              () ->
                  desk.addAll(lines, user, asker.cause("from a list"))
                      .thenApply(report -> Reply.of(200, report)));
        });
  }

  private Route change(Asker asker, long id) {
    return json.body(
        ProxyChange.class,
        LARGEST_BODY,
        body -> Json.ok(desk.change(id, body.value(), asker.cause(""))));
  }

  private Route remove(Asker asker, long id) {
    return onSuccess(
        desk.remove(id, asker.cause("")), _ -> complete(HttpResponse.create().withStatus(204)));
  }

  private Route order(Asker asker, long id, boolean enable) {
    return json.bodyOr(
        new Order(null),
        Order.class,
        SMALL_BODY,
        body -> {
          var cause = asker.cause(reason(body.value()));
          return idempotency.idempotent(
              asker.who(),
              body.sha256(),
              () ->
                  desk.told(
                          id,
                          replyTo ->
                              enable
                                  ? new ProxyCommand.Enable(cause, replyTo)
                                  : new ProxyCommand.Disable(cause, replyTo))
                      .thenApply(view -> Reply.of(200, view)));
        });
  }

  private static String reason(Order order) {
    var reason = order.reason() == null ? "" : order.reason().strip();
    if (reason.codePointCount(0, reason.length()) > LONGEST_REASON) {
      throw ProblemException.badRequest("reason", "longer than " + LONGEST_REASON + " characters");
    }
    if (reason.chars().anyMatch(Character::isISOControl)) {
      throw ProblemException.badRequest("reason", "has a control character");
    }
    return reason;
  }

  private Route test(Asker asker, long id) {
    if (!canTest) {
      throw ProblemException.conflict(
          "there is nothing to call: set centralita.proxy.test-url, or the portal's addresses");
    }
    return idempotency.idempotent(
        asker.who(),
        "",
        () ->
            desk.test(id, asker.cause("")).thenApply(tested -> Reply.of(200, TestView.of(tested))));
  }

  private Route history(HttpRequest request, long id) {
    var parameters = Parameters.of(request, "cursor", "limit");
    var limit = parameters.number("limit", 50, 1, 200);
    var before = CURSOR.from(parameters);
    return Json.ok(
        desk.revision(id)
            .thenCompose(
                newest ->
                    history.before(
                        id,
                        Math.min(before.orElse(newest + 1), newest + 1),
                        limit,
                        CURSOR::encode)));
  }
}
