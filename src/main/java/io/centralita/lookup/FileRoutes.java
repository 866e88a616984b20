package io.centralita.lookup;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.delete;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
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
import io.centralita.http.Accepts;
import io.centralita.http.Cursor;
import io.centralita.http.EventStream;
import io.centralita.http.Json;
import io.centralita.http.Page;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.ContentDisposition;
import org.apache.pekko.http.javadsl.model.headers.ContentDispositionTypes;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/files}: it parses, asks and renders. Every rule lives in the file's run. */
final class FileRoutes {
  private static final long SMALL_BODY = 16 << 10;
  private static final int LONGEST_REASON = 500;
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  record NewFile(String user, String name, Delivery numbers, boolean reprocess) {}

  record PauseOrder(@Nullable String reason, @Nullable Instant until) {}

  record Created(long id) {}

  private static final Cursor<Long> CURSOR = Cursor.ofNumber();

  private final UserFiles userFiles;
  private final Results results;
  private final UploadRoute uploads;
  private final ProgressEvents progressEvents;
  private final EventStream eventStream;
  private final Authenticated authenticated;
  private final Idempotency idempotency;
  private final Json json;
  private final SeedRoutes.Limits limits;
  private final InstantSource clock;

  FileRoutes(
      UserFiles userFiles,
      Results results,
      UploadRoute uploads,
      ProgressEvents progressEvents,
      EventStream eventStream,
      Authenticated authenticated,
      Idempotency idempotency,
      Json json,
      SeedRoutes.Limits limits,
      InstantSource clock) {
    this.userFiles = userFiles;
    this.results = results;
    this.uploads = uploads;
    this.progressEvents = progressEvents;
    this.eventStream = eventStream;
    this.authenticated = authenticated;
    this.idempotency = idempotency;
    this.json = json;
    this.limits = limits;
    this.clock = clock;
  }

  Route route() {
    return pathPrefix(
        segment("api").slash("v1").slash("files"),
        () ->
            concat(
                pathEnd(
                    () ->
                        concat(
                            get(() -> authenticated.asked(this::list)),
                            post(() -> authenticated.asked(this::create)))),
                pathPrefix(longSegment(), this::one)));
  }

  private Route one(long id) {
    return concat(
        pathEnd(
            () ->
                concat(
                    get(
                        () ->
                            authenticated.plain(asker -> Json.ok(userFiles.view(asker.who(), id)))),
                    delete(() -> authenticated.plain(asker -> remove(asker, id))))),
        path("pause", () -> post(() -> authenticated.plain(asker -> pause(asker, id)))),
        path("resume", () -> post(() -> authenticated.plain(asker -> resume(asker, id)))),
        path(
            "results",
            () -> get(() -> authenticated.asked((asker, request) -> results(asker, request, id)))),
        path("events", () -> get(() -> authenticated.plain(asker -> events(asker, id)))));
  }

  private Route list(Asker asker, HttpRequest request) {
    var parameters = Parameters.of(request, "user", "status", "cursor", "limit");
    var user = asker.who().listed(parameters);
    var status =
        parameters
            .choice("status", List.of("pending", "processing", "paused", "completed"), word -> word)
            .orElse(null);
    var limit = parameters.number("limit", 50, 1, 200);
    var before = CURSOR.from(parameters).orElse(Long.MAX_VALUE);
    var page =
        userFiles
            .files()
            .before(user, status, before, limit + 1)
            .thenApply(rows -> Page.of(rows, limit, row -> CURSOR.encode(row.id())))
            .thenApply(
                rows ->
                    new Page<>(
                        rows.items().stream().map(FileView::of).map(FileView.Listed::new).toList(),
                        rows.nextCursor()));
    return Json.ok(page);
  }

  private Route create(Asker asker, HttpRequest request) {
    var type = request.entity().getContentType().mediaType();
    return type.equals(MediaTypes.APPLICATION_JSON)
        ? createFromJson(asker, request)
        : uploads.route(asker, request);
  }

  private Route createFromJson(Asker asker, HttpRequest request) {
    if (request.getUri().rawQueryString().isPresent()) {
      throw ProblemException.badRequest(
          "query", "a JSON body carries user and name itself; parameters are for uploads");
    }
    return json.body(
        NewFile.class,
        limits.largestJson(),
        body ->
            idempotency.idempotent(asker.who(), body.sha256(), () -> create(asker, body.value())));
  }

