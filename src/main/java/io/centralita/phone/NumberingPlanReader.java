package io.centralita.phone;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.centralita.phone.NumberingFile.BadRow;
import io.centralita.phone.NumberingFile.Loaded;
import io.centralita.phone.NumberingFile.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Mexican numbering authority's list of assigned ranges (IFT, now CRT), in its classic
 * layout of nineteen columns and in the newer one of ten-digit bounds, UTF-8 or Latin-1, row by
 * row.
 *
 * <p>Where ranges overlap, the later row holds.
 */
public final class NumberingPlanReader {
  private static final int BAD_ROWS_KEPT = 100;

  /** The largest file published had fewer than 180,000 rows. */
  private static final long MOST_ROWS = 2_000_000;

  private static final int LONGEST_ROW = 64 * 1024;

  private static final String EXPECTED =
      "expected a header with NUMERACION_INICIAL, NUMERACION_FINAL, MODALIDAD and RAZON_SOCIAL, in the classic layout also NIR, SERIE and TIPO_RED";

  private final NumberingPlanBuilder plan = new NumberingPlanBuilder();
  private final List<BadRow> firstBad = new ArrayList<>();
  private @Nullable NumberingLayout layout;
  private @Nullable LocalDate newest;
  private long rows;
  private long overlaps;
  private long badRows;
  private long line;
  private boolean lastIsBad;

  private NumberingPlanReader() {}

  /** Reads the file to its end; closing the stream is the caller's. */
  public static NumberingFile read(InputStream file) throws IOException {
    return new NumberingPlanReader().readAll(file);
  }

  private NumberingFile readAll(InputStream file) throws IOException {
    var text = new Utf8OrLatin1(file);
    var csv =
        CsvReader.builder()
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .trimWhitespacesAroundQuotes(true)
            .allowUnclosedQuote(false)
            .maxBufferSize(LONGEST_ROW)
            .ofCsvRecord(text);
    try {
      for (var row : csv) {
        line = row.getStartingLineNumber();
        if (layout == null && isHeader(row)) {
          continue;
        }
        if (layout == null) {
          return new Refused("line " + line + ": " + EXPECTED, List.of());
        }
        take(NumberingRow.of(row.getFields(), layout));
        if (rows + badRows > MOST_ROWS) {
          return new Refused("more than 2,000,000 rows: this is no numbering plan", firstBad);
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CsvParseException _) {
      // The library's message quotes the file.
      return new Refused(
          "the row after line %d is not valid CSV: a quote is opened and not closed, text follows a closing quote, or the row is longer than 64 KiB; correct that row"
              .formatted(line),
          firstBad);
    }
    if (lastIsBad && rows > 0 && !text.endsWithLine()) {
      return new Refused(
          "line %d: the file ends in the middle of this row: it was cut off, get it whole"
              .formatted(line),
          List.of());
    }
    if (rows == 0) {
      return new Refused(
          line == 0 ? "the file is empty: " + EXPECTED : "the file has no good row", firstBad);
    }
    return new Loaded(plan.build(), rows, overlaps, badRows, List.copyOf(firstBad), newest);
  }

  /** Finds the layout by the first row; the classic file may begin with its data. */
  private boolean isHeader(CsvRecord row) {
    var announced = NumberingLayout.announcedBy(row.getFields());
    layout = announced.orElse(null);
    if (layout == null
        && NumberingRow.of(row.getFields(), NumberingLayout.HEADLESS)
            instanceof NumberingRow.Assigned) {
      layout = NumberingLayout.HEADLESS;
    }
    return announced.isPresent();
  }

  private void take(NumberingRow row) {
    lastIsBad = row instanceof NumberingRow.Bad;
    switch (row) {
      case NumberingRow.Assigned(var first, var last, var kind, var carrier, var assigned) -> {
        rows++;
        overlaps += plan.add(first, last, kind, carrier) ? 1 : 0;
        if (assigned != null && (newest == null || assigned.isAfter(newest))) {
          newest = assigned;
        }
      }
      case NumberingRow.Bad(var reason) -> {
        if (badRows++ < BAD_ROWS_KEPT) {
          firstBad.add(new BadRow(line, reason));
        }
      }
    }
  }
}
