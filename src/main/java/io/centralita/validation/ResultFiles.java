package io.centralita.validation;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.centralita.db.Db;
import io.centralita.http.Json;
import io.centralita.tables.CsvWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * All results of a job as one file, read while it is sent: each step reads what follows the one
 * before, and lets the connection go. A client that reads slowly holds up the next step, and
 * neither a connection nor memory.
 */
final class ResultFiles {

  /** What such a file may be. */
  enum Format {
    CSV,
    /** A JSON object a line. */
    NDJSON
  }

  private static final List<String> HEADER =
      List.of("phone_e164", "platform", "status", "is_active", "attempts", "platform_details");

  private static final int STEP = 4 * Jobs.CHUNK;

  private final Db db;

  ResultFiles(Db db) {
    this.db = db;
  }

  /** The file, in pieces. */
  Source<ByteString, NotUsed> of(int job, Format format) {
    var found =
        Source.unfoldAsync(
            JobResults.Position.START,
            after ->
                JobResults.after(db, job, after, STEP)
                    .thenApply(
                        placed ->
                            placed.isEmpty()
                                ? Optional
                                    .<Pair<JobResults.Position, List<JobResults.Placed>>>empty()
                                : Optional.of(Pair.create(placed.getLast().at(), placed))));
    return switch (format) {
      case CSV ->
          Source.single(csv(List.of(HEADER)))
              .concat(
                  found.map(
                      some ->
                          csv(some.stream().map(one -> ResultFiles.cells(one.result())).toList())));
      case NDJSON -> found.map(ResultFiles::lines);
    };
  }

  private static ByteString csv(List<List<String>> rows) {
    var bytes = new ByteArrayOutputStream(rows.size() * 100);
    try (var writer = new CsvWriter(bytes, false)) {
      for (var row : rows) {
        writer.row(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail to be written
    }
    return ByteString.fromArrayUnsafe(bytes.toByteArray());
  }

  private static List<String> cells(JobResults.Result result) {
    return List.of(
        result.phone(),
        result.platform(),
        result.status(),
        text(result.isActive()),
        Integer.toString(result.attempts()),
        text(result.platformDetails()));
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  private static ByteString lines(List<JobResults.Placed> some) {
    var bytes = new ByteArrayOutputStream(some.size() * 200);
    try {
      for (var one : some) {
        bytes.write(Json.MAPPER.writeValueAsBytes(one.result()));
        bytes.write('\n');
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a result cannot be written", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail to be written
    }
    return ByteString.fromArrayUnsafe(bytes.toByteArray());
  }
}
