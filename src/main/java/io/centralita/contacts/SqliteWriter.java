package io.centralita.contacts;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.stream.Collectors;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Makes an SQLite file with one table as customers have it: the usual columns, all of them text. It
 * is not safe against a crash while it is made, which its maker must be: it is written in one
 * transaction without a journal, and without waiting for the disk.
 */
final class SqliteWriter implements AutoCloseable {
  static final String TABLE = "numeros";

  private static final int ROWS_AT_ONCE = 500;
  private static final int PAGE_BYTES = 16 << 10;

  private final Connection connection;
  private final PreparedStatement insert;
  private int waiting;
  private boolean empty = true;

  private SqliteWriter(Connection connection) throws SQLException {
    this.connection = connection;
    this.insert =
        connection.prepareStatement(
            "INSERT INTO %s (rowid, %s) VALUES (?%s)"
                .formatted(TABLE, columns(), ", ?".repeat(ImportField.ALL.size())));
  }

  private static String columns() {
    return ImportField.ALL.stream()
        .map(field -> field.usualColumn)
        .collect(Collectors.joining(", "));
  }

  /** A new file, which must not be there. */
  static SqliteWriter create(Path file) {
    var config = new SQLiteConfig();
    config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
    config.setJournalMode(SQLiteConfig.JournalMode.OFF);
    config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
    config.setPageSize(PAGE_BYTES);
    try {
      var connection = config.createConnection("jdbc:sqlite:" + file.toUri());
      try {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
          statement.execute(
              "CREATE TABLE %s (%s TEXT)".formatted(TABLE, columns().replace(",", " TEXT,")));
        }
        return new SqliteWriter(connection);
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /**
   * Adds a row.
   *
   * @param id greater than those before
   * @param texts in the order of {@link ImportField}; the array may be reused
   */
  void add(long id, String[] texts) {
    try {
      insert.setLong(1, id);
      for (var i = 0; i < texts.length; i++) {
        insert.setString(i + 2, texts[i].isEmpty() ? null : texts[i]);
      }
      insert.addBatch();
      empty = false;
      if (++waiting == ROWS_AT_ONCE) {
        insert.executeBatch();
        waiting = 0;
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Whether no row was added. */
  boolean isEmpty() {
    return empty;
  }

  /** All rows are there: the file is whole once this returns. */
  void finish() {
    try {
      insert.executeBatch();
      connection.commit();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private static RuntimeException failure(SQLException failure) {
    return failure instanceof SQLiteException e && e.getResultCode() == SQLiteErrorCode.SQLITE_FULL
        ? new ImportFileException("there is no room on this node's disk for a copy of it", true)
        : new IllegalStateException("a file of our own cannot be written", failure);
  }

  @Override
  public void close() {
    try (connection) {
      insert.close();
    } catch (SQLException e) {
      throw failure(e);
    }
  }
}
