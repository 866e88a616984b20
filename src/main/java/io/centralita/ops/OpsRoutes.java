package io.centralita.ops;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Asker;
import io.centralita.access.Audit;
import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.Names;
import io.centralita.access.Reply;
import io.centralita.http.Cursor;
import io.centralita.http.Json;
import io.centralita.http.Page;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/ops}, for administrators: it parses, asks and renders. */
final class OpsRoutes {
  private static final long SMALL_BODY = 16 << 10;
  private static final int LONGEST_REASON = 500;
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
  private static final Cursor<Long> CURSOR = Cursor.ofNumber();

  record Listed<T>(List<T> items) {}

  record PauseOrder(@Nullable String user, String reason, @Nullable Instant until) {}

  record ResumeOrder(@Nullable String user) {}

  private final Nodes nodes;
  private final Kinds kinds;
  private final Hot hot;
  private final Targets targets;
  private final Verbs verbs;
  private final Audit audit;
  private final EntityRoutes entities;
  private final Authenticated authenticated;
  private final Idempotency idempotency;
  private final Json json;

  OpsRoutes(
      Nodes nodes,
      Kinds kinds,
      Hot hot,
      Targets targets,
      Verbs verbs,
      Audit audit,
      EntityRoutes entities,
      Authenticated authenticated,
      Idempotency idempotency,
      Json json) {
    this.nodes = nodes;
    this.kinds = kinds;
    this.hot = hot;
    this.targets = targets;
    this.verbs = verbs;
    this.audit = audit;
    this.entities = entities;
    this.authenticated = authenticated;
    this.idempotency = idempotency;
    this.json = json;
  }

  Route route() {
    return pathPrefix(
        segment("api").slash("v1").slash("ops"),
        () ->
            concat(
                path("nodes", () -> get(() -> asked((_, r) -> plain(r, nodes.list())))),
                path(
                    segment("nodes").slash(segment()).slash("drain"),
                    address -> post(() -> asked((operator, r) -> drain(operator, r, address)))),
                path("types", () -> get(() -> asked((_, r) -> plain(r, kinds.counts(null))))),
                path("shards", () -> get(() -> asked((_, r) -> shards(r)))),
                path("targets", () -> get(() -> asked((_, r) -> targets(r)))),
                path("hot", () -> get(() -> asked((_, r) -> hot(r)))),
                path("pauses", () -> get(() -> asked((_, r) -> plain(r, verbs.pauses())))),
                path("pause", () -> post(() -> asked(this::pause))),
                path("resume", () -> post(() -> asked(this::resume))),
                path("audit", () -> get(() -> asked((_, r) -> audit(r)))),
                pathPrefix("entities", () -> entities.route(this::asked))));
  }

  private Route asked(BiFunction<Asker, HttpRequest, Route> inner) {
    return authenticated.asAdmin(inner);
  }

  private static <T> Route plain(HttpRequest request, CompletionStage<List<T>> items) {
    Parameters.of(request);
    return Json.ok(items.thenApply(Listed::new));
  }

  private Route shards(HttpRequest request) {
    Parameters.of(request);
    return Json.ok(nodes.shards(kinds.all()));
  }

  private Route targets(HttpRequest request) {
    var parameters = Parameters.of(request, "cursor", "limit");
    return Json.ok(
        targets.list(
            parameters.text("cursor").orElse(null), parameters.number("limit", 50, 1, 200)));
  }

  private Route hot(HttpRequest request) {
    return Json.ok(hot.board(Parameters.of(request, "limit").number("limit", 10, 1, 50)));
  }

  private Route audit(HttpRequest request) {
    var parameters = Parameters.of(request, "cursor", "limit");
    var limit = parameters.number("limit", 50, 1, 200);
    var before = CURSOR.from(parameters).orElse(Long.MAX_VALUE);
    return Json.ok(
        audit
            .before(before, limit + 1)
            .thenApply(rows -> Page.of(rows, limit, row -> CURSOR.encode(row.id()))));
  }

  private Route drain(Asker operator, HttpRequest request, String address) {
    var dryRun = dryRun(request);
    return idempotency.idempotent(
        operator.who(),
        "",
        () ->
            verbs
                .drain(operator, address, dryRun)
                .thenApply(result -> Reply.of(dryRun ? 200 : 202, result)));
  }

  private Route pause(Asker operator, HttpRequest request) {
    var dryRun = dryRun(request);
    return json.body(
        PauseOrder.class,
        SMALL_BODY,
        body -> {
          var order = body.value();
          var reason = order.reason().strip();
          check(reason, order.until());
          var user = user(order.user());
          return idempotency.idempotent(
              operator.who(),
              body.sha256(),
              () ->
                  verbs
                      .pause(operator, user, reason, order.until(), dryRun)
                      .thenApply(result -> Reply.of(200, result)));
        });
  }

  private Route resume(Asker operator, HttpRequest request) {
    var dryRun = dryRun(request);
    return json.bodyOr(
        new ResumeOrder(null),
        ResumeOrder.class,
        SMALL_BODY,
        body ->
            idempotency.idempotent(
                operator.who(),
                body.sha256(),
                () ->
                    verbs
                        .resume(operator, user(body.value().user()), dryRun)
                        .thenApply(result -> Reply.of(200, result))));
  }

  static boolean dryRun(HttpRequest request) {
    return Parameters.of(request, "dry_run").flag("dry_run", false);
  }

  private static @Nullable String user(@Nullable String name) {
    return name == null ? null : Names.check("user", name);
  }

  private static void check(String reason, @Nullable Instant until) {
    if (reason.isEmpty()) {
      throw ProblemException.badRequest("reason", "empty: say why, for whoever's files stop");
    }
    if (reason.codePointCount(0, reason.length()) > LONGEST_REASON) {
      throw ProblemException.badRequest("reason", "longer than " + LONGEST_REASON + " characters");
    }
    if (reason.chars().anyMatch(Character::isISOControl)) {
      throw ProblemException.badRequest("reason", "has a control character");
    }
    if (until != null && !until.isAfter(Instant.now())) {
      throw ProblemException.badRequest("until", "the pause would end before it begins");
    }
    if (until != null && until.isAfter(LATEST)) {
      throw ProblemException.badRequest("until", "later than the year 9999");
    }
  }
}
