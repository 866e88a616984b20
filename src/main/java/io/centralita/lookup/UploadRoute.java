package io.centralita.lookup;

import static org.apache.pekko.http.javadsl.server.Directives.extractMaterializer;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;

import io.centralita.access.Asker;
import io.centralita.access.Idempotency;
import io.centralita.access.Names;
import io.centralita.access.Reply;
import io.centralita.http.FileBody;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import io.centralita.http.Spool;
import io.centralita.lookup.Uploads.Received;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.Materializer;
import org.jspecify.annotations.Nullable;

/** A file of numbers sent as it is: the raw body, or the part {@code file} of a form. */
final class UploadRoute {
  /** How JSON and uploads call what an upload has in its query. */
  private static final Set<String> PARAMETERS = Set.of("user", "name", "reprocess", "column");

  private static final Set<String> TYPES =
      Set.of(
          "text/csv",
          "application/csv",
          "text/tab-separated-values",
          "text/plain",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "application/vnd.ms-excel.sheet.macroenabled.12",
          "application/vnd.ms-excel", // what Windows calls a CSV file
          "application/octet-stream",
          "application/x-www-form-urlencoded"); // what curl calls every file

  private static final String EXPECTED =
      "application/json, multipart/form-data, text/csv, text/plain, the type of an XLSX file, or"
          + " application/octet-stream";

  /** What the query says of the file. */
  private record Order(String user, String name, boolean reprocess, @Nullable String column) {}

  private final UserFiles userFiles;
  private final Uploads uploads;
  private final Spool spool;
  private final FileBody fileBody;
  private final Idempotency idempotency;

  UploadRoute(UserFiles userFiles, Uploads uploads, Spool spool, Idempotency idempotency) {
    this.userFiles = userFiles;
    this.uploads = uploads;
    this.spool = spool;
    this.fileBody = new FileBody(TYPES, EXPECTED, PARAMETERS, spool);
    this.idempotency = idempotency;
  }

  Route route(Asker asker, HttpRequest request) {
    var order = order(Parameters.of(request, "user", "name", "reprocess", "column"));
    asker.who().requireFor(order.user());
    fileBody.require(request);
    return extractMaterializer(
        materializer ->
            onSuccess(
                spool.inTurn(() -> received(request, order, materializer)),
                received ->
                    idempotency.idempotent(
                        asker.who(),
                        received.sha256(),
                        () -> deliver(asker, order, received.delivery()))));
  }

  private static Order order(Parameters parameters) {
    var column = parameters.text("column").map(String::strip);
    if (column.filter(String::isEmpty).isPresent()) {
      throw ProblemException.badRequest("column", "empty");
    }
    return new Order(
        Names.check("user", parameters.required("user")),
        Names.check("name", parameters.required("name")),
        parameters.flag("reprocess", false),
        column.orElse(null));
  }

  private CompletionStage<Received> received(
      HttpRequest request, Order order, Materializer materializer) {
    return fileBody.receive(
        request,
        materializer,
        coming -> uploads.receive(coming.bytes(), order.name(), order.column()));
  }

  private CompletionStage<Reply> deliver(Asker asker, Order order, Delivery delivery) {
    return userFiles
        .deliver(asker, order.user(), order.name(), delivery, order.reprocess())
        .thenApply(id -> Reply.of(201, new FileRoutes.Created(id)));
  }
}
