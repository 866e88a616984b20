package io.centralita.contacts;

import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.integerSegment;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Authenticated;
import io.centralita.http.Cursor;
import io.centralita.http.Json;
import io.centralita.http.Page;
import io.centralita.http.Parameters;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /api/v1/imports/{id}/side-rejects}: what of a file's side tables could not be taken. */
final class SideTableRoutes {
  private static final Cursor<Long> CURSOR = Cursor.ofNumber();

  private final ImportRuns runs;
  private final SideTables sideTables;
  private final Authenticated authenticated;

  SideTableRoutes(ImportRuns runs, SideTables sideTables, Authenticated authenticated) {
    this.runs = runs;
    this.sideTables = sideTables;
    this.authenticated = authenticated;
  }

  Route route() {
    return path(
        segment("api").slash("v1").slash("imports").slash(integerSegment()).slash("side-rejects"),
        id -> get(() -> authenticated.asAdmin((_, request) -> rejects(request, id))));
  }

  private Route rejects(HttpRequest request, int id) {
    var parameters = Parameters.of(request, "cursor", "limit");
    var limit = parameters.number("limit", 500, 1, 5000);
    var after = CURSOR.from(parameters).orElse(0L);
    return Json.ok(
        runs.row(id)
            .thenCompose(row -> sideTables.rejects(row.id(), after, limit + 1))
            .thenApply(rows -> Page.of(rows, limit, reject -> CURSOR.encode((long) reject.no()))));
  }
}
