package io.centralita.lookup;

import static org.apache.pekko.http.javadsl.server.Directives.extractMaterializer;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;

import io.centralita.access.Asker;
import io.centralita.access.Idempotency;
import io.centralita.access.Names;
import io.centralita.access.Reply;
import io.centralita.http.Json;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import io.centralita.lookup.Uploads.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.Multipart;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;

/** A file of numbers sent as it is: the raw body, or the part {@code file} of a form. */
final class UploadRoute {
  private static final String PART = "file";

  /** How JSON and uploads call what an upload has in its query. */
  private static final Set<String> PARAMETERS = Set.of("user", "name", "reprocess", "column");

  private static final Set<String> TYPES =
      Set.of(
          "multipart/form-data",
          "text/csv",
          "application/csv",
          "text/tab-separated-values",
          "text/plain",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "application/vnd.ms-excel.sheet.macroenabled.12",
          "application/vnd.ms-excel", // what Windows calls a CSV file
          "application/octet-stream",
          "application/x-www-form-urlencoded"); // what curl calls every file

  /** What a form may have besides its file. */
  private static final long FORM_BYTES = 1 << 20;

  /** What the query says of the file. */
  private record Order(String user, String name, boolean reprocess, @Nullable String column) {}

  private final UserFiles userFiles;
  private final Uploads uploads;
  private final Idempotency idempotency;

  UploadRoute(UserFiles userFiles, Uploads uploads, Idempotency idempotency) {
    this.userFiles = userFiles;
    this.uploads = uploads;
    this.idempotency = idempotency;
  }

  Route route(Asker asker, HttpRequest request) {
    var order = order(Parameters.of(request, "user", "name", "reprocess", "column"));
    asker.who().requireFor(order.user());
    requireFile(request);
    Json.requireNoEncoding(request);
    var length = request.entity().getContentLengthOption();
    if (length.orElse(0) > uploads.largest() + FORM_BYTES) {
      throw uploads.tooLarge(); // before anything is read
    }
    return extractMaterializer(
        materializer ->
            onSuccess(
                uploads.inTurn(() -> received(request, order, materializer)),
                received ->
                    idempotency.idempotent(
                        asker.who(),
                        received.sha256(),
                        () -> deliver(asker, order, received.delivery()))));
  }

  /** Refuses (415) a body that its sender does not take for a file of ours, or for a form. */
  private static void requireFile(HttpRequest request) {
    var type = request.entity().getContentType().mediaType();
    var known = TYPES.contains(type.mainType() + "/" + type.subType());
    // What cannot even be read as a media type is left among the other headers.
    if (!known || request.getHeader("Content-Type").isPresent()) {
      throw ProblemException.unsupported(
          "expected Content-Type: application/json, multipart/form-data, text/csv, text/plain,"
              + " the type of an XLSX file, or application/octet-stream");
    }
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
    var entity = request.entity();
    if (!entity.getContentType().mediaType().isMultipart()) {
      return uploads.receive(
          entity.withoutSizeLimit().getDataBytes(), order.name(), order.column());
    }
    return Unmarshaller.entityToMultipartFormData()
        .unmarshal(entity.withSizeLimit(uploads.largest() + FORM_BYTES), materializer)
        .thenCompose(form -> parts(form, order, materializer))
        .exceptionally(
            failure -> {
              throw uploads.refusal(failure, "not a well-formed multipart form");
            })
        .thenCompose(UploadRoute::onlyOne);
  }

  /**
   * What became of a form.
   *
   * @param files what each part of that name brought
   * @param others the names of the other parts
   */
  private record Parts(List<CompletionStage<Received>> files, Set<String> others) {}

  /**
   * Parts come one after another and all are read to their ends, also after one that is refused: so
   * its sender hears why.
   */
  private CompletionStage<Parts> parts(
      Multipart.FormData form, Order order, Materializer materializer) {
    var files = new ArrayList<CompletionStage<Received>>();
    var others = new TreeSet<String>();
    return form.getParts()
        .map(part -> (Multipart.FormData.BodyPart) part)
        .mapAsync(
            1,
            part -> {
              var bytes = part.getEntity().getDataBytes();
              var isFile = part.getName().equals(PART);
              if (isFile && !files.isEmpty()) {
                files.add(files.getFirst()); // counted, and refused at the end
              } else if (!isFile) {
                others.add(part.getName());
              }
              if (!isFile || files.size() > 1) {
                return bytes.runWith(Sink.ignore(), materializer);
              }
              var received = uploads.receive(bytes, order.name(), order.column());
              files.add(received);
              return received.handle((_, _) -> Done.getInstance());
            })
        .runWith(Sink.ignore(), materializer)
        .thenApply(_ -> new Parts(files, others));
  }

  private static CompletionStage<Received> onlyOne(Parts parts) {
    var files = parts.files();
    if (files.size() != 1) {
      throw ProblemException.badRequest(
          PART, files.isEmpty() ? "the form has no such part" : "given more than once");
    }
    return files.getFirst().thenApply(received -> withoutOthers(received, parts.others()));
  }

  private static Received withoutOthers(Received received, Set<String> others) {
    if (!others.isEmpty()) {
      var other = others.iterator().next();
      throw PARAMETERS.contains(other)
          ? ProblemException.badRequest(other, "belongs in the query, and not in the form")
          : ProblemException.badRequest("body", "the form has another part than file");
    }
    return received;
  }

  private CompletionStage<Reply> deliver(Asker asker, Order order, Delivery delivery) {
    return userFiles
        .deliver(asker, order.user(), order.name(), delivery, order.reprocess())
        .thenApply(id -> Reply.of(201, new FileRoutes.Created(id)));
  }
}
