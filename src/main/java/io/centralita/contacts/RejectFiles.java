package io.centralita.contacts;

import io.centralita.contacts.ImportRejects.Reject;
import io.centralita.tables.CsvWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Rejects as files: as CSV for people, who may mend it, and as SQLite to be imported anew. */
final class RejectFiles {
  private static final List<String> HEADER =
      Stream.concat(Stream.of("row_no", "reason"), ImportField.ALL.stream().map(ImportField::word))
          .toList();

  private final ImportRejects rejects;
  private final Executor disk;
  private final Materializer materializer;

  /**
   * @param disk where files are written
   */
  RejectFiles(ImportRejects rejects, Executor disk, Materializer materializer) {
    this.rejects = rejects;
    this.disk = disk;
    this.materializer = materializer;
  }

  /** As CSV, in pieces, read while it is sent. */
  Source<ByteString, NotUsed> csv(int importId, @Nullable RejectReason reason) {
    return Source.single(csv(List.of(HEADER)))
        .concat(
            rejects
                .all(importId, reason)
                .filter(some -> !some.isEmpty())
                .map(some -> csv(some.stream().map(RejectFiles::cells).toList())));
  }

  private static List<String> cells(Reject reject) {
    var cells = new ArrayList<String>(HEADER.size());
    cells.add(Long.toString(reject.rowNo()));
    cells.add(reject.reason());
    for (var field : ImportField.ALL) {
      cells.add(reject.fields().getOrDefault(field.word(), ""));
    }
    return cells;
  }

  private static ByteString csv(List<List<String>> rows) {
    var bytes = new ByteArrayOutputStream(rows.size() * 200);
    try (var writer = new CsvWriter(bytes, false)) {
      for (var row : rows) {
        writer.row(row);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail to be written
    }
    return ByteString.fromArrayUnsafe(bytes.toByteArray());
  }

  /** Writes an SQLite file of them in which they keep their row ids; gone again where it fails. */
  CompletionStage<Path> sqlite(int importId, Path target) {
    return CompletableFuture.supplyAsync(() -> SqliteWriter.create(target), disk)
        .thenCompose(
            writer ->
                rejects
                    .all(importId, null)
                    .mapAsync(
                        1, some -> CompletableFuture.supplyAsync(() -> add(writer, some), disk))
                    .runWith(Sink.ignore(), materializer)
                    .thenRunAsync(writer::finish, disk)
                    .whenCompleteAsync((_, _) -> writer.close(), disk))
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                OwnFiles.drop(target);
              }
            })
        .thenApply(_ -> target);
  }

  private static int add(SqliteWriter writer, List<Reject> some) {
    var texts = new String[ImportField.ALL.size()];
    for (var reject : some) {
      for (var field : ImportField.ALL) {
        texts[field.place] = reject.fields().getOrDefault(field.word(), "");
      }
      writer.add(reject.rowNo(), texts);
    }
    return some.size();
  }
}
