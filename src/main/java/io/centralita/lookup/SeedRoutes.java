package io.centralita.lookup;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.pathEndOrSingleSlash;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.post;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.Names;
import io.centralita.access.Reply;
import io.centralita.http.Json;
import io.centralita.http.ProblemException;
import io.centralita.http.RequestId;
import io.centralita.lookup.UserFiles.Asker;
import io.centralita.phone.SpanishNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** The older API's six paths, with its words: {@code /process/}, {@code /consult/} and so on. */
final class SeedRoutes {
  private static final long SMALL_BODY = 16 << 10;

  /** Every file of a user that is shown at once; those who have more use the paged list. */
  private static final int MOST_FILES = 10_000;

  record ProcessOrder(String user, String file, List<String> number, @Nullable Boolean reprocess) {}

  record OneFile(String user, long id) {}

  record NamedFile(String user, String file) {}

  record OneUser(String user) {}

  record OnePhone(String user, String phone) {}

  record Done(int code, String status, String message) {
    static Reply reply(String message) {
      return Reply.of(200, new Done(200, "OK", message));
    }
  }

  record Data(List<?> data) {}

  record Message(String message) {}

  record PortalOperator(
      String name,
      @JsonProperty("tradeName") String tradeName,
      @JsonProperty("operatorId") @Nullable String operatorId) {}

  private final UserFiles userFiles;
  private final Results results;
  private final Lookups lookups;
  private final Authenticated authenticated;
  private final Idempotency idempotency;
  private final Json json;
  private final Limits limits;

  /**
   * @param largestJson bytes of a body that carries numbers
   * @param mostNumbers that one file may bring at once
   */
  record Limits(long largestJson, int mostNumbers) {}

  SeedRoutes(
      UserFiles userFiles,
      Results results,
      Lookups lookups,
      Authenticated authenticated,
      Idempotency idempotency,
      Json json,
      Limits limits) {
    this.userFiles = userFiles;
    this.results = results;
    this.lookups = lookups;
    this.authenticated = authenticated;
    this.idempotency = idempotency;
    this.json = json;
    this.limits = limits;
  }

  Route route() {
    return concat(
        done("process", ProcessOrder.class, limits.largestJson(), this::process),
        done("pause", NamedFile.class, SMALL_BODY, this::pause),
        done("remove", OneFile.class, SMALL_BODY, this::remove),
        done("filter_data", OneUser.class, SMALL_BODY, this::filterData),
        done(
            PathMatchers.segment("phone").slash("consult"),
            OnePhone.class,
            SMALL_BODY,
            this::phoneConsult),
        at(
            PathMatchers.segment("consult"),
            asker -> json.body(OneFile.class, SMALL_BODY, body -> consult(asker, body.value()))));
  }

  private <T> Route done(
      String path, Class<T> type, long largest, BiFunction<Asker, T, CompletionStage<Reply>> work) {
    return done(PathMatchers.segment(path), type, largest, work);
  }

  private <T> Route done(
      PathMatcher0 path,
      Class<T> type,
      long largest,
      BiFunction<Asker, T, CompletionStage<Reply>> work) {
    return at(
        path,
        asker ->
            json.body(
                type,
                largest,
                body ->
                    idempotency.idempotent(
                        asker.who(), body.sha256(), () -> work.apply(asker, body.value()))));
  }

  private Route at(PathMatcher0 path, java.util.function.Function<Asker, Route> inner) {
    return pathPrefix(
        path,
        () ->
            pathEndOrSingleSlash(
                () ->
                    post(
                        () ->
                            authenticated.authenticated(
                                who ->
                                    extractRequest(
                                        request ->
                                            inner.apply(new Asker(who, RequestId.of(request))))))));
  }

  private CompletionStage<Reply> process(Asker asker, ProcessOrder order) {
    var user = user(order.user());
    var name = Names.check("file", order.file(), Names.LONGEST);
    var delivery = delivery("number", order.number(), limits.mostNumbers());
    return userFiles
        .deliver(asker, user, name, delivery, Boolean.TRUE.equals(order.reprocess()))
        .thenApply(_ -> Done.reply("Proceso activado."));
  }

