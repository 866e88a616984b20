package io.centralita.tables;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Opens table files. */
public final class Tables {
  private Tables() {}

  /** Opens a file under {@link Limits#DEFAULTS}; of a workbook, its first visible sheet. */
  public static TableReader open(Path file, String name) throws IOException {
    return open(file, name, null, Limits.DEFAULTS);
  }

  /**
   * Opens a file as what both its name and its content say it is; a name without a known extension
   * says nothing.
   *
   * @param name what the sender calls the file, which may be stored under another name
   * @param sheet of a workbook; null for the first visible one
   * @throws TableException if the file is not a table, not what its name says, or dangerous
   */
  public static TableReader open(Path file, String name, @Nullable String sheet, Limits limits)
      throws IOException {
    byte[] head;
    try (var in = Files.newInputStream(file)) {
      head = in.readNBytes(Dialect.SAMPLE);
    }
    var content = Content.of(head);
    var named = Format.named(name);
    return switch (content.kind()) {
      case TEXT -> {
        requireOurs(name);
        if (named == Format.WORKBOOK) {
          throw mismatch(name, content, "rename it to .csv or save it as an Excel workbook");
        }
        yield TextTable.open(file, Dialect.of(head, named), limits);
      }
      case ZIP -> {
        requireOurs(name);
        if (named == Format.CSV || named == Format.TXT) {
          throw mismatch(
              name, content, "rename it to .xlsx if it is an Excel workbook, or unpack it first");
        }
        yield WorkbookTable.open(file, sheet, limits);
      }
      case EMPTY ->
          throw new TableException("the file is empty: send one with at least one row of data");
      case OLE2 ->
          throw new TableException(
              "the file is an old Excel workbook (.xls) or has a password: save it as .xlsx without a password");
      case MARKUP, BINARY -> throw mismatch(name, content, "send a CSV, TXT or XLSX file");
    };
  }

  private static void requireOurs(String name) {
    if (Format.isOther(name)) {
      throw new TableException(
          "the file is named .%s, which is not read: save it as CSV, TXT or XLSX, or rename it if it is one"
              .formatted(Format.extension(name)));
    }
  }

  private static TableException mismatch(String name, Content content, String wayOut) {
    return new TableException(
        Format.named(name) == null
            ? "the file's content is " + content.description() + ": " + wayOut
            : "the file is named .%s but its content is %s: %s"
                .formatted(Format.extension(name), content.description(), wayOut));
  }
}
