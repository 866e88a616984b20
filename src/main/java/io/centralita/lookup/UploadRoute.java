package io.centralita.lookup;

import static org.apache.pekko.http.javadsl.server.Directives.extractMaterializer;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;

import io.centralita.access.Idempotency;
import io.centralita.access.Names;
import io.centralita.access.Reply;
import io.centralita.http.Json;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import io.centralita.lookup.Uploads.Received;
import io.centralita.lookup.UserFiles.Asker;
import java.util.ArrayList;
import java.util.List;
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
    Json.requireNoEncoding(request);
    var length = request.entity().getContentLengthOption();
    if (length.orElse(0) > uploads.largest() + FORM_BYTES) {
      throw ProblemException.tooLarge(uploads.largest()); // before anything is read
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
              throw Uploads.refusal(failure, "not a well-formed multipart form");
            })
        .thenCompose(UploadRoute::onlyOne);
  }

  /**
   * What became of each part {@code file}. Parts come one after another and all are read to their
   * ends, also after one that is refused: so its sender hears why.
   */
  private CompletionStage<List<CompletionStage<Received>>> parts(
      Multipart.FormData form, Order order, Materializer materializer) {
    var files = new ArrayList<CompletionStage<Received>>();
    return form.getParts()
        .map(part -> (Multipart.FormData.BodyPart) part)
        .mapAsync(
            1,
            part -> {
              var bytes = part.getEntity().getDataBytes();
              var isFile = part.getName().equals(PART);
              if (isFile && !files.isEmpty()) {
                files.add(files.getFirst()); // counted, and refused at the end
              }
              if (!isFile || files.size() > 1) {
                return bytes.runWith(Sink.ignore(), materializer);
              }
              var received = uploads.receive(bytes, order.name(), order.column());
              files.add(received);
              return received.handle((_, _) -> Done.getInstance());
            })
        .runWith(Sink.ignore(), materializer)
        .thenApply(_ -> files);
  }

  private static CompletionStage<Received> onlyOne(List<CompletionStage<Received>> files) {
    if (files.size() != 1) {
      throw ProblemException.badRequest(
          PART, files.isEmpty() ? "the form has no such part" : "given more than once");
    }
    return files.getFirst();
  }

  private CompletionStage<Reply> deliver(Asker asker, Order order, Delivery delivery) {
    return userFiles
        .deliver(asker, order.user(), order.name(), delivery, order.reprocess())
        .thenApply(id -> Reply.of(201, new FileRoutes.Created(id)));
  }
}
