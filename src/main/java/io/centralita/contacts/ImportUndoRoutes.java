package io.centralita.contacts;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.delete;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEnd;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.PathMatchers.integerSegment;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Asker;
import io.centralita.access.Authenticated;
import io.centralita.http.EventStream;
import io.centralita.http.Json;
import io.centralita.http.Parameters;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code DELETE /api/v1/imports/{id}}, and how far that is. */
final class ImportUndoRoutes {
  private final ImportUndoRuns runs;
  private final EventStream eventStream;
  private final Authenticated authenticated;

  ImportUndoRoutes(ImportUndoRuns runs, EventStream eventStream, Authenticated authenticated) {
    this.runs = runs;
    this.eventStream = eventStream;
    this.authenticated = authenticated;
  }

  Route route() {
    return pathPrefix(
        segment("api").slash("v1").slash("imports"), () -> pathPrefix(integerSegment(), this::one));
  }

  private Route one(int id) {
    return concat(
        pathEnd(() -> delete(() -> plain(asker -> begin(asker, id)))),
        pathPrefix(
            "undo",
            () ->
                concat(
                    pathEnd(() -> get(() -> plain(_ -> Json.ok(runs.undo(id))))),
                    path("events", () -> get(() -> plain(_ -> events(id)))))));
  }

  private Route plain(Function<Asker, Route> inner) {
    return authenticated.asAdmin(
        (asker, request) -> {
          Parameters.none(request);
          return inner.apply(asker);
        });
  }

  private Route begin(Asker asker, int id) {
    return onSuccess(
        runs.begin(asker, id),
        view ->
            complete(
                HttpResponse.create()
                    .withStatus(StatusCodes.ACCEPTED)
                    .withEntity(
                        HttpEntities.create(ContentTypes.APPLICATION_JSON, Json.text(view)))));
  }

  private Route events(int id) {
    return onSuccess(runs.undo(id), undo -> eventStream.of("progress", runs.progress(undo)));
  }
}
