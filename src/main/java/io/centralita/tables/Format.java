package io.centralita.tables;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The kinds of table files that are read. */
enum Format {
  CSV,
  /** One value a line; or, where its lines hold tabs, a table as spreadsheets export it. */
  TXT,
  WORKBOOK;

  /** Endings of names that promise what is no table of ours. */
  private static final Set<String> OTHERS =
      Set.of(
          "pdf", "doc", "docx", "odt", "rtf", "ppt", "pptx", "xls", "xlsb", "ods", "png", "jpg",
          "jpeg", "gif", "bmp", "tif", "tiff", "webp", "heic", "svg", "zip", "gz", "tgz", "bz2",
          "xz", "rar", "7z", "tar", "htm", "html", "xml", "json", "vcf", "exe", "db");

  /** The format a name promises, or null where it promises none of ours. */
  static @Nullable Format named(String name) {
    return switch (extension(name)) {
      case "csv", "tsv" -> CSV;
      case "txt" -> TXT;
      case "xlsx", "xlsm" -> WORKBOOK;
      default -> null;
    };
  }

  /** Whether a name promises something else than a table that is read here. */
  static boolean isOther(String name) {
    return OTHERS.contains(extension(name));
  }

  /** What follows the last dot, in lower case; empty where it does not look like an extension. */
  static String extension(String name) {
    var extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return extension.matches("[a-z0-9]{1,5}") && extension.length() < name.length()
        ? extension
        : "";
  }
}
