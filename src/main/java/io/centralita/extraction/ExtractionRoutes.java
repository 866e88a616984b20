package io.centralita.extraction;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEnd;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.integerSegment;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Asker;
import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.Principal;
import io.centralita.access.Reply;
import io.centralita.http.Cursor;
import io.centralita.http.EventStream;
import io.centralita.http.Json;
import io.centralita.http.Page;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import io.centralita.jobs.RunState.Status;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/extractions}: it parses, asks and renders. */
final class ExtractionRoutes {
  private static final long SMALL_BODY = 16 << 10;
  private static final Cursor<Long> CURSOR = Cursor.ofNumber();

  /**
   * @param value a name; of a segment also its number
   */
  record NewExtraction(String type, @Nullable Object value, int amount, String format) {}

  private final ExtractionRuns runs;
  private final Extractions extractions;
  private final Choices choices;
  private final Downloads downloads;
  private final FileRoute fileRoute;
  private final Limits limits;
  private final EventStream eventStream;
  private final Authenticated authenticated;
  private final Idempotency idempotency;
  private final Json json;

  ExtractionRoutes(
      ExtractionRuns runs,
      Extractions extractions,
      Choices choices,
      Downloads downloads,
      FileRoute fileRoute,
      Limits limits,
      EventStream eventStream,
      Authenticated authenticated,
      Idempotency idempotency,
      Json json) {
    this.runs = runs;
    this.extractions = extractions;
    this.choices = choices;
    this.downloads = downloads;
    this.fileRoute = fileRoute;
    this.limits = limits;
    this.eventStream = eventStream;
    this.authenticated = authenticated;
    this.idempotency = idempotency;
    this.json = json;
  }

  Route route() {
    return pathPrefix(
        segment("api").slash("v1").slash("extractions"),
        () ->
            concat(
                pathEnd(
                    () -> concat(get(() -> asked(this::list)), post(() -> plain(this::create)))),
                pathPrefix(integerSegment(), this::one)));
  }

  private Route one(int id) {
    return concat(
        pathEnd(() -> get(() -> plain(asker -> Json.ok(runs.view(asker.who(), id))))),
        path("cancel", () -> post(() -> plain(asker -> done(asker, () -> runs.cancel(asker, id))))),
        path(
            "return",
            () -> post(() -> plain(asker -> done(asker, () -> runs.giveBack(asker, id))))),
        path(
            "file",
            () -> get(() -> asked((asker, request) -> fileRoute.route(asker, request, id)))),
        path(
            "downloads",
            () -> get(() -> asked((asker, request) -> downloads(asker.who(), request, id)))),
        path("events", () -> get(() -> plain(asker -> events(asker.who(), id)))));
  }

  private Route asked(BiFunction<Asker, HttpRequest, Route> inner) {
    return authenticated.asked(
        (asker, request) -> {
          asker.who().requireContacts();
          return inner.apply(asker, request);
        });
  }

  private Route plain(Function<Asker, Route> inner) {
    return asked(
        (asker, request) -> {
          Parameters.none(request);
          return inner.apply(asker);
        });
  }

  private interface Work {
    CompletionStage<ExtractionView> run();
  }

  private Route done(Asker asker, Work work) {
    return idempotency.idempotent(
        asker.who(), "", () -> work.run().thenApply(view -> Reply.of(200, view)));
  }

  private Route list(Asker asker, HttpRequest request) {
    var parameters = Parameters.of(request, "user", "status", "cursor", "limit");
    var user = asker.who().listed(parameters);
    var status =
        parameters
            .choice(
                "status",
                Arrays.asList(Status.values()),
                choice -> choice.name().toLowerCase(Locale.ROOT))
            .map(Status::name)
            .orElse(null);
    var limit = parameters.number("limit", 50, 1, 200);
    var before = CURSOR.from(parameters).orElse((long) Integer.MAX_VALUE);
    return Json.ok(
        extractions
            .before(user, status, (int) Math.min(before, Integer.MAX_VALUE), limit + 1)
            .thenApply(rows -> Page.of(rows, limit, row -> CURSOR.encode((long) row.id())))
            .thenCompose(
                page ->
                    runs.views(page.items())
                        .thenApply(views -> new Page<>(views, page.nextCursor()))));
  }

  private Route create(Asker asker) {
    return json.body(
        NewExtraction.class,
        SMALL_BODY,
        body ->
            idempotency.idempotent(asker.who(), body.sha256(), () -> create(asker, body.value())));
  }

  private CompletionStage<Reply> create(Asker asker, NewExtraction order) {
    var type = choice("type", order.type(), Type.ALL, Type::word);
    var format = choice("format", order.format(), FileFormat.ALL, FileFormat::word);
    if (order.amount() < limits.least() || order.amount() > limits.most()) {
      throw ProblemException.badRequest(
          "amount",
          "expected a whole number from %d to %d".formatted(limits.least(), limits.most()));
    }
    return choices
        .of(asker.who(), type, value(order.value()))
        .thenCompose(
            choice -> runs.order(asker, new ExtractionRuns.Order(choice, order.amount(), format)))
        .thenApply(ordered -> Reply.of(202, ordered));
  }

  private static <T> T choice(
      String field, String given, List<T> choices, Function<T, String> word) {
    return choices.stream()
        .filter(choice -> word.apply(choice).equals(given))
        .findFirst()
        .orElseThrow(
            () ->
                ProblemException.badRequest(
                    field,
                    "expected one of " + String.join(", ", choices.stream().map(word).toList())));
  }

  private static @Nullable String value(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text -> text;
      case Integer number -> number.toString();
      case Long number -> number.toString();
      default -> throw ProblemException.badRequest(Choice.FIELD, "expected a name or a number");
    };
  }

  private Route downloads(Principal who, HttpRequest request, int id) {
    var parameters = Parameters.of(request, "cursor", "limit");
    var limit = parameters.number("limit", 50, 1, 200);
    var before = CURSOR.from(parameters).orElse(Long.MAX_VALUE);
    return Json.ok(
        runs.row(who, id)
            .thenCompose(row -> downloads.before(row.id(), before, limit + 1))
            .thenApply(rows -> Page.of(rows, limit, row -> CURSOR.encode(row.id()))));
  }

  private Route events(Principal who, int id) {
    return onSuccess(runs.row(who, id), row -> eventStream.of("progress", runs.progress(who, row)));
  }
}
