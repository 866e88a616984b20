package io.centralita.tables;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/**
 * An Excel workbook in which every cell is text, so that nothing is taken for a formula and no
 * number loses its zeros or its plus. Rows that do not fit in a sheet go on in a further one.
 */
public final class XlsxWriter implements RowWriter {
  private static final int ROWS_OF_A_SHEET = 1_048_576;
  private static final int COLUMNS = 16_384;
  private static final int CHARS_OF_A_CELL = 32_767;
  private static final int ROWS_KEPT = 1000;

  private final OutputStream out;
  private final Workbook workbook;
  private String sheetName;
  private final int rowsOfASheet;
  private Worksheet sheet;
  private int sheets = 1;
  private int rows; // of the sheet
  private boolean closed;

  public XlsxWriter(OutputStream out, String sheetName) {
    this(out, sheetName, ROWS_OF_A_SHEET);
  }

  XlsxWriter(OutputStream out, String sheetName, int rowsOfASheet) {
    this.out = out;
    this.sheetName = sheetName;
    this.rowsOfASheet = rowsOfASheet;
    workbook = new Workbook(out, "Centralita", null);
    sheet = workbook.newWorksheet(sheetName);
  }

  /**
   * @throws TableException if the row has more cells, or a cell more characters, than Excel opens
   */
  @Override
  public void row(List<String> cells) throws IOException {
    if (cells.size() > COLUMNS) {
      throw new TableException("a sheet has at most %,d columns: write CSV".formatted(COLUMNS));
    }
    if (rows == rowsOfASheet) {
      sheet.close();
      sheets++;
      sheet = workbook.newWorksheet(sheetName + " " + sheets);
      rows = 0;
    }
    for (var column = 0; column < cells.size(); column++) {
      var cell = cells.get(column);
      if (cell.length() > CHARS_OF_A_CELL) {
        throw new TableException(
            "a cell of a workbook has at most %,d characters: write CSV"
                .formatted(CHARS_OF_A_CELL));
      }
      if (!cell.isEmpty()) {
        sheet.inlineString(rows, column, cell);
      }
    }
    rows++;
    if (rows % ROWS_KEPT == 0) {
      sheet.flush();
    }
  }

  /** Goes on in a further sheet of this name. */
  public void sheet(String name) throws IOException {
    sheet.close();
    sheetName = name;
    sheets = 1;
    sheet = workbook.newWorksheet(name);
    rows = 0;
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      try (out) {
        workbook.close();
      }
    }
  }
}
