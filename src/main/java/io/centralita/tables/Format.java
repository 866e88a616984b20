package io.centralita.tables;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The kinds of table files that are read. */
enum Format {
  CSV,
  /** One value a line; or, where its lines hold tabs, a table as spreadsheets export it. */
  TXT,
  WORKBOOK;

  /** The format a name promises, or null where it promises none of ours. */
  static @Nullable Format named(String name) {
    return switch (extension(name)) {
      case "csv", "tsv" -> CSV;
      case "txt" -> TXT;
      case "xlsx", "xlsm" -> WORKBOOK;
      default -> null;
    };
  }

  /** What follows the last dot, in lower case; empty where it does not look like an extension. */
  static String extension(String name) {
    var extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return extension.matches("[a-z0-9]{1,5}") && extension.length() < name.length()
        ? extension
        : "";
  }
}
