package io.centralita.lookup;

import io.centralita.http.ProblemException;
import io.centralita.phone.SpanishNumber;
import io.centralita.tables.Columns;
import io.centralita.tables.Columns.Column;
import io.centralita.tables.TableException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which column of a table holds the numbers. */
final class NumberColumn {

  /** What it may be called. */
  private static final Set<String> NAMES =
      Set.of(
          "number",
          "numbers",
          "numero",
          "numeros",
          "phone",
          "phone number",
          "telefono",
          "tel",
          "movil",
          "mobile",
          "celular",
          "msisdn",
          "linea");

  private NumberColumn() {}

  /**
   * @param first the beginning of the table
   * @param wanted the column's header, or its place counted from 1; null to find it
   * @throws TableException where none looks like it
   * @throws ProblemException (400) where there is not the one that was wanted
   */
  static Column find(List<List<String>> first, @Nullable String wanted) {
    if (wanted == null) {
      return Columns.find(first, NAMES, NumberColumn::isNumber);
    }
    try {
      return wanted.matches("[1-9][0-9]{0,3}")
          ? at(first, Integer.parseInt(wanted) - 1)
          : named(first, wanted);
    } catch (TableException e) {
      throw ProblemException.badRequest("column", e.getMessage());
    }
  }

  private static Column at(List<List<String>> first, int index) {
    if (first.stream().noneMatch(row -> index < row.size())) {
      throw new TableException("the table has no column " + (index + 1));
    }
    var top = index < first.getFirst().size() ? first.getFirst().get(index) : "";
    return new Column(index, !isNumber(top) && top.chars().anyMatch(Character::isLetter));
  }

  private static Column named(List<List<String>> first, String wanted) {
    var column = Columns.find(first, Set.of(wanted), _ -> false);
    // Where nothing is called so, the table's only column is given: it is not what was asked for.
    var named = column.header() && Columns.isCalled(first.getFirst().get(column.index()), wanted);
    if (!named) {
      throw new TableException("no column is called so: the first row names the columns");
    }
    return column;
  }

  private static boolean isNumber(String text) {
    return SpanishNumber.mobile(text) > 0;
  }
}
