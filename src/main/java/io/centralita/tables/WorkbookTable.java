package io.centralita.tables;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.ReadingOptions;
import org.dhatim.fastexcel.reader.Sheet;
import org.dhatim.fastexcel.reader.SheetVisibility;
import org.jspecify.annotations.Nullable;

/**
 * A sheet of an Excel workbook. Numbers read as their plain digits, dates as the number of days
 * that the workbook stores.
 */
final class WorkbookTable implements TableReader {
  private static final String DAMAGED =
      " is damaged or cut off: open the workbook in a spreadsheet and save it again";

  /** Beyond it the plain digits of a number would be mostly zeros: it is left as it is written. */
  private static final int MOST_ZEROS = 40;

  private final ReadableWorkbook workbook;
  private final Stream<org.dhatim.fastexcel.reader.Row> stream;
  private final Iterator<org.dhatim.fastexcel.reader.Row> rows;
  private long number;

  private WorkbookTable(ReadableWorkbook workbook, Stream<org.dhatim.fastexcel.reader.Row> stream) {
    this.workbook = workbook;
    this.stream = stream;
    this.rows = stream.iterator();
  }

  static WorkbookTable open(Path file, @Nullable String sheet, Limits limits) throws IOException {
    ReadableWorkbook workbook;
    try {
      WorkbookGuard.check(file, limits);
      // A number that is none reads as an error, not as an exception with the cell's content.
      workbook = new ReadableWorkbook(file.toFile(), new ReadingOptions(false, true));
    } catch (TableException e) {
      throw e;
    } catch (IOException | RuntimeException _) {
      // The cause may quote the file, and all of them mean the same to the sender.
      throw new TableException("the file" + DAMAGED);
    }
    try {
      return new WorkbookTable(workbook, sheet(workbook, sheet).openStream());
    } catch (TableException e) {
      workbook.close();
      throw e;
    } catch (IOException | RuntimeException _) {
      workbook.close();
      throw new TableException("the sheet" + DAMAGED);
    }
  }

  private static Sheet sheet(ReadableWorkbook workbook, @Nullable String name) {
    return workbook
        .getSheets()
        .filter(
            sheet ->
                name == null
                    ? sheet.getVisibility() == SheetVisibility.VISIBLE
                    : name.equals(sheet.getName()))
        .findFirst()
        .orElseThrow(
            () ->
                new TableException(
                    name == null
                        ? "the workbook has no visible sheet: unhide the one with the data"
                        : "the workbook has no sheet of that name; it has: " + names(workbook)));
  }

  private static String names(ReadableWorkbook workbook) {
    return workbook.getSheets().limit(20).map(Sheet::getName).collect(Collectors.joining(", "));
  }

  @Override
  public @Nullable Row next() throws IOException {
    try {
      while (rows.hasNext()) {
        var row = rows.next();
        // A row may leave its number out; it is then the one after the last.
        number = Math.max(number + 1, row.getRowNum());
        var cells = new ArrayList<String>(row.getCellCount());
        var blank = true;
        for (var cell : row) {
          var text = text(cell);
          blank = blank && text.isBlank();
          cells.add(text);
        }
        if (!blank) {
          return new Row(number, cells);
        }
      }
      return null;
    } catch (RuntimeException _) {
      throw new TableException("the sheet, after row " + number + "," + DAMAGED);
    }
  }

  private static String text(@Nullable Cell cell) {
    if (cell == null) {
      return "";
    }
    if (cell.getValue() instanceof BigDecimal value) {
      return plain(value, cell.getRawValue());
    }
    var raw = cell.getRawValue();
    return cell.getValue() == null ? (raw == null ? "" : raw) : cell.getText();
  }

  private static String plain(BigDecimal value, String raw) {
    if (value.signum() == 0) {
      return "0";
    }
    var stripped = value.stripTrailingZeros();
    var zeros = Math.max(-stripped.scale(), stripped.scale() - stripped.precision());
    return zeros > MOST_ZEROS ? raw : stripped.toPlainString();
  }

  @Override
  public void close() throws IOException {
    stream.close();
    workbook.close();
  }
}
