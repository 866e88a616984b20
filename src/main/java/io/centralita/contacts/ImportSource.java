package io.centralita.contacts;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where an import's rows are.
 *
 * @param kind which folder the path is relative to
 * @param path of the file
 * @param size of the file in bytes when the import began, and {@code modified} when it was last
 *     written, in milliseconds since 1970: rows that were counted off in one file are not to be
 *     read from another
 * @param table the SQLite table
 * @param columns the column of each field that the table has, by the field's name
 */
record ImportSource(
    Kind kind, String path, long size, long modified, String table, Map<String, String> columns) {

  /** Whose file it is. */
  enum Kind {
    /** A file of the import folder, which stays there. */
    FOLDER,
    /** A file of our own: an upload, or what was made of one. */
    OWN
  }

  ImportSource {
    columns = Map.copyOf(new LinkedHashMap<>(columns));
  }
}
