package io.centralita.lookup;

import io.centralita.http.Json;
import io.centralita.lookup.Results.Result;
import io.centralita.tables.CsvWriter;
import io.centralita.tables.RowWriter;
import io.centralita.tables.XlsxWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Results as a file, made while it is sent: a client that reads slowly holds up the reading of the
 * next rows, and neither a thread nor memory.
 */
final class Downloads {

  /** What a table is written as. */
  enum Format {
    CSV,
    XLSX
  }

  private static final List<String> HEADER =
      List.of("number", "operator", "outcome", "source", "reason", "at");

  private Downloads() {}

  static Source<ByteString, NotUsed> of(Format format, Source<List<Result>, NotUsed> results) {
    return results
        .statefulMap(
            () -> new Table(format),
            (table, rows) -> Pair.create(table, table.add(rows)),
            table -> Optional.of(table.end()))
        .filter(bytes -> !bytes.isEmpty());
  }

  /** A table being written, and what has been written of it and not been sent. */
  private static final class Table {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final RowWriter writer;

    Table(Format format) {
      try {
        writer = writer(format, written);
        writer.row(HEADER);
      } catch (IOException e) {
        throw new UncheckedIOException(e); // memory does not fail to be written
      }
    }

    private static RowWriter writer(Format format, OutputStream out) throws IOException {
      return switch (format) {
        case CSV -> new CsvWriter(out, false);
        case XLSX -> new XlsxWriter(out, "results");
      };
    }

    ByteString add(List<Result> results) {
      try {
        for (var result : results) {
          writer.row(
              List.of(
                  result.number(),
                  text(result.operator()),
                  result.outcome().name(),
                  text(result.source()),
                  text(result.reason()),
                  Json.time(result.at())));
        }
        return sent();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    ByteString end() {
      try {
        writer.close();
        return sent();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private ByteString sent() {
      var bytes = ByteString.fromArray(written.toByteArray());
      written.reset();
      return bytes;
    }

    private static String text(@Nullable String value) {
      return value == null ? "" : value;
    }
  }
}