  private CompletionStage<Reply> create(Asker asker, NewFile file) {
    var user = Names.check("user", file.user());
    var name = Names.check("name", file.name());
    var delivery = file.numbers().checked("numbers", limits.mostNumbers());
    return userFiles
        .deliver(asker, user, name, delivery, file.reprocess())
        .thenApply(id -> Reply.of(201, new Created(id)));
  }

  private Route remove(Asker asker, long id) {
    var removed = userFiles.row(asker.who(), id).thenCompose(row -> userFiles.remove(asker, row));
    return onSuccess(removed, _ -> complete(HttpResponse.create().withStatus(204)));
  }

  private Route pause(Asker asker, long id) {
    return json.bodyOr(
        new PauseOrder(null, null),
        PauseOrder.class,
        SMALL_BODY,
        body -> {
          var reason = body.value().reason() == null ? "" : body.value().reason().strip();
          check(reason, body.value().until());
          return idempotency.idempotent(
              asker.who(), body.sha256(), () -> pause(asker, id, reason, body.value().until()));
        });
  }

  private CompletionStage<Reply> pause(
      Asker asker, long id, String reason, @Nullable Instant until) {
    // Looked at here and not before: a repetition of what was done in time is answered as then.
    if (until != null && !until.isAfter(clock.instant())) {
      throw ProblemException.badRequest("until", "in the past");
    }
    return userFiles
        .row(asker.who(), id)
        .thenCompose(row -> userFiles.pause(asker, row, reason, until))
        .thenApply(view -> Reply.of(200, view));
  }

  private static void check(String reason, @Nullable Instant until) {
    if (until != null && until.isAfter(LATEST)) {
      throw ProblemException.badRequest("until", "later than the year 9999");
    }
    if (reason.codePointCount(0, reason.length()) > LONGEST_REASON) {
      throw ProblemException.badRequest("reason", "longer than " + LONGEST_REASON + " characters");
    }
    if (reason.chars().anyMatch(Character::isISOControl)) {
      throw ProblemException.badRequest("reason", "has a control character");
    }
  }

  private Route resume(Asker asker, long id) {
    return idempotency.idempotent(
        asker.who(),
        "",
        () ->
            userFiles
                .row(asker.who(), id)
                .thenCompose(row -> userFiles.resume(asker, row))
                .thenApply(view -> Reply.of(200, view)));
  }

  private Route results(Asker asker, HttpRequest request, long id) {
    var type = Accepts.choose(request, List.of(Accepts.JSON, Accepts.CSV, Accepts.XLSX));
    if (type.equals(Accepts.JSON)) {
      var parameters = Parameters.of(request, "outcome", "cursor", "limit");
      var only = outcome(parameters);
      var cursor = parameters.text("cursor").orElse(null);
      var limit = parameters.number("limit", 500, 1, 5000);
      return Json.ok(
          userFiles
              .row(asker.who(), id)
              .thenCompose(row -> results.page(row.id(), only, cursor, limit)));
    }
    var only = outcome(Parameters.of(request, "outcome"));
    var format = type.equals(Accepts.CSV) ? Downloads.Format.CSV : Downloads.Format.XLSX;
    return onSuccess(userFiles.row(asker.who(), id), row -> complete(download(row, format, only)));
  }

  private static @Nullable Outcome outcome(Parameters parameters) {
    return parameters
        .choice("outcome", Arrays.asList(Outcome.values()), Outcome::name)
        .orElse(null);
  }

  private HttpResponse download(Files.Row row, Downloads.Format format, @Nullable Outcome only) {
    ContentType type =
        switch (format) {
          case CSV -> ContentTypes.TEXT_CSV_UTF8;
          case XLSX ->
              ContentTypes.create(
                  MediaTypes.APPLICATION_VND_OPENXMLFORMATS_OFFICEDOCUMENT_SPREADSHEETML_SHEET);
        };
    var name = "results-" + row.id() + (format == Downloads.Format.CSV ? ".csv" : ".xlsx");
    return HttpResponse.create()
        .addHeader(
            ContentDisposition.create(ContentDispositionTypes.ATTACHMENT, Map.of("filename", name)))
        .withEntity(HttpEntities.create(type, Downloads.of(format, results.all(row.id(), only))));
  }

  private Route events(Asker asker, long id) {
    return onSuccess(
        userFiles.row(asker.who(), id),
        row -> eventStream.of("progress", progressEvents.of(row.id())));
  }
}
