package io.centralita.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.Multipart;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A file that a request brings as it is: the raw body, or the part {@code file} of a form. */
public final class FileBody {
  private static final String PART = "file";

  /** What a form may have besides its file. */
  private static final long FORM_BYTES = 1 << 20;

  /**
   * A file on its way.
   *
   * @param name what its sender calls it, where a form says so
   */
  public record Coming(Source<ByteString, ?> bytes, Optional<String> name) {}

  private final Set<String> types;
  private final String expected;
  private final Set<String> parameters;
  private final Spool spool;

  /**
   * @param types that senders give to such files, besides that of forms; in small letters
   * @param expected the same, for people
   * @param parameters what belongs in the query, so that a form with a part of that name is told so
   */
  public FileBody(Set<String> types, String expected, Set<String> parameters, Spool spool) {
    this.types = types;
    this.expected = expected;
    this.parameters = parameters;
    this.spool = spool;
  }

  /** Refuses a body that is no file (415) or says that it is too large (413), before it is read. */
  public void require(HttpRequest request) {
    var type = request.entity().getContentType().mediaType();
    var name = type.mainType() + "/" + type.subType();
    var known = name.equals("multipart/form-data") || types.contains(name);
    // What cannot even be read as a media type is left among the other headers.
    if (!known || request.getHeader("Content-Type").isPresent()) {
      throw ProblemException.unsupported("expected Content-Type: " + expected);
    }
    Json.requireNoEncoding(request);
    var length = request.entity().getContentLengthOption();
    if (length.orElse(0) > spool.largest() + FORM_BYTES) {
      throw spool.tooLarge();
    }
  }

  /** Gives the file to its taker, and what the taker makes of it. */
  public <T> CompletionStage<T> receive(
      HttpRequest request, Materializer materializer, Function<Coming, CompletionStage<T>> taker) {
    var entity = request.entity();
    if (!entity.getContentType().mediaType().isMultipart()) {
      return taker.apply(new Coming(entity.withoutSizeLimit().getDataBytes(), Optional.empty()));
    }
    return Unmarshaller.entityToMultipartFormData()
        .unmarshal(entity.withSizeLimit(spool.largest() + FORM_BYTES), materializer)
        .thenCompose(form -> parts(form, materializer, taker))
        .exceptionally(
            failure -> {
              throw spool.refusal(failure, "not a well-formed multipart form");
            })
        .thenCompose(this::onlyOne);
  }

  /**
   * What became of a form.
   *
   * @param files what each part of that name brought
   * @param others the names of the other parts
   */
  private record Parts<T>(List<CompletionStage<T>> files, Set<String> others) {}

  /**
   * Parts come one after another and all are read to their ends, also after one that is refused: so
   * its sender hears why.
   */
  private static <T> CompletionStage<Parts<T>> parts(
      Multipart.FormData form,
      Materializer materializer,
      Function<Coming, CompletionStage<T>> taker) {
    var files = new ArrayList<CompletionStage<T>>();
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
              var received = taker.apply(new Coming(bytes, part.getFilename()));
              files.add(received);
              return received.handle((_, _) -> Done.getInstance());
            })
        .runWith(Sink.ignore(), materializer)
        .thenApply(_ -> new Parts<>(files, others));
  }

  private <T> CompletionStage<T> onlyOne(Parts<T> parts) {
    var files = parts.files();
    if (files.size() != 1) {
      throw ProblemException.badRequest(
          PART, files.isEmpty() ? "the form has no such part" : "given more than once");
    }
    return files.getFirst().thenApply(received -> withoutOthers(received, parts.others()));
  }

  private <T> T withoutOthers(T received, Set<String> others) {
    if (!others.isEmpty()) {
      var other = others.iterator().next();
      throw parameters.contains(other)
          ? ProblemException.badRequest(other, "belongs in the query, and not in the form")
          : ProblemException.badRequest("body", "the form has another part than file");
    }
    return received;
  }
}
