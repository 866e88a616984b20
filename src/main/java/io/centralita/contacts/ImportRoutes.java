package io.centralita.contacts;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEnd;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.Directives.withRequestTimeout;
import static org.apache.pekko.http.javadsl.server.PathMatchers.integerSegment;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Asker;
import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.Reply;
import io.centralita.http.Cursor;
import io.centralita.http.EventStream;
import io.centralita.http.Json;
import io.centralita.http.Page;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import io.centralita.jobs.RunState.Status;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/imports}: it parses, asks and renders. Every rule lives in the import's run. */
final class ImportRoutes {
  private static final long SMALL_BODY = 16 << 10;
  private static final int LONGEST_TEXT = 500;

  /**
   * @param file relative to the import folder
   * @param table of the SQLite file; {@code numeros} where it is not given
   * @param columns the column of a field, where it is not the usual one
   */
  record NewImport(String file, @Nullable String table, @Nullable Map<String, String> columns) {}

  record PauseOrder(@Nullable String reason) {}

  record Created(int id) {}

  private static final Cursor<Long> CURSOR = Cursor.ofNumber();

  private final ImportRuns runs;
  private final OwnImports ownImports;
  private final ImportUploadRoute uploads;
  private final RejectRoutes rejects;
  private final EventStream eventStream;
  private final Authenticated authenticated;
  private final Idempotency idempotency;
  private final Json json;

  ImportRoutes(
      ImportRuns runs,
      OwnImports ownImports,
      ImportUploadRoute uploads,
      RejectRoutes rejects,
      EventStream eventStream,
      Authenticated authenticated,
      Idempotency idempotency,
      Json json) {
    this.runs = runs;
    this.ownImports = ownImports;
    this.uploads = uploads;
    this.rejects = rejects;
    this.eventStream = eventStream;
    this.authenticated = authenticated;
    this.idempotency = idempotency;
    this.json = json;
  }

  Route route() {
    return pathPrefix(
        segment("api").slash("v1").slash("imports"),
        () ->
            concat(
                pathEnd(
                    () ->
                        concat(
                            get(() -> authenticated.asAdmin(this::list)),
                            post(() -> authenticated.asAdmin(this::create)))),
                pathPrefix(integerSegment(), this::one)));
  }

  private Route one(int id) {
    return concat(
        pathEnd(() -> get(() -> plain(_ -> Json.ok(runs.view(id))))),
        path("pause", () -> post(() -> plain(asker -> pause(asker, id)))),
        path("resume", () -> post(() -> plain(asker -> done(asker, _ -> runs.resume(asker, id))))),
        path("cancel", () -> post(() -> plain(asker -> done(asker, _ -> runs.cancel(asker, id))))),
        pathPrefix("rejects", () -> rejects.route(id)),
        path("events", () -> get(() -> plain(_ -> events(id)))));
  }

  private Route plain(Function<Asker, Route> inner) {
    return authenticated.asAdmin(
        (asker, request) -> {
          Parameters.none(request);
          return inner.apply(asker);
        });
  }

  private Route done(Asker asker, Function<Asker, CompletionStage<ImportView>> work) {
    return idempotency.idempotent(
        asker.who(), "", () -> work.apply(asker).thenApply(view -> Reply.of(200, view)));
  }

  private Route list(Asker asker, HttpRequest request) {
    var parameters = Parameters.of(request, "status", "cursor", "limit");
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
        runs.imports()
            .before(before.intValue(), status, limit + 1)
            .thenApply(rows -> Page.of(rows, limit, row -> CURSOR.encode((long) row.id())))
            .thenApply(
                page ->
                    new Page<>(
                        page.items().stream().map(ImportView::of).toList(), page.nextCursor())));
  }

  private Route create(Asker asker, HttpRequest request) {
    return request.entity().getContentType().mediaType().equals(MediaTypes.APPLICATION_JSON)
        ? createNamed(asker, request)
        : uploads.route(asker, request);
  }

  private Route createNamed(Asker asker, HttpRequest request) {
    if (request.getUri().rawQueryString().isPresent()) {
      throw ProblemException.badRequest(
          "query", "a JSON body names table and columns itself; parameters are for uploads");
    }
    return withRequestTimeout(
        ImportUploadRoute.LONGEST_WORK,
        () ->
            json.body(
                NewImport.class,
                SMALL_BODY,
                body ->
                    idempotency.idempotent(
                        asker.who(), body.sha256(), () -> create(asker, body.value()))));
  }

  private CompletionStage<Reply> create(Asker asker, NewImport order) {
    var table = order.table() == null ? null : check("table", order.table());
    Map<String, String> columns = order.columns() == null ? Map.of() : order.columns();
    columns.forEach(
        (field, column) -> {
          if (ImportField.of(field).isEmpty()) {
            throw ProblemException.badRequest(
                "columns",
                "unknown field; there are "
                    + String.join(", ", ImportField.ALL.stream().map(ImportField::word).toList()));
          }
          var _ = check("columns." + field, column);
        });
    return ownImports
        .named(asker, new OwnImports.Choice(check("file", order.file()), table, columns))
        .thenApply(id -> Reply.of(202, new Created(id)));
  }

  /** The text; a problem (400) where it cannot be a name. */
  static String check(String field, String text) {
    if (text.isBlank()) {
      throw ProblemException.badRequest(field, "empty");
    }
    if (text.length() > LONGEST_TEXT) {
      throw ProblemException.badRequest(field, "longer than " + LONGEST_TEXT + " characters");
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw ProblemException.badRequest(field, "has a control character");
    }
    return text;
  }

  private Route pause(Asker asker, int id) {
    return json.bodyOr(
        new PauseOrder(null),
        PauseOrder.class,
        SMALL_BODY,
        body -> {
          var reason = body.value().reason() == null ? "" : body.value().reason().strip();
          if (!reason.isEmpty()) {
            var _ = check("reason", reason);
          }
          return idempotency.idempotent(
              asker.who(),
              body.sha256(),
              () -> runs.pause(asker, id, reason, null).thenApply(view -> Reply.of(200, view)));
        });
  }

  private Route events(int id) {
    return onSuccess(runs.row(id), row -> eventStream.of("progress", runs.progress(row)));
  }
}
