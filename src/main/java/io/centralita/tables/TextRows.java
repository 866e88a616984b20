package io.centralita.tables;

import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.RecordType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes rows of what the CSV parser finds, and refuses those that are too big. */
final class TextRows extends CsvCallbackHandler<Row> {
  private final Limits limits;
  private final List<String> cells = new ArrayList<>();
  private long line;
  private int chars;
  private boolean blank = true;

  TextRows(Limits limits) {
    this.limits = limits;
  }

  /** Where the row that is being read begins. */
  long line() {
    return line;
  }

  @Override
  protected void beginRecord(long startingLineNumber) {
    line = startingLineNumber;
    cells.clear();
    chars = 0;
    blank = true;
  }

  @Override
  protected void addField(char[] buffer, int offset, int length, boolean quoted) {
    chars += length;
    if (chars > limits.rowChars()) {
      throw new TableException(
          "the row that begins in line %d is longer than %,d characters: is this file a table?"
              .formatted(line, limits.rowChars()));
    }
    if (cells.size() == limits.columns()) {
      throw new TableException(
          "the row that begins in line %d has more than %,d columns: remove those not needed"
              .formatted(line, limits.columns()));
    }
    var cell = new String(buffer, offset, length);
    if (cell.indexOf('\0') >= 0) {
      throw new TableException(
          "the row that begins in line %d holds a NUL byte: the file is binary or damaged; export it again as CSV in UTF-8"
              .formatted(line));
    }
    blank = blank && cell.isBlank();
    cells.add(cell);
  }

  @Override
  protected @Nullable Row buildRecord() {
    return blank ? null : new Row(line, cells);
  }

  @Override
  protected void setEmpty() {
    blank = true;
  }

  @Override
  protected void setComment(char[] buffer, int offset, int length) {
    throw new IllegalStateException("comments are not asked for");
  }

  @Override
  protected RecordType getRecordType() {
    return blank ? RecordType.EMPTY : RecordType.DATA;
  }

  @Override
  protected int getFieldCount() {
    return cells.size();
  }
}
