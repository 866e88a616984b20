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
import static org.apache.pekko.http.javadsl.server.PathMatchers.longSegment;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Asker;
import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.Names;
import io.centralita.access.Principal;
import io.centralita.access.Reply;
import io.centralita.access.Users;
import io.centralita.contacts.Segments.Segment;
import io.centralita.http.Cursor;
import io.centralita.http.Json;
import io.centralita.http.Page;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/segments}: everybody sees and removes his own, an administrator all. */
final class SegmentRoutes {
  private static final long LARGEST_BODY = 16 << 10;
  private static final Cursor<Long> CURSOR = Cursor.ofNumber();

  record NewSegment(String name, Selection filter) {}

  /**
   * A segment as the API shows it.
   *
   * @param count exact; null in a list, where it would have to be found contact by contact
   */
  record View(
      long id,
      String user,
      String name,
      Selection filter,
      @Nullable Long count,
      Instant createdAt) {
    static View of(Segment segment, @Nullable Long count) {
      return new View(
          segment.id(),
          segment.user(),
          segment.name(),
          segment.filter(),
          count,
          segment.createdAt());
    }
  }

  private final Segments segments;
  private final Contacts contacts;
  private final Users users;
  private final Authenticated authenticated;
  private final Idempotency idempotency;
  private final Json json;

  SegmentRoutes(
      Segments segments,
      Contacts contacts,
      Users users,
      Authenticated authenticated,
      Idempotency idempotency,
      Json json) {
    this.segments = segments;
    this.contacts = contacts;
    this.users = users;
    this.authenticated = authenticated;
    this.idempotency = idempotency;
    this.json = json;
  }

  Route route() {
    return pathPrefix(
        segment("api").slash("v1").slash("segments"),
        () ->
            concat(
                pathEnd(
                    () ->
                        concat(
                            get(() -> authenticated.asked(this::list)),
                            post(() -> authenticated.plain(this::create)))),
                path(
                    longSegment(),
                    id ->
                        concat(
                            get(() -> authenticated.plain(asker -> Json.ok(show(asker, id)))),
                            delete(() -> authenticated.plain(asker -> remove(asker, id)))))));
  }

  private Route list(Asker asker, HttpRequest request) {
    asker.who().requireContacts();
    var parameters = Parameters.of(request, "user", "cursor", "limit");
    var user = asker.who().listed(parameters);
    var limit = parameters.number("limit", 50, 1, 200);
    var page =
        segments
            .after(user, CURSOR.from(parameters).orElse(0L), limit + 1)
            .thenApply(rows -> Page.of(rows, limit, row -> CURSOR.encode(row.id())));
    return Json.ok(
        page.thenCompose(
            rows ->
                contacts
                    .countsIfKnown(rows.items().stream().map(Segment::filter).toList())
                    .thenApply(
                        counts -> {
                          var views = new ArrayList<View>();
                          for (var i = 0; i < counts.size(); i++) {
                            views.add(View.of(rows.items().get(i), counts.get(i).orElse(null)));
                          }
                          return new Page<>(views, rows.nextCursor());
                        })));
  }

  private Route create(Asker asker) {
    asker.who().requireContacts();
    return json.body(
        NewSegment.class,
        LARGEST_BODY,
        body -> {
          var name = Names.check("name", body.value().name());
          var filter = body.value().filter().checked("filter.");
          return idempotency.idempotent(
              asker.who(), body.sha256(), () -> create(asker.who(), name, filter));
        });
  }

  private CompletionStage<Reply> create(Principal who, String name, Selection filter) {
    // Counted first: a filter that names what there is not is refused, and not kept.
    return contacts
        .count(filter, "filter.")
        .thenCompose(
            count ->
                users
                    .idOf(who.user())
                    .thenCompose(user -> segments.create(user, name, filter))
                    .thenCompose(
                        id ->
                            segments.find(
                                id.orElseThrow(
                                    () ->
                                        ProblemException.conflict(
                                            "there is a segment of this name: remove it, or"
                                                + " choose another"))))
                    .thenApply(
                        found ->
                            Reply.of(
                                201,
                                View.of(
                                    found.orElseThrow(() -> ProblemException.notFound("segment")),
                                    count))));
  }

  private CompletionStage<View> show(Asker asker, long id) {
    return mine(asker, id)
        .thenCompose(
            segment ->
                contacts
                    .count(segment.filter(), "filter.")
                    .thenApply(count -> View.of(segment, count)));
  }

  private Route remove(Asker asker, long id) {
    var removed = mine(asker, id).thenCompose(segment -> segments.remove(segment.id()));
    return onSuccess(removed, _ -> complete(HttpResponse.create().withStatus(204)));
  }

  // Somebody else's is as good as none: its number tells nothing.
  private CompletionStage<Segment> mine(Asker asker, long id) {
    asker.who().requireContacts();
    return segments
        .find(id)
        .thenCompose(
            found ->
                found
                    .filter(segment -> asker.who().mayActFor(segment.user()))
                    .map(CompletableFuture::completedStage)
                    .orElseGet(
                        () -> CompletableFuture.failedStage(ProblemException.notFound("segment"))));
  }
}
