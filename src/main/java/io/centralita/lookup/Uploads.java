package io.centralita.lookup;

import io.centralita.http.ProblemException;
import io.centralita.phone.SpanishNumber;
import io.centralita.tables.Columns;
import io.centralita.tables.TableException;
import io.centralita.tables.TableReader;
import io.centralita.tables.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.FileIO;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Uploaded files: spooled to disk as they come, then read for their numbers. Bounded throughout.
 */
final class Uploads {

  /** What the numbers' column may be called. */
  private static final Set<String> COLUMN_NAMES =
      Set.of(
          "number",
          "numbers",
          "numero",
          "numeros",
          "phone",
          "phone number",
          "telefono",
          "tel",
          "movil",
          "mobile",
          "celular",
          "msisdn",
          "linea");

  private static final int ROWS_LOOKED_AT = 100;

  /**
   * What an upload brought.
   *
   * @param sha256 of its bytes, in hexadecimal
   */
  record Received(Delivery delivery, String sha256) {}

  private record Spooled(Path path, String sha256) {}

  private final Path folder;
  private final long largest;
  private final int mostNumbers;
  private final Semaphore places;
  private final Executor reading;
  private final Materializer materializer;

  /**
   * @param largest bytes that one file may have
   * @param atOnce files that are received or read at the same time
   * @param reading where files are read
   */
  Uploads(
      Path folder,
      long largest,
      int mostNumbers,
      int atOnce,
      Executor reading,
      Materializer materializer) {
    this.folder = folder;
    this.largest = largest;
    this.mostNumbers = mostNumbers;
    this.places = new Semaphore(atOnce);
    this.reading = reading;
    this.materializer = materializer;
  }

  /** Removes what a killed node left half-received. */
  void clear() {
    try (var left = Files.list(folder)) {
      for (var file : left.toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot clear the uploads' folder", e);
    }
  }

  /**
   * Receives a file and reads its numbers; nothing of it stays on disk. The stage fails with a
   * problem where that cannot be done.
   *
   * @param name tells the format, and must not lie about it
   * @param column the numbers' column, by its header or counted from 1; null to find it
   */
  CompletionStage<Received> receive(
      Source<ByteString, ?> bytes, String name, @Nullable String column) {
    return spool(bytes)
        .thenCompose(
            spooled ->
                CompletableFuture.supplyAsync(
                        () -> new Received(read(spooled.path(), name, column), spooled.sha256()),
                        reading)
                    .whenComplete((_, _) -> discard(spooled.path())));
  }

  private CompletionStage<Spooled> spool(Source<ByteString, ?> bytes) {
    if (!places.tryAcquire()) {
      throw ProblemException.unavailable(
          "as many files are being uploaded as this node takes at once", Duration.ofSeconds(5));
    }
    var file = folder.resolve(UUID.randomUUID().toString());
    var digest = sha256();
    var limited =
        bytes.statefulMap(
            () -> 0L,
            (sum, chunk) -> {
              var total = sum + chunk.size();
              if (total > largest) {
                throw ProblemException.tooLarge(largest);
              }
              digest.update(chunk.asByteBuffer());
              return org.apache.pekko.japi.Pair.create(total, chunk);
            },
            _ -> Optional.empty());
    return limited
        .runWith(FileIO.toPath(file), materializer)
        .handle(
            (_, failure) -> {
              if (failure != null) {
                discard(file);
                throw failed(failure);
              }
              return new Spooled(file, HexFormat.of().formatHex(digest.digest()));
            });
  }

  private static RuntimeException failed(Throwable failure) {
    var cause = failure;
    while (cause.getCause() != null && !(cause instanceof ProblemException)) {
      cause = cause.getCause();
    }
    return cause instanceof RuntimeException e
        ? e
        : ProblemException.badRequest("body", "the upload broke off");
  }

  private void discard(Path file) {
    places.release();
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete an upload", e);
    }
  }

  private Delivery read(Path file, String name, @Nullable String column) {
    try (var table = Tables.open(file, name)) {
      return read(table, column);
    } catch (TableException | Delivery.TooMany e) {
      throw ProblemException.badRequest("file", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read an upload", e);
    }
  }

  private Delivery read(TableReader table, @Nullable String wanted) throws IOException {
    var first = new ArrayList<List<String>>();
    for (var row = table.next(); row != null; row = table.next()) {
      first.add(row.cells());
      if (first.size() == ROWS_LOOKED_AT) {
        break;
      }
    }
    var column = column(first, wanted);
    var delivery = new Delivery(mostNumbers);
    for (var i = column.header() ? 1 : 0; i < first.size(); i++) {
      add(delivery, cell(first.get(i), column.index()));
    }
    if (first.size() == ROWS_LOOKED_AT) {
      for (var row = table.next(); row != null; row = table.next()) {
        add(delivery, row.cell(column.index()));
      }
    }
    if (delivery.received() == 0) {
      throw new TableException("the column of numbers is empty: send at least one number");
    }
    return delivery;
  }

  private static Columns.Column column(List<List<String>> first, @Nullable String wanted) {
    if (wanted == null) {
      return Columns.find(first, COLUMN_NAMES, text -> SpanishNumber.mobile(text) > 0);
    }
    if (wanted.matches("[1-9][0-9]{0,3}")) {
      var index = Integer.parseInt(wanted) - 1;
      var named =
          !first.isEmpty()
              && index < first.getFirst().size()
              && SpanishNumber.mobile(first.getFirst().get(index)) < 0
              && first.size() > 1
              && SpanishNumber.mobile(cell(first.get(1), index)) > 0;
      return new Columns.Column(index, named);
    }
    return Columns.find(first, Set.of(wanted), _ -> false);
  }

  private static void add(Delivery delivery, String text) {
    if (!text.isBlank()) { // an empty cell is no number that came
      delivery.add(text);
    }
  }

  private static String cell(List<String> cells, int column) {
    return column < cells.size() ? cells.get(column) : "";
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
