package io.centralita.contacts;

import io.centralita.tables.Row;
import io.centralita.tables.TableException;
import io.centralita.tables.TableReader;
import io.centralita.tables.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A CSV or XLSX file, turned into an SQLite file as customers have them: so there is one way to
 * import. Rows keep their numbers: that of a rejected one is its line, or the spreadsheet's row.
 */
final class TableFile {
  /** What is turned while its sender waits for the answer: half a minute's work at most. */
  private static final long LARGEST = 2L << 30;

  private static final Set<String> SQLITE = Set.of("db", "sqlite", "sqlite3");
  private static final Set<String> ENDINGS = Set.of("csv", "tsv", "txt", "xlsx", "xlsm");

  private TableFile() {}

  /** Whether a file of this name is a table, and not an SQLite file. */
  static boolean isNamed(String name) {
    return ENDINGS.contains(ending(name));
  }

  private static String ending(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /**
   * Turns a table into an SQLite file, in the memory of one row.
   *
   * @param name what its sender calls it; it must not lie about what the file is
   * @param columns the columns of fields, by the fields' words
   * @param target to be made
   * @throws ImportFileException where the file is no table, or no column has numbers
   */
  static void convert(Path table, String name, Map<String, String> columns, Path target) {
    if (SQLITE.contains(ending(name))) {
      throw new ImportFileException("not an SQLite file");
    }
    requireNotTooLarge(table);
    try (var rows = Tables.open(table, name)) {
      var header = rows.next();
      if (header == null) {
        throw new ImportFileException("the file is empty: send one with a row of column names");
      }
      copy(rows, TableColumns.of(header.cells(), columns), target);
    } catch (TableException e) {
      throw new ImportFileException(e.getMessage());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static void requireNotTooLarge(Path table) {
    try {
      if (Files.size(table) > LARGEST) {
        throw new ImportFileException(
            "a table may have %d MiB at most: divide it, or make an SQLite file of it with sqlite3 contacts.db '.import --csv FILE numeros'"
                .formatted(LARGEST >> 20));
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static ImportFileException unreadable(IOException failure) {
    return new ImportFileException(
        "the file cannot be read: " + failure.getClass().getSimpleName(), true);
  }

  private static void copy(TableReader rows, Map<ImportField, Integer> places, Path target)
      throws IOException {
    var texts = new String[ImportField.ALL.size()];
    try (var made = SqliteWriter.create(target)) {
      for (var row = rows.next(); row != null; row = rows.next()) {
        for (var field : ImportField.ALL) {
          texts[field.place] = text(row, places.get(field));
        }
        made.add(row.number(), texts);
      }
      if (made.isEmpty()) {
        throw new ImportFileException("the file has no row after that of the column names");
      }
      made.finish();
    }
  }

  private static String text(Row row, @Nullable Integer place) {
    var text = place == null ? "" : row.cell(place);
    return isGuarded(text) ? text.substring(1) : text;
  }

  /** Whether an apostrophe keeps spreadsheets from taking the cell for a formula. */
  private static boolean isGuarded(String text) {
    return text.length() > 1 && text.charAt(0) == '\'' && "=+-@\t\r".indexOf(text.charAt(1)) >= 0;
  }
}
