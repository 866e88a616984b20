package io.centralita.lookup;

import io.centralita.http.ProblemException;
import io.centralita.http.Sha256;
import io.centralita.tables.TableException;
import io.centralita.tables.TableReader;
import io.centralita.tables.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.FileIO;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Uploaded files: spooled to disk as they come, then read for their numbers. Bounded throughout.
 */
final class Uploads {
  private static final int ROWS_LOOKED_AT = 100;

  /** So much of a file that is too large is read and dropped: its sender hears the refusal. */
  private static final long DROPPED = 64L << 20;

  /**
   * What an upload brought.
   *
   * @param sha256 of its bytes, in hexadecimal
   */
  record Received(Delivery delivery, String sha256) {}

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

  long largest() {
    return largest;
  }

  ProblemException tooLarge() {
    return ProblemException.tooLarge("file", largest, "divide it");
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
   * Does the work, holding one of the places that there are.
   *
   * @throws ProblemException (503) where all of them are taken
   */
  <T> CompletionStage<T> inTurn(Supplier<CompletionStage<T>> work) {
    if (!places.tryAcquire()) {
      throw ProblemException.unavailable(
          "as many files are being uploaded as this node takes at once", Duration.ofSeconds(5));
    }
    try {
      return work.get().whenComplete((_, _) -> places.release());
    } catch (RuntimeException | Error e) {
      places.release();
      throw e;
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
    var file = folder.resolve(UUID.randomUUID().toString());
    return spool(bytes, file)
        .thenApplyAsync(sha256 -> new Received(read(file, name, column), sha256), reading)
        .whenComplete((_, _) -> delete(file));
  }

  private CompletionStage<String> spool(Source<ByteString, ?> bytes, Path file) {
    var meter = new Meter();
    return bytes
        .filter(meter::takes)
        .runWith(FileIO.toPath(file), materializer)
        .handle(
            (_, failure) -> {
              if (failure != null) {
                throw refusal(failure, "the upload broke off");
              }
              return meter.sha256();
            });
  }

  /** What is told of a body that did not come whole: a refusal of ours, or that it broke off. */
  RuntimeException refusal(Throwable failure, String brokeOff) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case ProblemException problem -> {
          return problem;
        }
        case EntityStreamSizeException _ -> {
          return tooLarge();
        }
        case IOException disk -> {
          return new UncheckedIOException("an upload cannot be stored", disk);
        }
        default -> {}
      }
    }
    return ProblemException.badRequest("body", brokeOff);
  }

  private static void delete(Path file) {
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
    var column = NumberColumn.find(first, wanted);
    var delivery = new Delivery(mostNumbers);
    for (var cells : first.subList(column.header() ? 1 : 0, first.size())) {
      add(delivery, column.index() < cells.size() ? cells.get(column.index()) : "");
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

  private static void add(Delivery delivery, String text) {
    if (!text.isBlank()) { // an empty cell is no number that came
      delivery.add(text);
    }
  }

  /** Counts what passes, and lets no more pass than a file may have. */
  private final class Meter {
    private final MessageDigest digest = Sha256.begin();
    private long received;

    boolean takes(ByteString chunk) {
      received += chunk.size();
      if (received > largest + DROPPED) {
        throw tooLarge();
      }
      if (received > largest) {
        return false;
      }
      digest.update(chunk.asByteBuffer());
      return true;
    }

    String sha256() {
      if (received > largest) {
        throw tooLarge();
      }
      return HexFormat.of().formatHex(digest.digest());
    }
  }
}
