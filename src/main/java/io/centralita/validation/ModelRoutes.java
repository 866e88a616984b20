package io.centralita.validation;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEnd;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.integerSegment;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Asker;
import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.Names;
import io.centralita.access.Reply;
import io.centralita.access.Users;
import io.centralita.http.Cursor;
import io.centralita.http.Json;
import io.centralita.http.Page;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/scoring}: models and rescorings, which those see who may see contacts, and
 * administrators change.
 */
final class ModelRoutes {
  private static final long BODY = 64 << 10;
  private static final int SAMPLE = 100_000;
  private static final Cursor<Long> CURSOR = Cursor.ofNumber();

  /** A version to be added; its fields are those of {@link ModelBody}. */
  record NewModel(
      String name,
      Map<String, Integer> weights,
      Map<String, Integer> points,
      int freshDays,
      int halfLifeDays,
      ModelBody.ThresholdsBody thresholds,
      List<ModelBody.RuleBody> rules) {
    ModelBody body() {
      return new ModelBody(weights, points, freshDays, halfLifeDays, thresholds, rules);
    }
  }

  /**
   * @param sample leads to look at, at most
   */
  record Trial(@Nullable Integer sample) {}

  private final ScoringModels models;
  private final ModelTrial trial;
  private final Rescoring rescoring;
  private final Rescorings rescorings;
  private final Users users;
  private final Authenticated authenticated;
  private final Idempotency idempotency;
  private final Json json;

  ModelRoutes(
      ScoringModels models,
      ModelTrial trial,
      Rescoring rescoring,
      Rescorings rescorings,
      Users users,
      Authenticated authenticated,
      Idempotency idempotency,
      Json json) {
    this.models = models;
    this.trial = trial;
    this.rescoring = rescoring;
    this.rescorings = rescorings;
    this.users = users;
    this.authenticated = authenticated;
    this.idempotency = idempotency;
    this.json = json;
  }

  Route route() {
    return pathPrefix(
        segment("api").slash("v1").slash("scoring"),
        () ->
            concat(
                pathPrefix(
                    "models",
                    () ->
                        concat(
                            pathEnd(
                                () ->
                                    concat(
                                        get(() -> authenticated.asked(this::list)),
                                        post(() -> authenticated.plain(this::create)))),
                            pathPrefix(integerSegment(), this::one))),
                pathPrefix(
                    "rescorings",
                    () ->
                        concat(
                            pathEnd(() -> get(() -> authenticated.asked(this::rescorings))),
                            path(
                                integerSegment(),
                                id -> get(() -> authenticated.plain(a -> rescoring(a, id))))))));
  }

  private Route one(int version) {
    return concat(
        pathEnd(() -> get(() -> authenticated.plain(asker -> show(asker, version)))),
        path("compare", () -> post(() -> authenticated.plain(asker -> compare(asker, version)))),
        path("activate", () -> post(() -> authenticated.plain(asker -> activate(asker, version)))));
  }

  private Route list(Asker asker, HttpRequest request) {
    asker.who().requireContacts();
    var parameters = Parameters.of(request, "cursor", "limit");
    var limit = parameters.number("limit", 50, 1, 200);
    return Json.ok(
        models
            .before(before(parameters), limit + 1)
            .thenApply(rows -> Page.of(rows, limit, row -> CURSOR.encode((long) row.version()))));
  }

  private Route rescorings(Asker asker, HttpRequest request) {
    asker.who().requireContacts();
    var parameters = Parameters.of(request, "cursor", "limit");
    var limit = parameters.number("limit", 50, 1, 200);
    return Json.ok(
        rescorings
            .before(before(parameters), limit + 1)
            .thenApply(rows -> Page.of(rows, limit, row -> CURSOR.encode((long) row.id()))));
  }

  private static int before(Parameters parameters) {
    var before = CURSOR.from(parameters).orElse((long) Integer.MAX_VALUE);
    return (int) Math.min(before, Integer.MAX_VALUE);
  }

  private Route rescoring(Asker asker, int id) {
    asker.who().requireContacts();
    return Json.ok(rescoring.view(id));
  }

  private Route show(Asker asker, int version) {
    asker.who().requireContacts();
    return Json.ok(model(version));
  }

  private CompletionStage<ScoringModels.View> model(int version) {
    return models
        .one(version)
        .thenApply(row -> row.orElseThrow(() -> ProblemException.notFound("scoring model")));
  }

  private Route create(Asker asker) {
    asker.who().requireAdmin();
    return json.body(
        NewModel.class,
        BODY,
        body -> {
          var name = Names.check("name", body.value().name());
          var model = body.value().body();
          var _ = model.model(); // which says what is wrong with it
          return idempotency.idempotent(
              asker.who(),
              body.sha256(),
              () ->
                  users
                      .idOf(asker.who().user())
                      .thenCompose(user -> models.add(user, name, model))
                      .thenCompose(version -> model(version.orElseThrow()))
                      .thenApply(view -> Reply.of(201, view)));
        });
  }

  private Route compare(Asker asker, int version) {
    asker.who().requireContacts();
    return json.bodyOr(
        new Trial(null),
        Trial.class,
        BODY,
        body -> {
          var sample = body.value().sample() == null ? SAMPLE : body.value().sample();
          if (sample < 1 || sample > SAMPLE) {
            throw ProblemException.badRequest("sample", "expected 1 to %d".formatted(SAMPLE));
          }
          return Json.ok(trial.compare(version, sample));
        });
  }

  private Route activate(Asker asker, int version) {
    asker.who().requireAdmin();
    return idempotency.idempotent(
        asker.who(),
        "",
        () -> rescoring.activate(asker, version).thenApply(view -> Reply.of(202, view)));
  }
}
