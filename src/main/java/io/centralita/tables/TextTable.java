package io.centralita.tables;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A table in a text file: CSV of any delimiter, or one value a line. */
final class TextTable implements TableReader {
  private final CloseableIterator<Row> rows;
  private final TextRows handler;
  private final Limits limits;

  private TextTable(CloseableIterator<Row> rows, TextRows handler, Limits limits) {
    this.rows = rows;
    this.handler = handler;
    this.limits = limits;
  }

  static TextTable open(Path file, Dialect dialect, Limits limits) throws IOException {
    var reader = reader(file, dialect);
    try {
      for (var skipped = 0; skipped < dialect.skip(); skipped++) {
        var _ = reader.read();
      }
      var handler = new TextRows(limits);
      var csv =
          CsvReader.builder()
              .fieldSeparator(dialect.delimiter())
              // A character no text holds, where quotes mean nothing.
              .quoteCharacter(dialect.quotes() ? '"' : '\uFFFE')
              .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
              .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
              .allowUnclosedQuote(false)
              .detectBomHeader(false)
              .maxBufferSize(limits.rowChars())
              .build(handler, reader);
      return new TextTable(csv.iterator(), handler, limits);
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private static Reader reader(Path file, Dialect dialect) throws IOException {
    var in = Files.newInputStream(file);
    return dialect.charset().equals(StandardCharsets.UTF_8)
        ? new TolerantUtf8(in)
        : new InputStreamReader(in, dialect.charset());
  }

  @Override
  public @Nullable Row next() throws IOException {
    try {
      return rows.hasNext() ? rows.next() : null;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CsvParseException e) {
      if (e.getCause() instanceof TableException own) {
        throw own;
      }
      // The library's message quotes the file.
      throw new TableException(
          "the row that begins in line %d is not valid CSV: a quote is opened and not closed, text follows a closing quote, or a cell is longer than %,d characters; correct that line"
              .formatted(handler.line(), limits.rowChars()));
    }
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
