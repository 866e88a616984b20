package io.centralita.tables;

import java.util.List;

/**
 * One row of a table. {@code number} counts from 1: in a workbook the spreadsheet's row, in a text
 * file the line on which the row begins. Rows without any content are left out, but counted.
 */
public record Row(long number, List<String> cells) {
  public Row {
    cells = List.copyOf(cells);
  }

  /** The cell of a column that counts from 0; empty where the row is too short for it. */
  public String cell(int column) {
    return column < cells.size() ? cells.get(column) : "";
  }
}
