package io.centralita.extraction;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.onSuccess;

import io.centralita.access.Asker;
import io.centralita.access.Principal;
import io.centralita.extraction.Downloads.Range;
import io.centralita.extraction.ExtractionRow.WrittenFile;
import io.centralita.http.Parameters;
import io.centralita.http.Problem;
import io.centralita.http.ProblemException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.ContentDisposition;
import org.apache.pekko.http.javadsl.model.headers.ContentDispositionTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Compression;

/** {@code …/file}: the whole of it, or a range; who takes it is noted. */
final class FileRoute {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int GONE = 410;

  private final ExtractionRuns runs;
  private final Downloads downloads;
  private final Duration kept;
  private final InstantSource clock;

  /**
   * @param kept how long files are kept
   */
  FileRoute(ExtractionRuns runs, Downloads downloads, Duration kept, InstantSource clock) {
    this.runs = runs;
    this.downloads = downloads;
    this.kept = kept;
    this.clock = clock;
  }

  Route route(Asker asker, HttpRequest request, int id) {
    var gzip = Parameters.of(request, "gzip").flag("gzip", false);
    return onSuccess(
        runs.row(asker.who(), id).thenCompose(row -> answer(asker.who(), request, row, gzip)),
        response -> complete(response));
  }

  private CompletionStage<HttpResponse> answer(
      Principal who, HttpRequest request, ExtractionRow row, boolean gzip) {
    var file = file(row);
    var asked = gzip ? Optional.<Range>empty() : range(request, file);
    var range = asked.orElse(Range.whole(file.size()));
    return downloads
        .note(row.id(), who, range, gzip)
        .thenApply(
            noted -> {
              if (!noted) {
                throw gone("the file is not there any more");
              }
              return gzip ? compressed(row, file) : plain(row, file, range, asked.isPresent());
            });
  }

  private WrittenFile file(ExtractionRow row) {
    if (row.returnedAt() != null) {
      throw gone("the extraction was given back");
    }
    if (row.ended()) {
      throw gone("the extraction was cancelled, or failed: there is no file");
    }
    var file = row.file();
    var deliveredAt = row.deliveredAt();
    if (file == null || deliveredAt == null) {
      throw ProblemException.conflict("the file is not written yet: see …/events");
    }
    if (row.fileGoneAt() != null || !deliveredAt.plus(kept).isAfter(clock.instant())) {
      throw gone("files are kept for %d hours, and this one is older".formatted(kept.toHours()));
    }
    return file;
  }

  private static ProblemException gone(String why) {
    return new ProblemException(Problem.of(GONE, why));
  }

  /**
   * The part that is asked for. Several ranges, and what is no range, are passed over, as RFC 9110
   * has it.
   */
  private static Optional<Range> range(HttpRequest request, WrittenFile file) {
    var wanted = request.getHeader("Range").map(header -> header.value().replace(" ", ""));
    var unchanged =
        request.getHeader("If-Range").map(header -> header.value().equals(tag(file))).orElse(true);
    var matcher = RANGE.matcher(wanted.orElse(""));
    if (!unchanged || !matcher.matches()) {
      return Optional.empty();
    }
    var from = matcher.group(1);
    var to = matcher.group(2);
    if (from.isEmpty() && to.isEmpty()) {
      return Optional.empty();
    }
    var last = file.size() - 1;
    var range =
        from.isEmpty()
            ? new Range(Math.max(0, file.size() - Long.parseLong(to)), last)
            : new Range(
                Long.parseLong(from), to.isEmpty() ? last : Math.min(last, Long.parseLong(to)));
    if (!to.isEmpty() && !from.isEmpty() && Long.parseLong(from) > Long.parseLong(to)) {
      return Optional.empty();
    }
    if (range.length() <= 0) {
      throw new ProblemException(
          Problem.of(416, "the file has %d bytes".formatted(file.size()))
              .withHeader("Content-Range", "bytes */" + file.size()));
    }
    return Optional.of(range);
  }

  private HttpResponse plain(ExtractionRow row, WrittenFile file, Range range, boolean partial) {
    var response =
        headers(HttpResponse.create(), row, file, "")
            .withStatus(partial ? PARTIAL : OK)
            .addHeader(RawHeader.create("Accept-Ranges", "bytes"))
            .addHeader(RawHeader.create("ETag", tag(file)))
            .addHeader(RawHeader.create("Repr-Digest", digest(file)));
    var ranged =
        partial
            ? response.addHeader(
                RawHeader.create(
                    "Content-Range",
                    "bytes %d-%d/%d".formatted(range.first(), range.last(), file.size())))
            : response;
    return ranged.withEntity(
        range.length() <= 0
            ? HttpEntities.create(row.format().contentType(), new byte[0])
            : HttpEntities.create(
                row.format().contentType(), range.length(), downloads.bytes(row.id(), range)));
  }

  /** As a gzip file: its checksum is that of the file in it. */
  private HttpResponse compressed(ExtractionRow row, WrittenFile file) {
    return headers(HttpResponse.create(), row, file, ".gz")
        .withEntity(
            HttpEntities.create(
                ContentTypes.create(MediaTypes.applicationBinary("gzip", false)),
                downloads.bytes(row.id(), Range.whole(file.size())).via(Compression.gzip())));
  }

  private static HttpResponse headers(
      HttpResponse response, ExtractionRow row, WrittenFile file, String ending) {
    var name = "extraction-" + row.id() + "." + row.format().word() + ending;
    return response
        .addHeader(
            ContentDisposition.create(ContentDispositionTypes.ATTACHMENT, Map.of("filename", name)))
        .addHeader(RawHeader.create("X-Checksum-SHA256", file.sha256()));
  }

  private static String tag(WrittenFile file) {
    return '"' + file.sha256() + '"';
  }

  private static String digest(WrittenFile file) {
    var bytes = HexFormat.of().parseHex(file.sha256());
    return "sha-256=:" + Base64.getEncoder().encodeToString(bytes) + ":";
  }
}
