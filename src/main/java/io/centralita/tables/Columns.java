package io.centralita.tables;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds the column of a table that holds what is looked for. */
public final class Columns {
  private static final int MOST_NAMED = 20;
  private static final int LONGEST_NAME = 30;

  private Columns() {}

  /**
   * A column, counting from 0.
   *
   * @param header whether the first row names the columns and is no data
   */
  public record Column(int index, boolean header) {}

  /**
   * Finds the column by its name; else the one where most cells look right; else the only one.
   *
   * @param firstRows the beginning of the table
   * @param knownNames names the column goes by, compared without accents, case and punctuation
   * @throws TableException if no column fits; the message lists those there are
   */
  public static Column find(
      List<List<String>> firstRows, Set<String> knownNames, Predicate<String> looksRight) {
    if (firstRows.isEmpty()) {
      throw new TableException("the table has no rows: send one with at least one row of data");
    }
    var first = firstRows.getFirst();
    var data = firstRows.subList(1, firstRows.size());
    var names = knownNames.stream().map(Columns::plain).collect(Collectors.toSet());
    var named = -1;
    for (var column = 0; column < first.size(); column++) {
      if (names.contains(plain(first.get(column)))
          && (named < 0 || right(data, column, looksRight) > right(data, named, looksRight))) {
        named = column;
      }
    }
    if (named >= 0) {
      return new Column(named, true);
    }
    return byContent(first, firstRows, looksRight);
  }

  /** Whether a header is this name, as {@link #find} compares them. */
  public static boolean isCalled(String header, String name) {
    return plain(header).equals(plain(name));
  }

  private static Column byContent(
      List<String> first, List<List<String>> rows, Predicate<String> looksRight) {
    var data = rows.subList(1, rows.size());
    var width = rows.stream().mapToInt(List::size).max().orElse(0);
    var best = -1;
    var bestRight = 0L;
    for (var column = 0; column < width; column++) {
      var right = right(rows, column, looksRight);
      var isData = looksRight.test(cell(first, column));
      if (right > bestRight && 2 * right >= filled(isData ? rows : data, column)) {
        best = column;
        bestRight = right;
      }
    }
    if (best >= 0) {
      return new Column(best, !looksRight.test(cell(first, best)));
    }
    if (width == 1) {
      return new Column(0, isName(first.getFirst()));
    }
    throw new TableException(
        "no column of the table is the one looked for: name it in the first row; the columns are: "
            + names(first));
  }

  private static long filled(List<List<String>> rows, int column) {
    return rows.stream().filter(row -> !cell(row, column).isBlank()).count();
  }

  private static long right(List<List<String>> rows, int column, Predicate<String> looksRight) {
    return rows.stream().filter(row -> looksRight.test(cell(row, column))).count();
  }

  private static String cell(List<String> row, int column) {
    return column < row.size() ? row.get(column) : "";
  }

  /**
   * Where there is no header the first row is somebody's data: only what may be a name is shown.
   */
  private static String names(List<String> first) {
    var names = new ArrayList<String>();
    for (var column = 0; column < Math.min(first.size(), MOST_NAMED); column++) {
      var name = first.get(column).strip();
      names.add(
          isName(name)
              ? name.substring(0, Math.min(name.length(), LONGEST_NAME))
              : "column " + (column + 1));
    }
    if (first.size() > MOST_NAMED) {
      names.add("and %d more".formatted(first.size() - MOST_NAMED));
    }
    return String.join(", ", names);
  }

  private static boolean isName(String cell) {
    return cell.chars().anyMatch(Character::isLetter)
        && cell.chars().noneMatch(c -> Character.isDigit(c) || c == '@');
  }

  private static String plain(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFKD)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{Nd}]", "");
  }
}
