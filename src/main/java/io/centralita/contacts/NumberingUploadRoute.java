package io.centralita.contacts;

import static org.apache.pekko.http.javadsl.server.Directives.extractMaterializer;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;

import io.centralita.access.Asker;
import io.centralita.access.Idempotency;
import io.centralita.access.Names;
import io.centralita.access.Reply;
import io.centralita.contacts.NumberingUpload.Received;
import io.centralita.http.FileBody;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import io.centralita.http.Spool;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.Materializer;
import org.jspecify.annotations.Nullable;

/** A numbering plan sent as its file: the raw body, or the part {@code file} of a form. */
final class NumberingUploadRoute {
  private static final String UNNAMED = "numbering-plan.csv";

  private static final Set<String> TYPES =
      Set.of(
          "text/csv",
          "application/csv",
          "text/plain",
          "application/vnd.ms-excel", // what Windows calls a CSV file
          "application/octet-stream",
          "application/x-www-form-urlencoded"); // what curl calls every file

  private static final String EXPECTED =
      "text/csv, multipart/form-data, text/plain or application/octet-stream";

  private static final String[] PARAMETERS = {"date", "name", "replace"};

  /**
   * What the query says.
   *
   * @param name null where it says none
   */
  private record Order(@Nullable LocalDate date, @Nullable String name, boolean replace) {}

  /**
   * The answer.
   *
   * @param loaded false where this very file was loaded before, and nothing was done
   * @param inForce the plan that is in force; null where there is none
   */
  record Loaded(int id, boolean loaded, @Nullable Integer inForce, NumberingView plan) {}

  private final NumberingRuns runs;
  private final NumberingUpload upload;
  private final Spool spool;
  private final FileBody fileBody;
  private final Idempotency idempotency;

  NumberingUploadRoute(
      NumberingRuns runs, NumberingUpload upload, Spool spool, Idempotency idempotency) {
    this.runs = runs;
    this.upload = upload;
    this.spool = spool;
    this.fileBody = new FileBody(TYPES, EXPECTED, Set.of(PARAMETERS), spool);
    this.idempotency = idempotency;
  }

  Route route(Asker asker, HttpRequest request) {
    var parameters = Parameters.of(request, PARAMETERS);
    var order =
        new Order(
            parameters.text("date").map(NumberingUploadRoute::date).orElse(null),
            parameters.text("name").map(name -> Names.check("name", name)).orElse(null),
            parameters.flag("replace", false));
    fileBody.require(request);
    return extractMaterializer(
        materializer ->
            onSuccess(
                spool.inTurn(() -> received(request, order, materializer)),
                received ->
                    idempotency.idempotent(
                        asker.who(), received.sha256(), () -> add(asker, received, order))));
  }

  private static LocalDate date(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException _) {
      throw ProblemException.badRequest("date", "expected a day such as 2026-11-01");
    }
  }

  private CompletionStage<Received> received(
      HttpRequest request, Order order, Materializer materializer) {
    return fileBody.receive(
        request,
        materializer,
        coming -> upload.receive(coming.bytes(), order.date(), name(order, coming)));
  }

  private static String name(Order order, FileBody.Coming coming) {
    return Optional.ofNullable(order.name())
        .or(() -> coming.name().map(name -> Names.check("name", name)))
        .orElse(UNNAMED);
  }

  private CompletionStage<Reply> add(Asker asker, Received received, Order order) {
    return runs.add(asker, received, order.replace())
        .thenCompose(
            sent ->
                runs.view(sent.id())
                    .thenCombine(
                        runs.store().inForce(),
                        (view, inForce) ->
                            Reply.of(
                                sent.loaded() ? 201 : 200,
                                new Loaded(
                                    sent.id(),
                                    sent.loaded(),
                                    inForce.map(NumberingStore.Row::id).orElse(null),
                                    view))));
  }
}
