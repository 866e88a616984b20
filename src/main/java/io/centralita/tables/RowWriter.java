package io.centralita.tables;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Writes a table row by row to a stream, in memory that does not grow. For one thread. */
public sealed interface RowWriter extends Closeable permits CsvWriter, XlsxWriter {

  void row(List<String> cells) throws IOException;

  /** Completes the table and closes the stream. Without it the file is not whole. */
  @Override
  void close() throws IOException;
}
