package io.centralita.lookup;

import io.centralita.http.Cursor;
import io.centralita.http.Page;
import io.centralita.http.ProblemException;
import io.centralita.lookup.FileWindows.FileWindow;
import io.centralita.lookup.InvalidTexts.InvalidChunk;
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

  /** The two lists that follow each other. */
  private enum Part {
    NUMBERS,
    INVALID
  }

  /**
   * Where a page begins.
   *
   * @param row the window, or the chunk of texts that are no numbers
   * @param index in that row
   */
  private record Place(Part part, int row, int index) {
    static final Place START = new Place(Part.NUMBERS, 0, 0);
    static final Place INVALID = new Place(Part.INVALID, 0, 0);

    Place {
      if (row < 0 || index < 0) { // a cursor that we never wrote
        throw new IllegalArgumentException("no place in a list of results");
      }
    }

    /** Whether a list of results with this outcome comes by here. */
    boolean isIn(@Nullable Outcome only) {
      return only == null || (part == Part.INVALID) == (only == Outcome.INVALID);
    }
  }

  private static final Cursor<Place> CURSOR =
      new Cursor<>(
          place -> place.part() + "." + place.row() + "." + place.index(),
          text -> {
            var parts = text.split("\\.", -1);
            return new Place(
                Part.valueOf(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
          });

  private static final int WINDOWS_AT_ONCE = 10;
  private static final int CHUNKS_AT_ONCE = 5;

  private record Chunk(List<Result> results, @Nullable Place next) {}

  private final FileWindows windows;
  private final InvalidTexts invalidTexts;

  Results(FileWindows windows, InvalidTexts invalidTexts) {
    this.windows = windows;
    this.invalidTexts = invalidTexts;
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
    return switch (from.part()) {
      case NUMBERS ->
          windows
              .from(fileId, from.row(), only, WINDOWS_AT_ONCE)
              .thenApply(read -> ofWindows(read, only, from, limit));
      case INVALID ->
          invalidTexts
              .from(fileId, from.row(), CHUNKS_AT_ONCE)
              .thenApply(read -> ofInvalid(read, from, limit));
    };
  }

  private static Chunk ofWindows(
      List<FileWindow> read, @Nullable Outcome only, Place from, int limit) {
    var results = new ArrayList<Result>();
    for (var window : read) {
      var index = window.windowNo() == from.row() ? from.index() : 0;
      for (; index < window.numbers().size(); index++) {
        var finding = window.findings().get(index);
        if (only == null || finding.outcome() == only) {
          if (results.size() == limit) {
            return new Chunk(results, new Place(Part.NUMBERS, window.windowNo(), index));
          }
          results.add(result(window.numbers().get(index), finding));
        }
      }
    }
    if (read.size() == WINDOWS_AT_ONCE) {
      return new Chunk(results, new Place(Part.NUMBERS, read.getLast().windowNo() + 1, 0));
    }
    return new Chunk(results, only == null ? Place.INVALID : null);
  }

  private static Chunk ofInvalid(List<InvalidChunk> read, Place from, int limit) {
    var results = new ArrayList<Result>();
    for (var chunk : read) {
      var index = chunk.chunkNo() == from.row() ? from.index() : 0;
      for (; index < chunk.texts().size(); index++) {
        if (results.size() == limit) {
          return new Chunk(results, new Place(Part.INVALID, chunk.chunkNo(), index));
        }
        var reason = chunk.reasons().get(index);
        results.add(
            new Result(chunk.texts().get(index), null, Outcome.INVALID, null, reason, chunk.at()));
      }
    }
    return new Chunk(
        results,
        read.size() == CHUNKS_AT_ONCE
            ? new Place(Part.INVALID, read.getLast().chunkNo() + 1, 0)
            : null);
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
