package io.centralita.contacts;

import static org.apache.pekko.http.javadsl.server.Directives.extractMaterializer;
import static org.apache.pekko.http.javadsl.server.Directives.mapRouteResultFuture;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;
import static org.apache.pekko.http.javadsl.server.Directives.withRequestTimeout;

import io.centralita.access.Asker;
import io.centralita.access.Idempotency;
import io.centralita.access.Names;
import io.centralita.access.Reply;
import io.centralita.contacts.OwnImports.Choice;
import io.centralita.http.FileBody;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import io.centralita.http.Spool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.Materializer;

/** A file of contacts sent as it is: the raw body, or the part {@code file} of a form. */
final class ImportUploadRoute {
  private static final String NAMELESS = "upload";
  private static final String COLUMN = "columns.";

  private static final String[] PARAMETERS =
      Stream.concat(
              Stream.of("name", "table"),
              ImportField.ALL.stream().map(field -> COLUMN + field.word()))
          .toArray(String[]::new);

  private static final Set<String> TYPES =
      Set.of(
          "application/vnd.sqlite3",
          "application/x-sqlite3",
          "application/octet-stream",
          "text/csv",
          "application/csv",
          "text/tab-separated-values",
          "text/plain",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "application/vnd.ms-excel.sheet.macroenabled.12",
          "application/vnd.ms-excel", // what Windows calls a CSV file
          "application/x-www-form-urlencoded"); // what curl calls every file

  private static final String EXPECTED =
      "application/json, multipart/form-data, application/vnd.sqlite3, text/csv, the type of an XLSX"
          + " file, or application/octet-stream";

  /** How long a table may take to be made an SQLite file of. */
  static final Duration LONGEST_WORK = Duration.ofSeconds(70);

  /** What was received, and what its form called it. */
  private record Received(String sha256, Optional<String> name) {}

  private final OwnImports imports;
  private final OwnFiles files;
  private final Spool spool;
  private final FileBody fileBody;
  private final Idempotency idempotency;

  ImportUploadRoute(OwnImports imports, OwnFiles files, Spool spool, Idempotency idempotency) {
    this.imports = imports;
    this.files = files;
    this.spool = spool;
    this.fileBody = new FileBody(TYPES, EXPECTED, Set.of(PARAMETERS), spool);
    this.idempotency = idempotency;
  }

  Route route(Asker asker, HttpRequest request) {
    var choice = choice(Parameters.of(request, PARAMETERS));
    fileBody.require(request);
    files.sweepNowAndThen();
    var file = files.begin();
    // Whatever becomes of the request, what nobody took into use goes.
    return mapRouteResultFuture(
        result -> result.whenComplete((_, _) -> OwnFiles.drop(file)),
        () -> withRequestTimeout(LONGEST_WORK, () -> route(asker, request, choice, file)));
  }

  private Route route(Asker asker, HttpRequest request, Choice choice, Path file) {
    return extractMaterializer(
        materializer ->
            onSuccess(
                spool.inTurn(() -> received(request, file, materializer)),
                received ->
                    idempotency.idempotent(
                        asker.who(),
                        received.sha256(),
                        () ->
                            imports
                                .uploaded(asker, file, received.sha256(), named(choice, received))
                                .thenApply(id -> Reply.of(202, new ImportRoutes.Created(id))))));
  }

  private CompletionStage<Received> received(
      HttpRequest request, Path file, Materializer materializer) {
    return fileBody.receive(
        request,
        materializer,
        coming ->
            spool
                .receive(coming.bytes(), file)
                .thenApply(sha256 -> new Received(sha256, coming.name())));
  }

  private static Choice choice(Parameters parameters) {
    var columns = new HashMap<String, String>();
    for (var field : ImportField.ALL) {
      given(parameters, COLUMN + field.word())
          .ifPresent(column -> columns.put(field.word(), column));
    }
    return new Choice(
        parameters.text("name").map(name -> Names.check("name", name)).orElse(""),
        given(parameters, "table").orElse(null),
        columns);
  }

  private static Optional<String> given(Parameters parameters, String name) {
    return parameters.text(name).map(text -> ImportRoutes.check(name, text));
  }

  /** The query's name stands above the form's, of which no folders are taken. */
  private static Choice named(Choice choice, Received received) {
    return choice.name().isEmpty()
        ? new Choice(
            received.name().map(ImportUploadRoute::fileName).orElse(NAMELESS),
            choice.table(),
            choice.columns())
        : choice;
  }

  private static String fileName(String sent) {
    var name = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
    try {
      return Names.check("name", name);
    } catch (ProblemException _) {
      return NAMELESS; // nobody typed it
    }
  }
}
