package io.centralita.contacts;

import io.centralita.contacts.ImportSource.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where files to be imported are: the one folder from which a file may be named, and one of our own
 * for uploads. Both must be the same on every node that imports.
 */
final class ImportFolder {
  /** Row ids in a window: some seconds of work, and some thirty megabytes. */
  static final int WINDOW = 100_000;

  private final Optional<Path> named;
  private final Path own;

  ImportFolder(Optional<Path> named, Path own) {
    this.named = named;
    this.own = own;
  }

  /** A file, looked at. */
  record Looked(ImportSource source, List<Long> bounds, long rows) {}

  /**
   * Looks at a file of the import folder.
   *
   * @param columns the columns of fields, by the fields' words; where a field is not among them its
   *     usual column is taken
   * @throws ImportFileException where it cannot be imported
   */
  Looked look(String path, String table, Map<String, String> columns) {
    return look(Kind.FOLDER, path, named(path), table, columns);
  }

  /**
   * The file of that name in the import folder.
   *
   * @throws ImportFileException where there is none
   */
  Path named(String path) {
    var folder =
        named.orElseThrow(
            () ->
                new ImportFileException(
                    "no import folder is configured: set CENTRALITA_IMPORT_DIR, or upload the file"));
    return within(folder, path);
  }

  /** As {@link #look(String, String, Map)}, of a file of our own. */
  Looked lookOwn(String path, String table, Map<String, String> columns) {
    return look(Kind.OWN, path, own.resolve(path), table, columns);
  }

  private static Looked look(
      Kind kind, String path, Path file, String table, Map<String, String> columns) {
    if (!Files.isRegularFile(file)) {
      throw new ImportFileException("there is no such file in the import folder");
    }
    try (var sqlite = SqliteFile.open(file)) {
      var present = sqlite.table(table);
      var mapping = mapping(sqlite, present, columns);
      var size = Files.size(file);
      var bounds = sqlite.bounds(present, WINDOW, size);
      if (bounds.isEmpty()) {
        throw new ImportFileException("the table " + present + " has no rows");
      }
      return new Looked(
          new ImportSource(
              kind, path, size, Files.getLastModifiedTime(file).toMillis(), present, mapping),
          bounds,
          bounds.getLast() - bounds.getFirst());
    } catch (IOException _) {
      throw new ImportFileException("the file cannot be read on this node");
    }
  }

  private static Map<String, String> mapping(
      SqliteFile file, String table, Map<String, String> wanted) {
    var columns = file.columns(table);
    var mapping = new HashMap<String, String>();
    for (var field : ImportField.ALL) {
      var given = wanted.get(field.word());
      var name = given == null ? field.usualColumn : given;
      var column = columns.stream().filter(name::equalsIgnoreCase).findFirst();
      if (column.isEmpty() && given != null) {
        throw new ImportFileException(
            "columns.%s: the table %s has no column of that name; it has %s"
                .formatted(field.word(), table, SqliteFile.named(columns)));
      }
      column.ifPresent(present -> mapping.put(field.word(), present));
    }
    if (!mapping.containsKey(ImportField.NUMBER.word())
        && !mapping.containsKey(ImportField.ORIGINAL.word())) {
      throw new ImportFileException(
          "the table %s has no column %s: say in columns.number which holds the numbers; it has %s"
              .formatted(table, ImportField.NUMBER.usualColumn, SqliteFile.named(columns)));
    }
    return mapping;
  }

  /**
   * The file of an import under way.
   *
   * @throws ImportFileException where it is not there, or is another by now
   */
  Path require(ImportSource source) {
    var file =
        switch (source.kind()) {
          case FOLDER ->
              within(
                  named.orElseThrow(
                      () -> new ImportFileException("no import folder is configured on this node")),
                  source.path());
          case OWN -> own.resolve(source.path());
        };
    try {
      if (!Files.isRegularFile(file)) {
        throw new ImportFileException(
            switch (source.kind()) {
              case FOLDER -> "the file is not in the import folder of this node";
              case OWN ->
                  "the upload is not on this node: upload it again, and if there are several nodes,"
                      + " give them one folder in CENTRALITA_IMPORT_UPLOAD_DIR";
            });
      }
      if (Files.size(file) != source.size()
          || Files.getLastModifiedTime(file).toMillis() != source.modified()) {
        throw new ImportFileException(
            "the file was changed since the import began: cancel it and import the file anew");
      }
      return file;
    } catch (IOException _) {
      throw new ImportFileException("the file cannot be read on this node");
    }
  }

  /** The file of that name in the folder, and nowhere else. */
  private static Path within(Path folder, String path) {
    var file = resolved(folder, path);
    try {
      if (file != null && Files.exists(file) && file.toRealPath().startsWith(folder.toRealPath())) {
        return file.toRealPath();
      }
    } catch (IOException _) {
      throw new ImportFileException("the file cannot be read on this node");
    }
    throw new ImportFileException("there is no such file in the import folder");
  }

  private static @Nullable Path resolved(Path folder, String path) {
    try {
      return path.indexOf('\0') >= 0 ? null : folder.resolve(path).normalize();
    } catch (InvalidPathException _) {
      return null;
    }
  }
}
