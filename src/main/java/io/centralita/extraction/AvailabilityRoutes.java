package io.centralita.extraction;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Asker;
import io.centralita.access.Authenticated;
import io.centralita.contacts.Holdings;
import io.centralita.contacts.PlaceNames;
import io.centralita.contacts.Selection;
import io.centralita.db.Db;
import io.centralita.http.Json;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import io.centralita.phone.PhoneNumber;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.server.Route;

/** What extractions know of contacts: how many there are to be drawn, and who drew one. */
final class AvailabilityRoutes {

  record Available(long available) {}

  record Appearances(List<Appearance> items) {}

  /**
   * That a contact was drawn, and why.
   *
   * @param position from 0 among those that were drawn
   * @param held whether it still is that extraction's
   */
  record Appearance(ExtractionView extraction, int position, boolean held) {}

  private final Db db;
  private final PlaceNames placeNames;
  private final Choices choices;
  private final ExtractionRuns runs;
  private final Authenticated authenticated;

  AvailabilityRoutes(
      Db db,
      PlaceNames placeNames,
      Choices choices,
      ExtractionRuns runs,
      Authenticated authenticated) {
    this.db = db;
    this.placeNames = placeNames;
    this.choices = choices;
    this.runs = runs;
    this.authenticated = authenticated;
  }

  Route route() {
    return pathPrefix(
        segment("api").slash("v1").slash("contacts"),
        () ->
            concat(
                path("availability", () -> get(() -> authenticated.asked(this::availability))),
                path(
                    segment().slash("extractions"),
                    e164 -> get(() -> authenticated.plain(asker -> drawnBy(asker, e164))))));
  }

  private Route availability(Asker asker, HttpRequest request) {
    asker.who().requireContacts();
    if (request.getUri().query().get("type").isEmpty()) {
      var selection = Selection.of(Parameters.of(request, Selection.parametersAnd()));
      return Json.ok(
          db.transaction(
                  "availability",
                  connection ->
                      Holdings.available(connection, placeNames.criteria(connection, selection)))
              .thenApply(Available::new));
    }
    var parameters = Parameters.of(request, "type", "value");
    var type = parameters.choice("type", Type.ALL, Type::word).orElseThrow();
    return Json.ok(
        choices
            .of(asker.who(), type, parameters.text("value").orElse(null))
            .thenCompose(
                choice ->
                    db.transaction(
                        "availability", connection -> choice.available(connection, placeNames)))
            .thenApply(Available::new));
  }

  private Route drawnBy(Asker asker, String e164) {
    asker.who().requireContacts();
    var phone =
        switch (PhoneNumber.parse(e164)) {
          case PhoneNumber.Valid valid -> valid.number();
          case PhoneNumber.Invalid invalid ->
              throw ProblemException.badRequest("e164", "not a number: " + invalid.reason());
        };
    return Json.ok(
        db.transaction("extractions of a contact", c -> Holdings.drawnBy(c, phone))
            .thenCompose(drawn -> appearances(asker, drawn)));
  }

  private CompletionStage<Appearances> appearances(Asker asker, List<Holdings.Drawn> drawn) {
    return runs.byId(asker.who(), drawn.stream().map(Holdings.Drawn::extractionId).toList())
        .thenApply(
            views ->
                new Appearances(
                    drawn.stream()
                        .flatMap(
                            one ->
                                views.stream()
                                    .filter(view -> view.id() == one.extractionId())
                                    .map(view -> new Appearance(view, one.position(), one.held())))
                        .toList()));
  }
}
