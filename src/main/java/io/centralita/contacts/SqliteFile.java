package io.centralita.contacts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteLimits;

/**
 * An SQLite file, opened to be read only, and read by ranges of row ids. Values come as the bytes
 * that stand in the file: what is no UTF-8 must not be lost by decoding it.
 */
final class SqliteFile implements AutoCloseable {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  /** A row that is larger is no contact; SQLite itself would take a gigabyte. */
  private static final int LARGEST_ROW = 4 << 20;

  /** The least that a row takes in a file; where ids are so much sparser, they are looked up. */
  private static final int LEAST_ROW_BYTES = 16;

  private static final int MOST_NAMED = 30;

  /** Takes rows, one at a time. */
  interface RowSink {
    /**
     * @param fields the bytes of each column, empty where the row has none; the array is reused
     */
    void row(long id, byte[][] fields);
  }

  private final Connection connection;

  private SqliteFile(Connection connection) {
    this.connection = connection;
  }

  /**
   * Opens a file.
   *
   * @throws ImportFileException where it is none, or another program is writing it
   */
  static SqliteFile open(Path file) {
    if (!isOne(file)) {
      throw new ImportFileException("not an SQLite file");
    }
    var config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(2000);
    try {
      var connection = config.createConnection("jdbc:sqlite:" + file.toUri());
      try {
        connection
            .unwrap(SQLiteConnection.class)
            .setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, LARGEST_ROW);
        try (var statement = connection.createStatement()) {
          statement.execute("SELECT count(*) FROM sqlite_schema");
        }
        return new SqliteFile(connection);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw refusal(e);
    }
  }

  /** Whether a file begins as an SQLite file does. */
  static boolean isOne(Path file) {
    try (var in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
    } catch (IOException _) {
      throw new ImportFileException("the file cannot be read on this node");
    }
  }

  /** What a failure means to whoever sent the file. */
  private static ImportFileException refusal(SQLException failure) {
    var code =
        failure instanceof SQLiteException e ? e.getResultCode() : SQLiteErrorCode.SQLITE_ERROR;
    return switch (code) {
      case SQLITE_BUSY, SQLITE_BUSY_RECOVERY, SQLITE_BUSY_SNAPSHOT, SQLITE_LOCKED ->
          new ImportFileException(
              "another program is writing the file: close it there, or import a copy", true);
      case SQLITE_NOTADB -> new ImportFileException("not an SQLite file, or an encrypted one");
      case SQLITE_TOOBIG ->
          new ImportFileException("a row is larger than " + (LARGEST_ROW >> 20) + " MiB");
      case SQLITE_CORRUPT, SQLITE_CORRUPT_VTAB, SQLITE_IOERR_SHORT_READ ->
          new ImportFileException(
              "the file is damaged or was cut off: copy it again, or repair it with"
                  + " sqlite3 numeros.db .recover");
      default ->
          code.name().startsWith("SQLITE_IOERR")
              ? new ImportFileException("the file cannot be read: " + code.name(), true)
              : new ImportFileException("the file cannot be read: " + code.message);
    };
  }

  /** The names of the tables with rows of their own. */
  List<String> tables() {
    return names(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
  }

  /** The names of a table's columns. */
  List<String> columns(String table) {
    return names("SELECT name FROM pragma_table_info(" + text(table) + ")");
  }

  private List<String> names(String sql) {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var names = new ArrayList<String>();
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    } catch (SQLException e) {
      throw refusal(e);
    }
  }

