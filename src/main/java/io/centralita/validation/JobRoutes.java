package io.centralita.validation;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.patch;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEnd;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Asker;
import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.Principal;
import io.centralita.access.Reply;
import io.centralita.db.Db;
import io.centralita.http.Cursor;
import io.centralita.http.EventStream;
import io.centralita.http.Json;
import io.centralita.http.Page;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import io.centralita.jobs.RunState.Status;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.ContentDisposition;
import org.apache.pekko.http.javadsl.model.headers.ContentDispositionTypes;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/validation-jobs}: it parses, asks and renders. */
final class JobRoutes {
  private static final long SMALL_BODY = 16 << 10;
  private static final long BODY = 8 << 20;
  private static final int MOST_NUMBERS = 100_000;
  private static final int LONGEST_NAME = 200;
  private static final ContentType NDJSON =
      ContentTypes.create(
          MediaTypes.customWithFixedCharset(
              "application", "x-ndjson", HttpCharsets.UTF_8, Map.of(), false));
  private static final Cursor<Long> CURSOR = Cursor.ofNumber();
  private static final Cursor<JobResults.Position> RESULTS =
      new Cursor<>(
          at -> "%d.%d.%d".formatted(at.chunk(), at.platform(), at.place()), JobRoutes::position);

  /**
   * @param platforms such as {@code whatsapp}
   * @param phoneNumbers as people write them; or null and a segment
   * @param segment the name or number of a segment of the contacts
   * @param maxNumbers of the segment; all where null
   * @param maxCost what the job's calls may cost; as much as they do where null
   * @param batchSize numbers of one call; 25 where null
   * @param maxConcurrent calls under way at once; 20 where null
   * @param retryAttempts calls for one number; 3 where null
   */
  record NewJob(
      String name,
      List<String> platforms,
      @Nullable List<String> phoneNumbers,
      @Nullable String segment,
      @Nullable Integer maxNumbers,
      @Nullable BigDecimal maxCost,
      @Nullable Integer batchSize,
      @Nullable Integer maxConcurrent,
      @Nullable Integer retryAttempts) {}

  record PauseOrder(@Nullable String reason) {}

  /**
   * @param maxCost null: as much as they do
   */
  record CostOrder(@Nullable BigDecimal maxCost) {}

  private final Db db;
  private final JobRuns runs;
  private final Jobs jobs;
  private final ResultFiles files;
  private final EventStream eventStream;
  private final Authenticated authenticated;
  private final Idempotency idempotency;
  private final Json json;

  JobRoutes(
      Db db,
      JobRuns runs,
      Jobs jobs,
      EventStream eventStream,
      Authenticated authenticated,
      Idempotency idempotency,
      Json json) {
    this.db = db;
    this.runs = runs;
    this.jobs = jobs;
    this.files = new ResultFiles(db);
    this.eventStream = eventStream;
    this.authenticated = authenticated;
    this.idempotency = idempotency;
    this.json = json;
  }

  Route route() {
    return pathPrefix(
        segment("api").slash("v1").slash("validation-jobs"),
        () ->
            concat(
                pathEnd(
                    () ->
                        concat(
                            get(() -> authenticated.asked(this::list)),
                            post(() -> authenticated.plain(this::create)))),
                pathPrefix(segment(), this::one)));
  }

  private Route one(String id) {
    return concat(
        pathEnd(
            () ->
                concat(
                    get(() -> authenticated.plain(asker -> Json.ok(runs.view(asker.who(), id)))),
                    patch(() -> authenticated.plain(asker -> change(asker, id))))),
        path("pause", () -> post(() -> authenticated.plain(asker -> pause(asker, id)))),
        path(
            "resume",
            () ->
                post(
                    () -> authenticated.plain(asker -> done(asker, () -> runs.resume(asker, id))))),
        path(
            "cancel",
            () ->
                post(
                    () -> authenticated.plain(asker -> done(asker, () -> runs.cancel(asker, id))))),
        path(
            "results",
            () ->
                get(
                    () ->
                        authenticated.asked(
                            (asker, request) -> results(asker.who(), request, id)))),
        path(
            segment("results").slash("download"),
            () ->
                get(
                    () ->
                        authenticated.asked(
                            (asker, request) -> download(asker.who(), request, id)))),
        path("events", () -> get(() -> authenticated.plain(asker -> events(asker.who(), id)))));
  }

