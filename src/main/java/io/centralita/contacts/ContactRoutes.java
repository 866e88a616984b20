package io.centralita.contacts;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEnd;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Asker;
import io.centralita.access.Authenticated;
import io.centralita.contacts.Place.Kind;
import io.centralita.http.Accepts;
import io.centralita.http.Json;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.ContentDisposition;
import org.apache.pekko.http.javadsl.model.headers.ContentDispositionTypes;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/contacts} and {@code /api/v1/places}: it parses, asks and renders. */
final class ContactRoutes {
  private static final int LONGEST_NAME = 200;

  record Count(long count) {}

  record Suggestions(List<Suggestion> items) {}

  /**
   * A place or carrier that may be meant.
   *
   * @param state of a municipality, by its code; null where none is known
   */
  record Suggestion(Kind kind, String name, @Nullable String state) {}

  private final Contacts contacts;
  private final ContactExport export;
  private final ContactHistory history;
  private final ContactCheck check;
  private final OptOuts optOuts;
  private final OptOutRoutes optOutRoutes;
  private final PlaceNames placeNames;
  private final Authenticated authenticated;

  ContactRoutes(
      Contacts contacts,
      ContactExport export,
      ContactHistory history,
      ContactCheck check,
      OptOuts optOuts,
      OptOutRoutes optOutRoutes,
      PlaceNames placeNames,
      Authenticated authenticated) {
    this.contacts = contacts;
    this.export = export;
    this.history = history;
    this.check = check;
    this.optOuts = optOuts;
    this.optOutRoutes = optOutRoutes;
    this.placeNames = placeNames;
    this.authenticated = authenticated;
  }

  Route route() {
    return concat(
        pathPrefix(
            segment("api").slash("v1").slash("contacts"),
            () ->
                concat(
                    pathEnd(() -> get(() -> authenticated.asked(this::list))),
                    path("count", () -> get(() -> authenticated.asked(this::count))),
                    path(
                        "check",
                        () -> post(() -> authenticated.asAdmin((_, request) -> check(request)))),
                    pathPrefix(segment(), this::one))),
        path(
            segment("api").slash("v1").slash("places").slash("suggest"),
            () -> get(() -> authenticated.asked(this::suggest))));
  }

  private Route one(String e164) {
    return concat(
        pathEnd(() -> get(() -> authenticated.plain(asker -> show(asker, e164)))),
        path(
            "opt-out",
            () -> post(() -> authenticated.plain(asker -> optOutRoutes.one(asker, e164)))));
  }

  private Route list(Asker asker, HttpRequest request) {
    asker.who().requireContacts();
    var type = Accepts.choose(request, List.of(Accepts.JSON, Accepts.CSV));
    if (type.equals(Accepts.CSV)) {
      var selection = Selection.of(Parameters.of(request, Selection.parametersAnd()));
      return onSuccess(placeNames.criteria(selection), criteria -> complete(file(criteria)));
    }
    var parameters = Parameters.of(request, Selection.parametersAnd("cursor", "limit"));
    return Json.ok(
        contacts.page(
            asker.who(),
            Selection.of(parameters),
            parameters.text("cursor").orElse(null),
            parameters.number("limit", 100, 1, 1000)));
  }

  private HttpResponse file(Criteria criteria) {
    return HttpResponse.create()
        .addHeader(
            ContentDisposition.create(
                ContentDispositionTypes.ATTACHMENT, Map.of("filename", "contacts.csv")))
        .withEntity(HttpEntities.create(ContentTypes.TEXT_CSV_UTF8, export.csv(criteria)));
  }

  private Route count(Asker asker, HttpRequest request) {
    asker.who().requireContacts();
    var selection = Selection.of(Parameters.of(request, Selection.parametersAnd()));
    return Json.ok(contacts.count(selection, "").thenApply(Count::new));
  }

  private Route show(Asker asker, String e164) {
    asker.who().requireContacts();
    var phone = ContactNumbers.inPath(e164);
    return Json.ok(
        contacts
            .find(asker.who(), phone)
            .thenApply(found -> found.orElseThrow(() -> ProblemException.notFound("contact")))
            .thenCompose(
                contact ->
                    optOuts
                        .find(phone)
                        .thenCombine(
                            history.of(phone),
                            (optOut, changes) ->
                                new ContactHistory.Full(contact, optOut.orElse(null), changes))));
  }

  private Route check(HttpRequest request) {
    Parameters.none(request);
    return complete(
        HttpResponse.create()
            .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, check.report())));
  }

  private Route suggest(Asker asker, HttpRequest request) {
    asker.who().requireContacts();
    var parameters = Parameters.of(request, "q", "kind", "limit");
    var text = parameters.required("q");
    if (text.length() > LONGEST_NAME) {
      throw ProblemException.badRequest("q", "longer than " + LONGEST_NAME + " characters");
    }
    if (Folded.key(text).isEmpty()) {
      throw ProblemException.badRequest("q", "expected a name with a letter in it");
    }
    var kind = parameters.choice("kind", Arrays.asList(Kind.values()), Kind::word).orElse(null);
    var most = parameters.number("limit", 10, 1, 50);
    return Json.ok(
        placeNames
            .now()
            .thenApply(
                names ->
                    new Suggestions(
                        names.suggest(kind, text, most).stream()
                            .map(
                                place ->
                                    new Suggestion(
                                        place.kind(), place.name(), names.stateCode(place.state())))
                            .toList())));
  }
}