  /**
   * The table of that name, in any case.
   *
   * @throws ImportFileException where there is none; the message names those that there are
   */
  String table(String wanted) {
    var tables = tables();
    return tables.stream()
        .filter(table -> table.equalsIgnoreCase(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new ImportFileException(
                    "the file has no table "
                        + wanted
                        + (tables.isEmpty() ? ": it has none" : "; it has " + named(tables))));
  }

  static String named(List<String> names) {
    return names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
        + (names.size() > MOST_NAMED ? ", …" : "");
  }

  /**
   * The table's row ids, divided: part n begins with the n-th and ends before the next. Empty where
   * the table has no row. As a rule the ids are divided evenly, without a look at the rows.
   *
   * @param size rows of a part, at most
   * @param bytes of the file
   */
  List<Long> bounds(String table, int size, long bytes) {
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT (SELECT min(rowid) FROM %1$s), (SELECT max(rowid) FROM %1$s)"
                    .formatted(name(table)))) {
      rows.next();
      var first = rows.getLong(1);
      var none = rows.wasNull();
      var last = rows.getLong(2);
      if (none) {
        return List.of();
      }
      var span = Math.subtractExact(last, first) + 1;
      return span > 0 && span <= size + bytes / LEAST_ROW_BYTES
          ? even(first, last, size)
          : walked(table, first, last, size);
    } catch (ArithmeticException _) {
      throw new ImportFileException("the row ids of " + table + " are out of bounds");
    } catch (SQLException e) {
      if (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("rowid")) {
        throw new ImportFileException(
            "the table " + table + " has no row ids: copy it into one that has");
      }
      throw refusal(e);
    }
  }

  private static List<Long> even(long first, long last, int size) {
    var parts = (int) ((last - first) / size + 1);
    var bounds = new ArrayList<Long>(parts + 1);
    for (var i = 0; i < parts; i++) {
      bounds.add(first + (long) i * size);
    }
    bounds.add(last + 1);
    return bounds;
  }

  private List<Long> walked(String table, long first, long last, int size) throws SQLException {
    var bounds = new ArrayList<Long>(List.of(first));
    try (var next =
        connection.prepareStatement(
            "SELECT rowid FROM %s WHERE rowid >= ? ORDER BY rowid LIMIT 1 OFFSET ?"
                .formatted(name(table)))) {
      while (true) {
        next.setLong(1, bounds.getLast());
        next.setInt(2, size);
        try (var row = next.executeQuery()) {
          if (!row.next()) {
            break;
          }
          bounds.add(row.getLong(1));
        }
      }
    }
    bounds.add(last + 1);
    return bounds;
  }

  /**
   * Gives the rows with ids from {@code from} to before {@code to}, in order.
   *
   * @param columns an empty name where the table has none for the field
   * @param cancelled asked now and then; true ends the reading with nothing more said
   */
  void read(
      String table,
      List<String> columns,
      long from,
      long to,
      BooleanSupplier cancelled,
      RowSink sink) {
    var wanted = columns.stream().map(column -> column.isEmpty() ? "NULL" : name(column)).toList();
    var sql =
        "SELECT rowid, %s FROM %s WHERE rowid >= ? AND rowid < ? ORDER BY rowid"
            .formatted(String.join(", ", wanted), name(table));
    try (var statement = connection.prepareStatement(sql)) {
      statement.setLong(1, from);
      statement.setLong(2, to);
      try (var rows = statement.executeQuery()) {
        var fields = new byte[columns.size()][0];
        for (var read = 0; rows.next(); read++) {
          if (read % 1024 == 0 && cancelled.getAsBoolean()) {
            return;
          }
          for (var i = 0; i < fields.length; i++) {
            var value = columns.get(i).isEmpty() ? null : rows.getBytes(i + 2);
            fields[i] = value == null ? Utf8.NONE : value;
          }
          sink.row(rows.getLong(1), fields);
        }
      }
    } catch (SQLException e) {
      throw refusal(e);
    }
  }

  /**
   * Gives the first rows of a table, in the order in which the file has them, which stays the same;
   * their ids count them from 1.
   *
   * @param columns an empty name where the table has none for the field
   */
  void first(String table, List<String> columns, int most, RowSink sink) {
    var wanted = columns.stream().map(column -> column.isEmpty() ? "NULL" : name(column)).toList();
    var sql = "SELECT %s FROM %s LIMIT ?".formatted(String.join(", ", wanted), name(table));
    try (var statement = connection.prepareStatement(sql)) {
      statement.setInt(1, most);
      try (var rows = statement.executeQuery()) {
        var fields = new byte[columns.size()][0];
        for (var row = 1; rows.next(); row++) {
          for (var i = 0; i < fields.length; i++) {
            var value = rows.getBytes(i + 1);
            fields[i] = value == null ? Utf8.NONE : value;
          }
          sink.row(row, fields);
        }
      }
    } catch (SQLException e) {
      throw refusal(e);
    }
  }

  private static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw refusal(e);
    }
  }
}
