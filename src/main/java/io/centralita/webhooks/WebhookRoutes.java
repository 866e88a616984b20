package io.centralita.webhooks;

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
import io.centralita.access.Audit;
import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.Reply;
import io.centralita.access.Users;
import io.centralita.http.Cursor;
import io.centralita.http.Json;
import io.centralita.http.Page;
import io.centralita.http.Parameters;
import io.centralita.http.Problem;
import io.centralita.http.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/webhooks}: everybody has his own, an administrator sees all. */
final class WebhookRoutes {
  private static final long SMALL_BODY = 16 << 10;
  private static final Cursor<Long> CURSOR = Cursor.ofNumber();

  record NewWebhook(String url, List<String> events, @Nullable String description) {}

  /**
   * @param olderValidUntil null for the usual overlap
   */
  record Rotation(@Nullable Instant olderValidUntil) {}

  /**
   * @param from a position, or a time
   */
  record Replay(Object from) {}

  /** Where a replay begins. */
  private sealed interface Start {
    record Position(long position) implements Start {
      @Override
      public String toString() {
        return Long.toString(position);
      }
    }

    record Time(Instant time) implements Start {
      @Override
      public String toString() {
        return time.toString();
      }
    }
  }

  /** A test event as it will be sent. */
  record Tested(String webhookId) {}

  private interface Work<T> {
    CompletionStage<T> on(Endpoint endpoint);
  }

  private final Webhooks.Settings settings;
  private final Endpoints endpoints;
  private final Deliveries deliveries;
  private final Sender sender;
  private final Users users;
  private final Authenticated authenticated;
  private final Idempotency idempotency;
  private final Audit audit;
  private final Json json;

  WebhookRoutes(
      Webhooks.Settings settings,
      Endpoints endpoints,
      Deliveries deliveries,
      Sender sender,
      Users users,
      Authenticated authenticated,
      Idempotency idempotency,
      Audit audit,
      Json json) {
    this.settings = settings;
    this.endpoints = endpoints;
    this.deliveries = deliveries;
    this.sender = sender;
    this.users = users;
    this.authenticated = authenticated;
    this.idempotency = idempotency;
    this.audit = audit;
    this.json = json;
  }

  Route route() {
    return pathPrefix(
        segment("api").slash("v1").slash("webhooks"),
        () ->
            concat(
                pathEnd(
                    () ->
                        concat(
                            get(() -> authenticated.asked(this::list)),
                            post(() -> authenticated.plain(this::create)))),
                pathPrefix(longSegment(), this::one)));
  }

  private Route one(long id) {
    return concat(
        pathEnd(
            () ->
                concat(
                    get(() -> authenticated.plain(asker -> Json.ok(mine(asker, id)))),
                    patch(() -> authenticated.plain(asker -> change(asker, id))),
                    delete(() -> authenticated.plain(asker -> remove(asker, id))))),
        path("secrets", () -> post(() -> authenticated.plain(asker -> rotate(asker, id)))),
        path(
            "test",
            () ->
                post(
                    () ->
                        authenticated.plain(asker -> done(asker, "", id, "test", "", this::test)))),
        path("replay", () -> post(() -> authenticated.plain(asker -> replay(asker, id)))),
        pathPrefix("deliveries", () -> deliveries(id)));
  }

  private Route deliveries(long id) {
    return concat(
        pathEnd(
            () ->
                get(() -> authenticated.asked((asker, request) -> deliveries(asker, request, id)))),
        path(
            longSegment().slash("resend"),
            position ->
                post(
                    () ->
                        authenticated.plain(
                            asker ->
                                done(
                                    asker,
                                    "",
                                    id,
                                    "resend",
                                    "position " + position,
                                    endpoint -> resend(endpoint, position))))));
  }

  private Route list(Asker asker, HttpRequest request) {
    var parameters = Parameters.of(request, "user", "cursor", "limit");
    var user = asker.who().listed(parameters);
    var limit = parameters.number("limit", 50, 1, 200);
    var before = CURSOR.from(parameters).orElse(Long.MAX_VALUE);
    return Json.ok(
        endpoints
            .before(user, before, limit + 1)
            .thenApply(rows -> Page.of(rows, limit, row -> CURSOR.encode(row.id()))));
  }