  /** The numbers of a request, sorted. */
  static Delivery delivery(String field, List<String> numbers, int most) {
    var delivery = new Delivery(most);
    try {
      numbers.forEach(delivery::add);
    } catch (Delivery.TooMany e) {
      throw ProblemException.badRequest(field, String.valueOf(e.getMessage()));
    }
    return delivery;
  }

  private CompletionStage<Reply> pause(Asker asker, NamedFile order) {
    return userFiles
        .row(asker.who(), user(order.user()), Names.check("file", order.file(), Names.LONGEST))
        .thenCompose(row -> userFiles.pause(asker, row, "", null))
        .thenApply(_ -> Done.reply("Proceso pausado"));
  }

  private CompletionStage<Reply> remove(Asker asker, OneFile order) {
    return userFiles
        .row(asker.who(), user(order.user()), order.id())
        .thenCompose(row -> userFiles.remove(asker, row))
        .thenApply(_ -> Done.reply("Base eliminada correctamente"));
  }

  private CompletionStage<Reply> filterData(Asker asker, OneUser order) {
    var user = user(order.user());
    asker.who().requireFor(user);
    return userFiles
        .files()
        .before(user, null, Long.MAX_VALUE, MOST_FILES)
        .thenApply(
            rows ->
                Reply.of(
                    200, new Data(rows.stream().map(row -> FileView.of(row).seed()).toList())));
  }

  private CompletionStage<Reply> phoneConsult(Asker asker, OnePhone order) {
    var user = user(order.user());
    asker.who().requireFor(user);
    return switch (SpanishNumber.parse(order.phone())) {
      case SpanishNumber.Invalid fault ->
          throw ProblemException.badRequest("phone", fault.reason());
      case SpanishNumber.Mobile mobile ->
          lookups.one(mobile.national(), user).thenApply(finding -> Reply.of(200, pair(finding)));
    };
  }

  private static Data pair(Finding finding) {
    return switch (finding.outcome()) {
      case FOUND -> new Data(List.of(200, portalOperator(finding)));
      case UNKNOWN -> new Data(List.of(404, message(finding)));
      case FAILED, INVALID -> new Data(List.of(502, message(finding)));
    };
  }

  private static PortalOperator portalOperator(Finding finding) {
    var operator = finding.operator();
    return operator == null
        ? new PortalOperator("", "", null)
        : new PortalOperator(operator.name(), operator.tradeName(), operator.operatorId());
  }

  private static Message message(Finding finding) {
    return new Message(finding.reason() == null ? "no answer" : finding.reason());
  }

  private Route consult(Asker asker, OneFile order) {
    var view =
        userFiles
            .row(asker.who(), user(order.user()), order.id())
            .thenCompose(row -> userFiles.view(asker.who(), row.id()));
    return onSuccess(
        view,
        file ->
            complete(
                HttpResponse.create()
                    .withEntity(
                        HttpEntities.create(ContentTypes.APPLICATION_JSON, consulted(file)))));
  }

  /** The answer as a stream: a file of a million numbers takes no more memory than a window. */
  private Source<ByteString, ?> consulted(FileView file) {
    var head =
        "{\"code\":200,\"status\":\"OK\",\"message\":%s,\"nameFile\":%s,\"data\":{\"total\":%d,\"proces\":%d,\"subido\":%d,\"list\":["
            .formatted(
                Json.text(message(file.status())),
                Json.text(file.file()),
                file.total(),
                file.progres(),
                file.subido());
    var list =
        results
            .all(file.id(), Outcome.FOUND)
            .filter(chunk -> !chunk.isEmpty())
            .map(SeedRoutes::listed)
            .intersperse(",");
    return Source.single(head)
        .concat(list)
        .concat(Source.single("]}}"))
        .map(ByteString::fromString);
  }

  private static String listed(List<Results.Result> chunk) {
    var entries = new ArrayList<String>(chunk.size());
    for (var result : chunk) {
      entries.add(
          "{\"number\":\"%s\",\"operator\":%s}"
              .formatted(
                  result.number(), Json.text(result.operator() == null ? "" : result.operator())));
    }
    return String.join(",", entries);
  }

  private static String message(String status) {
    return switch (status) {
      case "processing" -> "Proceso activo";
      case "completed" -> "Proceso completado";
      case "paused" -> "Proceso pausado";
      default -> "Proceso pendiente";
    };
  }

  private static String user(String name) {
    return Names.check("user", name, Names.LONGEST);
  }
}
