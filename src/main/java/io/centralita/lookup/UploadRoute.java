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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
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
        Names.check("user", parameters.required("user"), Names.LONGEST),
        Names.check("name", parameters.required("name"), Names.LONGEST),
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
        .thenCompose(form -> receivedPart(form, order, materializer))
        .exceptionally(
            failure -> {
              throw Uploads.refusal(failure, "not a well-formed multipart form");
            });
  }

  /** The form's one file. Parts come one after another, so each is taken or dropped in turn. */
  private CompletionStage<Received> receivedPart(
      Multipart.FormData form, Order order, Materializer materializer) {
    var files = new AtomicInteger();
    return form.getParts()
        .map(part -> (Multipart.FormData.BodyPart) part)
        .mapAsync(
            1,
            part ->
                part.getName().equals(PART) && files.incrementAndGet() == 1
                    ? taken(part, order)
                    : dropped(part, materializer))
        .runWith(Sink.seq(), materializer)
        .thenApply(
            parts -> {
              if (files.get() != 1) {
                throw ProblemException.badRequest(
                    PART, files.get() == 0 ? "the form has no such part" : "given more than once");
              }
              return parts.stream().flatMap(Optional::stream).findFirst().orElseThrow();
            });
  }

  private CompletionStage<Optional<Received>> taken(Multipart.FormData.BodyPart part, Order order) {
    return uploads
        .receive(part.getEntity().getDataBytes(), order.name(), order.column())
        .thenApply(Optional::of);
  }

  private static CompletionStage<Optional<Received>> dropped(
      Multipart.FormData.BodyPart part, Materializer materializer) {
    return part.getEntity()
        .getDataBytes()
        .runWith(Sink.ignore(), materializer)
        .thenCompose(_ -> CompletableFuture.completedFuture(Optional.empty()));
  }

  private CompletionStage<Reply> deliver(Asker asker, Order order, Delivery delivery) {
    return userFiles
        .deliver(asker, order.user(), order.name(), delivery, order.reprocess())
        .thenApply(id -> Reply.of(201, new FileRoutes.Created(id)));
  }
}
