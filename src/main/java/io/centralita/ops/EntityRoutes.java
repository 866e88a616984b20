package io.centralita.ops;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEnd;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Asker;
import io.centralita.access.Audit;
import io.centralita.access.Audit.Action;
import io.centralita.access.Idempotency;
import io.centralita.access.Reply;
import io.centralita.actor.EntityKind;
import io.centralita.http.Json;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import io.centralita.ops.History.Point;
import io.centralita.ops.NodeMessage.Verb;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /api/v1/ops/entities}: lists, one entity, its journal, and what may be done to it. */
final class EntityRoutes {

  private static final int LONGEST_ID = 300;
  private static final PathMatcher1<String> PAUSING = segment(Pattern.compile("pause|resume"));

  private final Kinds kinds;
  private final Inspector inspector;
  private final History history;
  private final Verbs verbs;
  private final Audit audit;
  private final Idempotency idempotency;

  EntityRoutes(
      Kinds kinds,
      Inspector inspector,
      History history,
      Verbs verbs,
      Audit audit,
      Idempotency idempotency) {
    this.kinds = kinds;
    this.inspector = inspector;
    this.history = history;
    this.verbs = verbs;
    this.audit = audit;
    this.idempotency = idempotency;
  }

  /**
   * The routes below {@code entities}.
   *
   * @param asked lets administrators in, and tells the inner route who it is
   */
  Route route(Function<BiFunction<Asker, HttpRequest, Route>, Route> asked) {
    return concat(
        pathEnd(() -> get(() -> asked.apply((_, request) -> list(request)))),
        pathPrefix(
            segment().slash(segment()),
            (type, id) ->
                concat(
                    pathEnd(() -> get(() -> asked.apply((o, r) -> one(o, r, type, id)))),
                    path(
                        "journal", () -> get(() -> asked.apply((o, r) -> journal(o, r, type, id)))),
                    path(
                        segment("journal").slash("diff"),
                        () -> get(() -> asked.apply((o, r) -> diff(o, r, type, id)))),
                    path(
                        "passivate",
                        () ->
                            post(() -> asked.apply((o, r) -> act(o, r, Verb.PASSIVATE, type, id)))),
                    path(
                        "restart",
                        () -> post(() -> asked.apply((o, r) -> act(o, r, Verb.RESTART, type, id)))),
                    path(PAUSING, _ -> post(() -> asked.apply((_, _) -> neverPaused(type, id)))))));
  }

  private Route list(HttpRequest request) {
    var parameters = Parameters.of(request, "type", "state", "cursor", "limit");
    return Json.ok(
        kinds.list(
            parameters.text("type").orElse(null),
            parameters.text("state").orElse(null),
            parameters.text("cursor").orElse(null),
            parameters.number("limit", 50, 1, 200)));
  }

  private Route one(Asker operator, HttpRequest request, String type, String id) {
    Parameters.of(request);
    var kind = looked(operator, "inspect", type, id);
    return Json.ok(inspector.look(kind, id));
  }

  private Route journal(Asker operator, HttpRequest request, String type, String id) {
    var parameters = Parameters.of(request, "from", "as_of", "limit");
    var asOf = parameters.text("as_of").map(text -> Point.parse("as_of", text));
    var from = parameters.text("from").map(text -> sequenceNr("from", text));
    if (asOf.isPresent() && (from.isPresent() || parameters.text("limit").isPresent())) {
      throw ProblemException.badRequest(
          "as_of", "is for a state; from and limit are for events: give one or the other");
    }
    var limit = parameters.number("limit", 100, 1, 500);
    var kind = looked(operator, "journal", type, id);
    return asOf.isPresent()
        ? Json.ok(history.asOf(kind, id, asOf.get()))
        : Json.ok(history.page(kind, id, from.orElse(1L), limit));
  }

  private static long sequenceNr(String field, String text) {
    if (!text.matches("[1-9][0-9]{0,17}")) {
      throw ProblemException.badRequest(field, "expected a sequence number, from 1");
    }
    return Long.parseLong(text);
  }

  private Route diff(Asker operator, HttpRequest request, String type, String id) {
    var parameters = Parameters.of(request, "from", "to");
    var from = Point.parse("from", parameters.required("from"));
    var to = parameters.text("to").map(text -> Point.parse("to", text)).orElseGet(Point::end);
    var kind = looked(operator, "diff", type, id);
    return Json.ok(history.diff(kind, id, from, to));
  }

  private EntityKind looked(Asker operator, String action, String type, String id) {
    var kind = known(type, id);
    audit.looked(operator, new Action(action, kind.type() + "/" + id, "", false));
    return kind;
  }

  /** The type; a problem (404) where there is none, or the id cannot be one. */
  private EntityKind known(String type, String id) {
    var kind = kinds.named(type);
    if (id.length() > LONGEST_ID || id.chars().anyMatch(Character::isISOControl)) {
      throw ProblemException.notFound(kind.type());
    }
    return kind;
  }

  /** Pausing is for whoever owns it, or for all of a user's at once. */
  private Route neverPaused(String type, String id) {
    var kind = known(type, id);
    throw ProblemException.notFound(
        "verb for one " + kind.type() + "; there are passivate and restart: " + kind.pausing());
  }

  private Route act(Asker operator, HttpRequest request, Verb verb, String type, String id) {
    var dryRun = OpsRoutes.dryRun(request);
    var kind = known(type, id);
    return idempotency.idempotent(
        operator.who(),
        "",
        () ->
            verbs.act(operator, verb, kind, id, dryRun).thenApply(result -> Reply.of(200, result)));
  }
}
