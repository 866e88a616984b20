package io.centralita.tables;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of a table in a file, one at a time. For one thread. */
public sealed interface TableReader extends AutoCloseable permits TextTable, WorkbookTable {

  /**
   * The next row that has any content, or null after the last.
   *
   * @throws TableException if the file is damaged or exceeds a limit from here on
   */
  @Nullable Row next() throws IOException;

  @Override
  void close() throws IOException;
}
