package io.centralita.contacts;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.delete;
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
import io.centralita.access.Reply;
import io.centralita.http.Cursor;
import io.centralita.http.EventStream;
import io.centralita.http.Json;
import io.centralita.http.Page;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import io.centralita.phone.PhoneNumbers;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/numbering-plans}: it parses, asks and renders. For administrators. */
final class NumberingRoutes {
  private static final long SMALL_BODY = 16 << 10;
  private static final int LONGEST_REASON = 500;
  private static final Cursor<Long> CURSOR = Cursor.ofNumber();

  record PauseOrder(@Nullable String reason) {}

  /**
   * What the plan in force says of a number.
   *
   * @param plan its id; null where none is in force
   * @param mobile null where it is not known
   * @param carrier whom the range was given to; null where there is none
   * @param first of the range, and {@code last}; null where the number is in none
   */
  record Said(
      String phoneE164,
      @Nullable Integer plan,
      @Nullable Boolean mobile,
      @Nullable String carrier,
      @Nullable String first,
      @Nullable String last) {

    static Said of(NumberingPlans.Plan plan, long phone) {
      var line = plan.line(phone);
      var ranges = plan.ranges();
      var range = ranges.find(phone);
      return new Said(
          PhoneNumbers.e164(phone),
          plan.id() == 0 ? null : plan.id(),
          line.kind() == 0 ? null : line.kind() == NumberingPlans.MOBILE,
          range < 0 ? null : ranges.carriers().get(ranges.carrier(range)),
          range < 0 ? null : PhoneNumbers.e164(ranges.first(range)),
          range < 0 ? null : PhoneNumbers.e164(ranges.last(range)));
    }
  }

  private final NumberingRuns runs;
  private final NumberingPlans plans;
  private final NumberingUploadRoute uploads;
  private final EventStream eventStream;
  private final Authenticated authenticated;
  private final Idempotency idempotency;
  private final Json json;

  NumberingRoutes(
      NumberingRuns runs,
      NumberingPlans plans,
      NumberingUploadRoute uploads,
      EventStream eventStream,
      Authenticated authenticated,
      Idempotency idempotency,
      Json json) {
    this.runs = runs;
    this.plans = plans;
    this.uploads = uploads;
    this.eventStream = eventStream;
    this.authenticated = authenticated;
    this.idempotency = idempotency;
    this.json = json;
  }

  Route route() {
    return pathPrefix(
        segment("api").slash("v1").slash("numbering-plans"),
        () ->
            concat(
                pathEnd(
                    () ->
                        concat(
                            get(() -> authenticated.asAdmin((_, request) -> list(request))),
                            post(() -> authenticated.asAdmin(uploads::route)))),
                path(
                    segment("numbers").slash(segment()),
                    number -> get(() -> plain(_ -> said(number)))),
                pathPrefix(integerSegment(), this::one)));
  }

  private Route one(int id) {
    return concat(
        pathEnd(
            () ->
                concat(
                    get(() -> plain(_ -> Json.ok(runs.view(id)))),
                    delete(
                        () ->
                            plain(
                                asker ->
                                    onSuccess(
                                        runs.delete(asker, id),
                                        _ -> complete(HttpResponse.create().withStatus(204))))))),
        path("pause", () -> post(() -> plain(asker -> pause(asker, id)))),
        path("resume", () -> post(() -> plain(asker -> resume(asker, id)))),
        path("events", () -> get(() -> plain(_ -> events(id)))));
  }

  private Route plain(Function<Asker, Route> inner) {
    return authenticated.asAdmin(
        (asker, request) -> {
          Parameters.none(request);
          return inner.apply(asker);
        });
  }

  private Route list(HttpRequest request) {
    var parameters = Parameters.of(request, "cursor", "limit");
    var limit = parameters.number("limit", 50, 1, 200);
    var before = CURSOR.from(parameters).orElse((long) Integer.MAX_VALUE);
    return Json.ok(
        runs.store()
            .before((int) Math.clamp(before, 0L, Integer.MAX_VALUE), limit + 1)
            .thenApply(rows -> Page.of(rows, limit, row -> CURSOR.encode((long) row.id())))
            .thenApply(
                page ->
                    new Page<>(
                        page.items().stream().map(NumberingView::of).toList(), page.nextCursor())));
  }

  private Route said(String number) {
    var phone = ContactNumbers.inPath(number);
    return Json.ok(plans.now().thenApply(plan -> Said.of(plan, phone)));
  }

  private Route pause(Asker asker, int id) {
    return json.bodyOr(
        new PauseOrder(null),
        PauseOrder.class,
        SMALL_BODY,
        body -> {
          var reason = body.value().reason() == null ? "" : body.value().reason().strip();
          check(reason);
          return idempotency.idempotent(
              asker.who(),
              body.sha256(),
              () -> runs.pause(asker, id, reason).thenApply(view -> Reply.of(200, view)));
        });
  }

  private static void check(String reason) {
    if (reason.codePointCount(0, reason.length()) > LONGEST_REASON) {
      throw ProblemException.badRequest("reason", "longer than " + LONGEST_REASON + " characters");
    }
    if (reason.chars().anyMatch(Character::isISOControl)) {
      throw ProblemException.badRequest("reason", "has a control character");
    }
  }

  private Route resume(Asker asker, int id) {
    return idempotency.idempotent(
        asker.who(), "", () -> runs.resume(asker, id).thenApply(view -> Reply.of(200, view)));
  }

  private Route events(int id) {
    return onSuccess(runs.row(id), row -> eventStream.of("progress", runs.progress(row)));
  }
}