  private interface Work {
    CompletionStage<JobView> run();
  }

  private Route done(Asker asker, Work work) {
    return idempotency.idempotent(
        asker.who(), "", () -> work.run().thenApply(view -> Reply.of(200, view)));
  }

  private Route list(Asker asker, HttpRequest request) {
    var parameters = Parameters.of(request, "user", "status", "cursor", "limit");
    var user = asker.who().listed(parameters);
    var status =
        parameters
            .choice("status", Arrays.asList(Status.values()), JobView::word)
            .map(Status::name)
            .orElse(null);
    var limit = parameters.number("limit", 50, 1, 200);
    var before = CURSOR.from(parameters).orElse((long) Integer.MAX_VALUE);
    return Json.ok(
        jobs.before(user, status, (int) Math.min(before, Integer.MAX_VALUE), limit + 1)
            .thenApply(rows -> Page.of(rows, limit, row -> CURSOR.encode((long) row.id())))
            .thenApply(
                page ->
                    new Page<>(
                        page.items().stream().map(JobView::of).toList(), page.nextCursor())));
  }

  private Route create(Asker asker) {
    return json.body(
        NewJob.class,
        BODY,
        body ->
            idempotency.idempotent(
                asker.who(),
                body.sha256(),
                () -> runs.order(asker, order(body.value())).thenApply(v -> Reply.of(202, v))));
  }

  private static JobRuns.Order order(NewJob job) {
    return new JobRuns.Order(
        name(job.name()),
        platforms(job.platforms()),
        wanted(job),
        number("batch_size", job.batchSize(), 25, 1000),
        number("max_concurrent", job.maxConcurrent(), 20, 1000),
        number("retry_attempts", job.retryAttempts(), 3, 10),
        cost(job.maxCost()));
  }

  private static JobRuns.Wanted wanted(NewJob job) {
    var numbers = job.phoneNumbers();
    var segment = job.segment();
    if (segment != null) {
      if (numbers != null) {
        throw ProblemException.badRequest(
            "segment", "there are phone_numbers, too: give one of the two");
      }
      return new JobRuns.Wanted.Segment(
          segment.strip(),
          job.maxNumbers() == null
              ? null
              : (Integer) number("max_numbers", job.maxNumbers(), 1, JobRuns.MOST));
    }
    if (job.maxNumbers() != null) {
      throw ProblemException.badRequest("max_numbers", "it is for segments: leave it out");
    }
    return new JobRuns.Wanted.Numbers(numbers(numbers == null ? List.of() : numbers));
  }

  private static @Nullable Long cost(@Nullable BigDecimal amount) {
    if (amount == null) {
      return null;
    }
    try {
      var micros = Price.micros(amount);
      if (micros >= 0) {
        return micros;
      }
    } catch (ArithmeticException _) {
      throw badCost();
    }
    throw badCost();
  }

  private static ProblemException badCost() {
    return ProblemException.badRequest(
        "max_cost", "expected an amount such as 12.50, with six decimals at most");
  }

  private static String name(String name) {
    var text = name.strip();
    if (text.isEmpty() || text.length() > LONGEST_NAME) {
      throw ProblemException.badRequest(
          "name", "expected 1 to %d characters".formatted(LONGEST_NAME));
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw ProblemException.badRequest("name", "has a control character");
    }
    return text;
  }