  private Route create(Asker asker) {
    return json.body(
        NewWebhook.class,
        SMALL_BODY,
        body -> {
          var given = body.value();
          var description = given.description();
          var order =
              new Endpoints.Order(
                  EndpointInput.url(given.url(), settings.httpAllowed()),
                  EndpointInput.events(given.events(), endpoints.types()),
                  EndpointInput.description(description == null ? "" : description));
          return idempotency.idempotent(asker.who(), body.sha256(), () -> create(asker, order));
        });
  }

  private CompletionStage<Reply> create(Asker asker, Endpoints.Order order) {
    return audit
        .doing(
            asker,
            new Audit.Action("webhook_add", "", "", false),
            () ->
                allowed(order.url())
                    .thenCompose(_ -> users.idOf(asker.who().user()))
                    .thenCompose(user -> endpoints.add(user, order)),
            created -> target(created.id()) + " is made")
        .thenApply(
            created ->
                Reply.once(
                    201,
                    created,
                    Problem.of(
                        409,
                        "this webhook was made and its secret told before: "
                            + created.id()
                            + "; rotate its secret for another")));
  }

  private CompletionStage<String> allowed(String url) {
    return sender
        .objection(url)
        .thenApply(
            objection -> {
              if (!objection.isEmpty()) {
                throw ProblemException.badRequest("url", objection);
              }
              return url;
            });
  }

  private Route change(Asker asker, long id) {
    return json.body(
        Endpoints.Change.class,
        SMALL_BODY,
        body -> {
          var given = body.value();
          var url = given.url();
          var events = given.events();
          var description = given.description();
          var checked =
              new Endpoints.Change(
                  url == null ? null : EndpointInput.url(url, settings.httpAllowed()),
                  events == null ? null : EndpointInput.events(events, endpoints.types()),
                  description == null ? null : EndpointInput.description(description),
                  given.enabled());
          return Json.ok(
              audited(
                  asker,
                  id,
                  "change",
                  fields(checked),
                  endpoint ->
                      (url == null
                              ? CompletableFuture.completedStage(endpoint.url())
                              : allowed(url))
                          .thenCompose(_ -> endpoints.change(id, checked))
                          .thenCompose(_ -> mine(asker, id))));
        });
  }

  private Route remove(Asker asker, long id) {
    var removed = audited(asker, id, "remove", "", endpoint -> endpoints.remove(endpoint.id()));
    return onSuccess(removed, _ -> complete(HttpResponse.create().withStatus(204)));
  }

  private Route done(
      Asker asker, String bodyHash, long id, String verb, String details, Work<Reply> work) {
    return idempotency.idempotent(
        asker.who(), bodyHash, () -> audited(asker, id, verb, details, work));
  }

  private <T> CompletionStage<T> audited(
      Asker asker, long id, String verb, String details, Work<T> work) {
    return audit.doing(
        asker,
        new Audit.Action("webhook_" + verb, target(id), details, false),
        () -> mine(asker, id).thenCompose(work::on),
        _ -> "done");
  }

  private static String target(long id) {
    return "Webhook/" + id;
  }

  /** Which fields change: their values may be secrets of the receiver's. */
  private static String fields(Endpoints.Change change) {
    var fields = new ArrayList<String>();
    if (change.url() != null) {
      fields.add("url");
    }
    if (change.events() != null) {
      fields.add("events");
    }
    if (change.description() != null) {
      fields.add("description");
    }
    if (change.enabled() != null) {
      fields.add("enabled: " + change.enabled());
    }
    return String.join(", ", fields);
  }

  private Route rotate(Asker asker, long id) {
    return json.bodyOr(
        new Rotation(null),
        Rotation.class,
        SMALL_BODY,
        body ->
            done(
                asker,
                body.sha256(),
                id,
                "secret",
                "",
                endpoint -> rotate(endpoint, body.value())));
  }

