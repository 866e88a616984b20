package io.centralita.lookup;

import static org.apache.pekko.http.javadsl.server.Directives.extractMaterializer;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;

import io.centralita.access.Idempotency;
import io.centralita.access.Names;
import io.centralita.access.Reply;
import io.centralita.http.Parameters;
import io.centralita.http.ProblemException;
import io.centralita.lookup.Uploads.Received;
import io.centralita.lookup.UserFiles.Asker;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
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
    var parameters = Parameters.of(request, "user", "name", "reprocess", "column");
    var order =
        new Order(
            Names.check("user", parameters.required("user"), Names.LONGEST),
            Names.check("name", parameters.required("name"), Names.LONGEST),
            parameters.flag("reprocess", false),
            parameters.text("column").orElse(null));
    asker.who().requireFor(order.user());
    return extractMaterializer(
        materializer ->
            onSuccess(
                received(request, order, materializer),
                received ->
                    idempotency.idempotent(
                        asker.who(),
                        received.sha256(),
                        () -> deliver(asker, order, received.delivery()))));
  }

  private CompletionStage<Received> received(
      HttpRequest request, Order order, Materializer materializer) {
    var entity = request.entity().withoutSizeLimit();
    if (!entity.getContentType().mediaType().isMultipart()) {
      return uploads.receive(entity.getDataBytes(), order.name(), order.column());
    }
    return Unmarshaller.entityToMultipartFormData()
        .unmarshal(entity, materializer)
        .exceptionally(
            _ -> {
              throw ProblemException.badRequest("body", "not a well-formed multipart form");
            })
        .thenCompose(form -> receivedPart(form, order, materializer));
  }

  /** The form's one file. Parts come one after another, so each is taken or dropped in turn. */
  private CompletionStage<Received> receivedPart(
      Multipart.FormData form, Order order, Materializer materializer) {
    return form.getParts()
        .map(part -> (Multipart.FormData.BodyPart) part)
        .mapAsync(1, part -> taken(part, order, materializer))
        .runWith(Sink.seq(), materializer)
        .thenApply(
            parts -> {
              var files = parts.stream().flatMap(Optional::stream).toList();
              if (files.size() == 1) {
                return files.getFirst();
              }
              throw ProblemException.badRequest(
                  PART, files.isEmpty() ? "the form has no such part" : "given more than once");
            });
  }

  private CompletionStage<Optional<Received>> taken(
      Multipart.FormData.BodyPart part, Order order, Materializer materializer) {
    var bytes = part.getEntity().getDataBytes();
    return part.getName().equals(PART)
        ? uploads.receive(bytes, order.name(), order.column()).thenApply(Optional::of)
        : bytes.runWith(Sink.ignore(), materializer).thenApply(_ -> Optional.empty());
  }

  private CompletionStage<Reply> deliver(Asker asker, Order order, Delivery delivery) {
    return userFiles
        .deliver(asker, order.user(), order.name(), delivery, order.reprocess())
        .thenApply(id -> Reply.of(201, new FileRoutes.Created(id)));
  }
}