  private static List<Check> platforms(List<String> words) {
    var platforms = new LinkedHashSet<Check>();
    for (var word : words) {
      platforms.add(
          Codes.check(word)
              .orElseThrow(
                  () ->
                      ProblemException.badRequest(
                          "platforms",
                          "expected some of "
                              + String.join(
                                  ", ", Arrays.stream(Check.values()).map(Codes::word).toList()))));
    }
    if (platforms.isEmpty()) {
      throw ProblemException.badRequest("platforms", "expected one at least");
    }
    return List.copyOf(platforms);
  }

  private static List<String> numbers(List<String> numbers) {
    if (numbers.isEmpty()) {
      throw ProblemException.badRequest("phone_numbers", "expected one at least, or a segment");
    }
    if (numbers.size() > MOST_NUMBERS) {
      throw ProblemException.badRequest(
          "phone_numbers",
          "%d numbers: send %d at most with one job".formatted(numbers.size(), MOST_NUMBERS));
    }
    return numbers;
  }

  private static int number(String field, @Nullable Integer given, int otherwise, int most) {
    var number = given == null ? otherwise : given;
    if (number < 1 || number > most) {
      throw ProblemException.badRequest(
          field, "expected a whole number from 1 to %d".formatted(most));
    }
    return number;
  }

  private Route pause(Asker asker, String id) {
    return json.bodyOr(
        new PauseOrder(null),
        PauseOrder.class,
        SMALL_BODY,
        body -> {
          var given = body.value().reason();
          var reason = given == null || given.isBlank() ? "" : name(given);
          return idempotency.idempotent(
              asker.who(),
              body.sha256(),
              () -> runs.pause(asker, id, reason).thenApply(view -> Reply.of(200, view)));
        });
  }

  private Route change(Asker asker, String id) {
    return json.body(
        CostOrder.class,
        SMALL_BODY,
        body -> {
          var cost = cost(body.value().maxCost());
          return idempotency.idempotent(
              asker.who(),
              body.sha256(),
              () -> runs.maxCost(asker, id, cost).thenApply(view -> Reply.of(200, view)));
        });
  }

  private Route results(Principal who, HttpRequest request, String id) {
    var parameters = Parameters.of(request, "cursor", "limit");
    var limit = parameters.number("limit", 100, 1, 1000);
    var after = RESULTS.from(parameters).orElse(JobResults.Position.START);
    return Json.ok(
        runs.row(who, id)
            .thenCompose(row -> JobResults.after(db, row.id(), after, limit + 1))
            .thenApply(placed -> Page.of(placed, limit, one -> RESULTS.encode(one.at())))
            .thenApply(
                page ->
                    new Page<>(
                        page.items().stream().map(JobResults.Placed::result).toList(),
                        page.nextCursor())));
  }

  private Route download(Principal who, HttpRequest request, String id) {
    var format =
        Parameters.of(request, "format")
            .choice("format", Arrays.asList(ResultFiles.Format.values()), JobRoutes::word)
            .orElse(ResultFiles.Format.CSV);
    return onSuccess(runs.row(who, id), row -> complete(file(row.id(), format)));
  }

  private HttpResponse file(int job, ResultFiles.Format format) {
    var type =
        switch (format) {
          case CSV -> ContentTypes.TEXT_CSV_UTF8;
          case NDJSON -> NDJSON;
        };
    var name = "validation-%d.%s".formatted(job, word(format));
    return HttpResponse.create()
        .addHeader(
            ContentDisposition.create(ContentDispositionTypes.ATTACHMENT, Map.of("filename", name)))
        .withEntity(HttpEntities.create(type, files.of(job, format)));
  }

  private static String word(ResultFiles.Format format) {
    return format.name().toLowerCase(Locale.ROOT);
  }

  private static JobResults.Position position(String text) {
    var parts = text.split("\\.", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException("not a position");
    }
    return new JobResults.Position(
        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  private Route events(Principal who, String id) {
    return onSuccess(runs.row(who, id), row -> eventStream.of("progress", runs.progress(row)));
  }
}
