package io.centralita.lookup;

import io.centralita.http.Cursor;
import io.centralita.http.Page;
import io.centralita.http.ProblemException;
import io.centralita.lookup.FileWindows.FileWindow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** What became of a file's numbers, in the file's order; what was no number comes last. */
public final class Results {

  /** One number of a file, as the API shows it. */
  public record Result(
      String number,
      @Nullable String operator,
      Outcome outcome,
      @Nullable String source,
      @Nullable String reason,
      Instant at) {}

  /**
   * Where a page begins: at an index in a window, or, past the last window, after the last text
   * that was no number.
   */
  private record Place(int window, int index, long afterInvalid) {
    static final Place START = inWindow(0, 0);
    static final Place INVALID = afterInvalid(0);

    static Place inWindow(int window, int index) {
      return new Place(window, index, -1);
    }

    static Place afterInvalid(long id) {
      return new Place(-1, 0, id);
    }

    Place {
      var inWindow = window >= 0 && index >= 0 && afterInvalid == -1;
      var behind = window == -1 && index == 0 && afterInvalid >= 0;
      if (!inWindow && !behind) { // a cursor that we never wrote
        throw new IllegalArgumentException("no place in a list of results");
      }
    }

    boolean inWindows() {
      return window >= 0;
    }

    /** Whether a list of results with this outcome comes by here. */
    boolean isIn(@Nullable Outcome only) {
      return only == null || inWindows() != (only == Outcome.INVALID);
    }
  }

  private static final Cursor<Place> CURSOR =
      new Cursor<>(
          place -> place.window() + "." + place.index() + "." + place.afterInvalid(),
          text -> {
            var parts = text.split("\\.", -1);
            return new Place(
                Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
          });

  private static final int WINDOWS_AT_ONCE = 10;
  private static final int INVALID_AT_ONCE = 2000;

  private record Chunk(List<Result> results, @Nullable Place next) {}

  private final FileWindows windows;
  private final Files files;

  Results(FileWindows windows, Files files) {
    this.windows = windows;
    this.files = files;
  }

  /**
   * A page of results.
   *
   * @param only numbers with this outcome; null for all
   */
  CompletionStage<Page<Result>> page(
      long fileId, @Nullable Outcome only, @Nullable String cursor, int limit) {
    var from = cursor == null ? start(only) : CURSOR.decode(cursor);
    if (!from.isIn(only)) {
      throw ProblemException.badRequest("cursor", "not a next_cursor of this list");
    }
    return page(fileId, only, from, new ArrayList<>(), limit);
  }

  private CompletionStage<Page<Result>> page(
      long fileId, @Nullable Outcome only, Place from, List<Result> gathered, int limit) {
    return chunk(fileId, only, from, limit - gathered.size())
        .thenCompose(
            chunk -> {
              gathered.addAll(chunk.results());
              var next = chunk.next();
              if (next == null || gathered.size() >= limit) {
                return CompletableFuture.completedFuture(
                    new Page<>(List.copyOf(gathered), next == null ? null : CURSOR.encode(next)));
              }
              return page(fileId, only, next, gathered, limit);
            });
  }

  /** All results, a few thousand at a time. */
  Source<List<Result>, NotUsed> all(long fileId, @Nullable Outcome only) {
    return Source.unfoldAsync(
        Optional.of(start(only)),
        from ->
            from.map(
                    place ->
                        chunk(fileId, only, place, Integer.MAX_VALUE)
                            .thenApply(
                                chunk ->
                                    Optional.of(
                                        Pair.create(
                                            Optional.ofNullable(chunk.next()), chunk.results()))))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty())));
  }

  private static Place start(@Nullable Outcome only) {
    return only == Outcome.INVALID ? Place.INVALID : Place.START;
  }

  private CompletionStage<Chunk> chunk(long fileId, @Nullable Outcome only, Place from, int limit) {
    return from.inWindows()
        ? windows
            .from(fileId, from.window(), only, WINDOWS_AT_ONCE)
            .thenApply(read -> ofWindows(read, only, from, limit))
        : files
            .invalid(fileId, from.afterInvalid(), Math.min(limit, INVALID_AT_ONCE))
            .thenApply(read -> ofInvalid(read, Math.min(limit, INVALID_AT_ONCE)));
  }

  private static Chunk ofWindows(
      List<FileWindow> read, @Nullable Outcome only, Place from, int limit) {
    var results = new ArrayList<Result>();
    for (var window : read) {
      var index = window.windowNo() == from.window() ? from.index() : 0;
      for (; index < window.numbers().size(); index++) {
        var finding = window.findings().get(index);
        if (only == null || finding.outcome() == only) {
          if (results.size() == limit) {
            return new Chunk(results, Place.inWindow(window.windowNo(), index));
          }
          results.add(result(window.numbers().get(index), finding));
        }
      }
    }
    if (read.size() == WINDOWS_AT_ONCE) {
      return new Chunk(results, Place.inWindow(read.getLast().windowNo() + 1, 0));
    }
    return new Chunk(results, only == null ? Place.INVALID : null);
  }

  private static Chunk ofInvalid(List<Files.Invalid> read, int limit) {
    var results =
        read.stream()
            .map(
                invalid ->
                    new Result(
                        invalid.text(),
                        null,
                        Outcome.INVALID,
                        null,
                        invalid.reason(),
                        invalid.at()))
            .toList();
    return new Chunk(results, read.size() < limit ? null : Place.afterInvalid(read.getLast().id()));
  }

  static Result result(int number, Finding finding) {
    return new Result(
        String.format(Locale.ROOT, "%09d", number),
        finding.operator() == null ? null : finding.operator().label(),
        finding.outcome(),
        finding.source() == null ? null : finding.source().label(),
        finding.reason(),
        Instant.ofEpochMilli(finding.answeredMs()));
  }
}
