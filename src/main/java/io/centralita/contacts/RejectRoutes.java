package io.centralita.contacts;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEnd;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.Directives.withRequestTimeout;

import io.centralita.access.Asker;
import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.Reply;
import io.centralita.http.Accepts;
import io.centralita.http.Cursor;
import io.centralita.http.Json;
import io.centralita.http.Page;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.ContentDisposition;
import org.apache.pekko.http.javadsl.model.headers.ContentDispositionTypes;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/imports/{id}/rejects}: it parses, asks and renders. */
final class RejectRoutes {
  private static final Cursor<Long> CURSOR = Cursor.ofNumber();

  private final ImportRuns runs;
  private final ImportRejects rejects;
  private final RejectFiles rejectFiles;
  private final OwnImports imports;
  private final OwnFiles files;
  private final Authenticated authenticated;
  private final Idempotency idempotency;

  RejectRoutes(
      ImportRuns runs,
      ImportRejects rejects,
      RejectFiles rejectFiles,
      OwnImports imports,
      OwnFiles files,
      Authenticated authenticated,
      Idempotency idempotency) {
    this.runs = runs;
    this.rejects = rejects;
    this.rejectFiles = rejectFiles;
    this.imports = imports;
    this.files = files;
    this.authenticated = authenticated;
    this.idempotency = idempotency;
  }

  /** What is below the import's own path, and {@code rejects}. */
  Route route(int id) {
    return concat(
        pathEnd(() -> get(() -> authenticated.asAdmin((_, request) -> list(request, id)))),
        path(
            "summary",
            () -> get(() -> authenticated.asAdmin((_, request) -> summary(request, id)))),
        path(
            "retry",
            () ->
                post(() -> authenticated.asAdmin((asker, request) -> retry(asker, request, id)))));
  }

  private Route list(HttpRequest request, int id) {
    var type = Accepts.choose(request, List.of(Accepts.JSON, Accepts.CSV));
    if (type.equals(Accepts.CSV)) {
      var reason = reason(Parameters.of(request, "reason"));
      return onSuccess(runs.row(id), row -> complete(file(row.id(), reason)));
    }
    var parameters = Parameters.of(request, "reason", "cursor", "limit");
    var reason = reason(parameters);
    var limit = parameters.number("limit", 500, 1, 5000);
    var after = CURSOR.from(parameters).orElse(Long.MIN_VALUE);
    return Json.ok(
        runs.row(id)
            .thenCompose(row -> rejects.after(row.id(), reason, after, limit + 1))
            .thenApply(rows -> Page.of(rows, limit, reject -> CURSOR.encode(reject.rowNo()))));
  }

  private static @Nullable RejectReason reason(Parameters parameters) {
    return parameters.choice("reason", RejectReason.ALL, RejectReason::word).orElse(null);
  }

  private HttpResponse file(int id, @Nullable RejectReason reason) {
    return HttpResponse.create()
        .addHeader(
            ContentDisposition.create(
                ContentDispositionTypes.ATTACHMENT, Map.of("filename", "rejects-" + id + ".csv")))
        .withEntity(HttpEntities.create(ContentTypes.TEXT_CSV_UTF8, rejectFiles.csv(id, reason)));
  }

  private Route summary(HttpRequest request, int id) {
    Parameters.none(request);
    return Json.ok(runs.row(id).thenCompose(row -> rejects.summary(row.id())));
  }

  private Route retry(Asker asker, HttpRequest request, int id) {
    Parameters.none(request);
    return withRequestTimeout(
        ImportUploadRoute.LONGEST_WORK,
        () ->
            idempotency.idempotent(
                asker.who(),
                "",
                () ->
                    runs.row(id)
                        .thenCompose(row -> retry(asker, row))
                        .thenApply(made -> Reply.of(202, new ImportRoutes.Created(made)))));
  }

  private CompletionStage<Integer> retry(Asker asker, Imports.Row row) {
    switch (row.status()) {
      case PENDING, PROCESSING, PAUSED ->
          throw ProblemException.conflict(
              "import %d is not finished: wait for it, or cancel it".formatted(row.id()));
      case COMPLETED, FAILED, CANCELLED -> {}
    }
    return rejects
        .summary(row.id())
        .thenCompose(
            summary -> {
              if (summary.rejected() == 0) {
                throw ProblemException.conflict(
                    "import %d has no rejected rows".formatted(row.id()));
              }
              return imports.made(
                  asker,
                  "rejects of import " + row.id(),
                  "retry-" + row.id(),
                  () -> rejectFiles.sqlite(row.id(), files.begin()));
            });
  }
}
