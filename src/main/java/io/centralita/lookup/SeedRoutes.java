package io.centralita.lookup;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.pathEndOrSingleSlash;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.Directives.post;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.centralita.access.Asker;
import io.centralita.access.Authenticated;
import io.centralita.access.Idempotency;
import io.centralita.access.Names;
import io.centralita.access.Reply;
import io.centralita.http.Json;
import io.centralita.http.ProblemException;
import io.centralita.phone.SpanishNumber;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;

/** The older API's six paths, with its words: {@code /process/}, {@code /consult/} and so on. */
final class SeedRoutes {
  private static final long SMALL_BODY = 16 << 10;

  record ProcessOrder(String user, String file, Delivery number, boolean reprocess) {}

  record OneFile(String user, long id) {}

  record NamedFile(String user, String file) {}

  record OneUser(String user) {}

  record OnePhone(String user, String phone) {}

  /**
   * @param largestJson bytes of a body that carries numbers
   * @param mostNumbers that one file may bring at once
   */
  record Limits(long largestJson, int mostNumbers) {}

  private final UserFiles userFiles;
  private final Results results;
  private final Lookups lookups;
  private final Authenticated authenticated;
  private final Idempotency idempotency;
  private final Json json;
  private final Limits limits;

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
        once("process", ProcessOrder.class, limits.largestJson(), this::process),
        once("pause", NamedFile.class, SMALL_BODY, this::pause),
        once("remove", OneFile.class, SMALL_BODY, this::remove),
        once(segment("phone").slash("consult"), OnePhone.class, SMALL_BODY, this::phoneConsult),
        // These two only read, and their answers may be long: a repetition is done again.
        at(segment("filter_data"), OneUser.class, SMALL_BODY, this::filterData),
        at(segment("consult"), OneFile.class, SMALL_BODY, this::consult));
  }

  private <T> Route once(
      String path, Class<T> type, long largest, BiFunction<Asker, T, CompletionStage<Reply>> work) {
    return once(segment(path), type, largest, work);
  }

  private <T> Route once(
      PathMatcher0 path,
      Class<T> type,
      long largest,
      BiFunction<Asker, T, CompletionStage<Reply>> work) {
    return asked(
        path,
        asker ->
            json.body(
                type,
                largest,
                body ->
                    idempotency.idempotent(
                        asker.who(), body.sha256(), () -> work.apply(asker, body.value()))));
  }

  private <T> Route at(
      PathMatcher0 path, Class<T> type, long largest, BiFunction<Asker, T, Route> answer) {
    return asked(
        path, asker -> json.body(type, largest, body -> answer.apply(asker, body.value())));
  }

  private Route asked(PathMatcher0 path, Function<Asker, Route> inner) {
    return pathPrefix(
        path, () -> pathEndOrSingleSlash(() -> post(() -> authenticated.plain(inner))));
  }

  private CompletionStage<Reply> process(Asker asker, ProcessOrder order) {
    var user = user(order.user());
    var name = Names.check("file", order.file());
    var delivery = order.number().checked("number", limits.mostNumbers());
    return userFiles
        .deliver(asker, user, name, delivery, order.reprocess())
        .thenApply(_ -> SeedAnswers.done("Proceso activado."));
  }

  private CompletionStage<Reply> pause(Asker asker, NamedFile order) {
    return userFiles
        .row(asker.who(), user(order.user()), Names.check("file", order.file()))
        .thenCompose(row -> userFiles.pause(asker, row, "", null))
        .thenApply(_ -> SeedAnswers.done("Proceso pausado"));
  }

  private CompletionStage<Reply> remove(Asker asker, OneFile order) {
    return userFiles
        .row(asker.who(), user(order.user()), order.id())
        .thenCompose(row -> userFiles.remove(asker, row))
        .thenApply(_ -> SeedAnswers.done("Base eliminada correctamente"));
  }

  private CompletionStage<Reply> phoneConsult(Asker asker, OnePhone order) {
    var user = user(order.user());
    asker.who().requireFor(user);
    return switch (SpanishNumber.parse(order.phone())) {
      case SpanishNumber.Invalid fault ->
          throw ProblemException.badRequest("phone", fault.reason());
      case SpanishNumber.Mobile mobile ->
          lookups.one(mobile.national(), user).thenApply(SeedAnswers::pair);
    };
  }

  private Route filterData(Asker asker, OneUser order) {
    var user = user(order.user());
    asker.who().requireFor(user);
    return onSuccess(userFiles.allOf(user), rows -> complete(SeedAnswers.files(rows)));
  }

  private Route consult(Asker asker, OneFile order) {
    var view =
        userFiles.row(asker.who(), user(order.user()), order.id()).thenCompose(userFiles::view);
    return onSuccess(
        view,
        file ->
            complete(SeedAnswers.consulted(file, results.all(file.seed().id(), Outcome.FOUND))));
  }

  private static String user(String name) {
    return Names.check("user", name);
  }
}
