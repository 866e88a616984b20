package io.centralita.tables;

import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * CSV by RFC 4180 in UTF-8. A cell that a spreadsheet would take for a formula gets an apostrophe
 * before it, except where it is a plain number such as +34600123456 or -1.5.
 */
public final class CsvWriter implements RowWriter {
  /** Quotes also what readers that guess the delimiter could take for one. */
  private static final QuoteStrategy OTHER_DELIMITERS =
      new QuoteStrategy() {
        @Override
        public boolean quoteValue(int line, int field, String cell) {
          return cell.indexOf('\t') >= 0 || cell.indexOf(';') >= 0 || cell.indexOf('|') >= 0;
        }
      };

  private final de.siegmar.fastcsv.writer.CsvWriter csv;

  /**
   * @param byteOrderMark whether to begin with the mark by which Excel knows UTF-8
   */
  public CsvWriter(OutputStream out, boolean byteOrderMark) throws IOException {
    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    if (byteOrderMark) {
      writer.write('\uFEFF');
    }
    csv =
        de.siegmar.fastcsv.writer.CsvWriter.builder()
            .lineDelimiter(LineDelimiter.CRLF)
            .quoteStrategy(OTHER_DELIMITERS)
            .bufferSize(1 << 15)
            .build(writer);
  }

  @Override
  public void row(List<String> cells) throws IOException {
    try {
      var row = csv.writeRecord();
      for (var cell : cells) {
        row.writeField(isFormula(cell) ? "'" + cell : cell);
      }
      row.endRecord();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void close() throws IOException {
    csv.close();
  }

  private static boolean isFormula(String cell) {
    if (cell.isEmpty()) {
      return false;
    }
    return switch (cell.charAt(0)) {
      case '=', '@', '\t', '\r' -> true;
      case '+', '-' -> !isNumber(cell);
      default -> false;
    };
  }

  /** Digits after the sign, with at most one point or comma among them. */
  private static boolean isNumber(String cell) {
    var points = 0;
    for (var i = 1; i < cell.length(); i++) {
      var c = cell.charAt(i);
      if ((c == '.' || c == ',') && i > 1) {
        points++;
      } else if (c < '0' || c > '9') {
        return false;
      }
    }
    return cell.length() > 1 && points <= 1;
  }
}
