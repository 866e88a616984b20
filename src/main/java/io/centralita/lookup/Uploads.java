package io.centralita.lookup;

import io.centralita.http.ProblemException;
import io.centralita.http.Spool;
import io.centralita.tables.TableException;
import io.centralita.tables.TableReader;
import io.centralita.tables.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Uploaded files: spooled to disk as they come, then read for their numbers. Bounded throughout.
 */
final class Uploads {
  private static final int ROWS_LOOKED_AT = 100;

  /**
   * What an upload brought.
   *
   * @param sha256 of its bytes, in hexadecimal
   */
  record Received(Delivery delivery, String sha256) {}

  private final Path folder;
  private final Spool spool;
  private final int mostNumbers;
  private final Executor reading;

  /**
   * @param reading where files are read
   */
  Uploads(Path folder, Spool spool, int mostNumbers, Executor reading) {
    this.folder = folder;
    this.spool = spool;
    this.mostNumbers = mostNumbers;
    this.reading = reading;
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
    var file = folder.resolve(UUID.randomUUID().toString());
    return spool
        .receive(bytes, file)
        .thenApplyAsync(sha256 -> new Received(read(file, name, column), sha256), reading)
        .whenComplete((_, _) -> delete(file));
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
}