  private CompletionStage<Reply> rotate(Endpoint endpoint, Rotation rotation) {
    return endpoints
        .rotate(
            endpoint.id(),
            rotation.olderValidUntil(),
            settings.secretOverlap(),
            settings.retention())
        .thenApply(
            rotated ->
                Reply.once(
                    201,
                    rotated.orElseThrow(WebhookRoutes::none),
                    Problem.of(409, "this secret was made and told before; rotate again")));
  }

  private CompletionStage<Reply> test(Endpoint endpoint) {
    return endpoints
        .test(endpoint.id(), Map.of("webhook", endpoint.id()))
        .thenApply(
            sent ->
                Reply.of(
                    202,
                    new Tested(Delivery.webhookId(sent.orElseThrow(WebhookRoutes::switchedOff)))));
  }

  private Route deliveries(Asker asker, HttpRequest request, long id) {
    var parameters = Parameters.of(request, "status", "cursor", "limit");
    var status = parameters.choice("status", Delivery.Status.ALL, Delivery.Status::word);
    var limit = parameters.number("limit", 50, 1, 200);
    var before = CURSOR.from(parameters).orElse(Long.MAX_VALUE);
    return Json.ok(
        mine(asker, id)
            .thenCompose(endpoint -> deliveries.before(endpoint.id(), status, before, limit + 1))
            .thenApply(rows -> Page.of(rows, limit, row -> CURSOR.encode(row.position()))));
  }

  private CompletionStage<Reply> resend(Endpoint endpoint, long position) {
    requireEnabled(endpoint);
    return deliveries
        .resend(endpoint.id(), position)
        .thenCompose(_ -> deliveries.one(endpoint.id(), position))
        .thenApply(
            found -> Reply.of(202, found.orElseThrow(() -> ProblemException.notFound("delivery"))));
  }

  private Route replay(Asker asker, long id) {
    return json.body(
        Replay.class,
        SMALL_BODY,
        body -> {
          var from = start(body.value().from());
          return done(
              asker,
              body.sha256(),
              id,
              "replay",
              "from " + from,
              endpoint -> replay(endpoint, from));
        });
  }

  private CompletionStage<Reply> replay(Endpoint endpoint, Start from) {
    requireEnabled(endpoint);
    return position(endpoint, from)
        .thenCompose(
            position -> deliveries.replay(endpoint.id(), position, Deliveries.MOST_REPLAYED))
        .thenApply(replayed -> Reply.of(202, replayed));
  }

  private CompletionStage<Long> position(Endpoint endpoint, Start from) {
    return switch (from) {
      case Start.Position(var position) -> CompletableFuture.completedStage(position);
      case Start.Time(var time) ->
          deliveries
              .positionAt(endpoint.id(), time)
              .thenApply(found -> found.orElse(Long.MAX_VALUE));
    };
  }

  private static Start start(Object from) {
    return switch (from) {
      case Integer position when position >= 0 -> new Start.Position(position.longValue());
      case Long position when position >= 0 -> new Start.Position(position);
      case String time -> new Start.Time(time(time));
      default -> throw notFrom();
    };
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException _) {
      throw notFrom();
    }
  }

  private static ProblemException notFrom() {
    return ProblemException.badRequest(
        "from", "expected a position, or a time such as 2026-01-31T12:00:00Z");
  }

  private static void requireEnabled(Endpoint endpoint) {
    if (!endpoint.enabled()) {
      throw switchedOff();
    }
  }

  private static ProblemException switchedOff() {
    return ProblemException.conflict("the webhook is switched off: enable it first");
  }

  private static ProblemException none() {
    return ProblemException.notFound("webhook");
  }

  // Somebody else's is as good as none: its number tells nothing.
  private CompletionStage<Endpoint> mine(Asker asker, long id) {
    return endpoints
        .one(id)
        .thenApply(
            found ->
                found
                    .filter(endpoint -> asker.who().mayActFor(endpoint.user()))
                    .orElseThrow(WebhookRoutes::none));
  }
}
