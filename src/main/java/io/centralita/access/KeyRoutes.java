package io.centralita.access;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.delete;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEnd;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.http.Json;
import io.centralita.http.Parameters;
import io.centralita.http.Problem;
import io.centralita.http.ProblemException;
import java.time.ZoneId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/keys}: an administrator makes keys; everybody sees and revokes his own. */
public final class KeyRoutes {
  private static final long LARGEST_BODY = 16 << 10;

  /**
   * @param timeZone whose midnight ends the user's days from now on; null leaves it as it is
   */
  record NewKey(String user, Scope scope, @Nullable String timeZone) {}

  private final Keys keys;
  private final Authenticated authenticated;
  private final Idempotency idempotency;
  private final Json json;

  public KeyRoutes(Keys keys, Authenticated authenticated, Idempotency idempotency, Json json) {
    this.keys = keys;
    this.authenticated = authenticated;
    this.idempotency = idempotency;
    this.json = json;
  }

  public Route route() {
    return pathPrefix(
        segment("api").slash("v1").slash("keys"),
        () ->
            concat(
                pathEnd(
                    () ->
                        concat(
                            get(
                                () ->
                                    authenticated.asked(
                                        (asker, request) -> list(asker.who(), request))),
                            post(() -> authenticated.plain(asker -> create(asker.who()))))),
                path(
                    segment(),
                    id -> delete(() -> authenticated.plain(asker -> revoke(asker.who(), id))))));
  }

  private Route list(Principal who, HttpRequest request) {
    var parameters = Parameters.of(request, "user", "cursor", "limit");
    var user = who.listed(parameters);
    var page =
        keys.list(
            user, parameters.text("cursor").orElse(null), parameters.number("limit", 50, 1, 200));
    return Json.ok(page);
  }

  private Route create(Principal who) {
    who.requireAdmin();
    return json.body(
        NewKey.class,
        LARGEST_BODY,
        body ->
            idempotency.idempotent(
                who,
                body.sha256(),
                () ->
                    create(body.value())
                        .thenApply(
                            created ->
                                Reply.once(
                                    201,
                                    created,
                                    Problem.of(
                                        409,
                                        "this key was made and told before: "
                                            + created.id()
                                            + "; revoke it and make another")))));
  }

  private CompletionStage<Keys.Created> create(NewKey key) {
    var zone = key.timeZone();
    if (zone == null) {
      return keys.create(key.user(), key.scope());
    }
    if (!ZoneId.getAvailableZoneIds().contains(zone)) {
      throw ProblemException.badRequest("time_zone", "expected one such as America/Mexico_City");
    }
    return keys.setTimeZone(key.user(), zone)
        .thenCompose(_ -> keys.create(key.user(), key.scope()));
  }

  private Route revoke(Principal who, String id) {
    if (!KeyText.isId(id)) {
      throw ProblemException.notFound("key");
    }
    var revoked =
        keys.find(id)
            .thenCompose(
                found -> revoke(who, found.orElseThrow(() -> ProblemException.notFound("key"))));
    return onSuccess(revoked, _ -> complete(HttpResponse.create().withStatus(204)));
  }

  private CompletionStage<Boolean> revoke(Principal who, Keys.Key key) {
    who.requireFor(key.user());
    if (key.scope() == Scope.ADMIN) {
      who.requireAdmin();
    }
    return key.id().equals(Keys.ADMIN)
        ? CompletableFuture.failedStage(
            ProblemException.conflict("this key comes from the node's settings; change it there"))
        : keys.revoke(key.id());
  }
}
