package io.centralita.http;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaRange;
import org.apache.pekko.http.javadsl.model.MediaType;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.Accept;

/** Which of the media types that a route can give the client wants. */
public final class Accepts {
  public static final MediaType JSON = MediaTypes.APPLICATION_JSON;
  public static final MediaType CSV = MediaTypes.TEXT_CSV;
  public static final MediaType XLSX =
      MediaTypes.APPLICATION_VND_OPENXMLFORMATS_OFFICEDOCUMENT_SPREADSHEETML_SHEET;

  private Accepts() {}

  /**
   * The type wanted most; among equals the one offered first. A problem (406) where none is wanted.
   */
  public static MediaType choose(HttpRequest request, List<MediaType> offered) {
    var accept = request.getHeader(Accept.class);
    if (accept.isEmpty()) {
      return offered.getFirst();
    }
    var ranges = StreamSupport.stream(accept.get().getMediaRanges().spliterator(), false).toList();
    var best = offered.getFirst();
    var bestQuality = 0f;
    for (var type : offered) {
      var quality = quality(ranges, type).orElse(0f);
      if (quality > bestQuality) {
        best = type;
        bestQuality = quality;
      }
    }
    if (bestQuality == 0f) {
      throw new ProblemException(
          Problem.of(
              406,
              "this path gives "
                  + String.join(", ", offered.stream().map(MediaType::toString).toList())));
    }
    return best;
  }

  // text/csv;q=0, */* means: anything but CSV. The most specific range decides.
  private static Optional<Float> quality(List<MediaRange> ranges, MediaType type) {
    return ranges.stream()
        .filter(range -> range.matches(type))
        .max(Comparator.comparingInt(Accepts::specificity))
        .map(MediaRange::qValue);
  }

  private static int specificity(MediaRange range) {
    if (range.mainType().equals("*")) {
      return 0;
    }
    return range.toString().contains("/*") ? 1 : 2;
  }
}
