package io.centralita.phone;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of a file of the Mexican numbering authority. */
public sealed interface NumberingFile {

  /**
   * A plan was read.
   *
   * @param rows how many rows were good
   * @param overlaps how many of those overlapped earlier rows and took their place
   * @param badRows how many were left out
   * @param firstBad the first hundred of those
   * @param newest the latest date on which a range was assigned, where the file says one
   */
  record Loaded(
      NumberingPlan plan,
      long rows,
      long overlaps,
      long badRows,
      List<BadRow> firstBad,
      @Nullable LocalDate newest)
      implements NumberingFile {}

  /** No plan: the reason says what was expected, for people to read. */
  record Refused(String reason, List<BadRow> firstBad) implements NumberingFile {}

  /**
   * A row that says no range.
   *
   * @param line the line it begins in, counted from 1
   */
  record BadRow(long line, String reason) {}
}
