package io.centralita.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Plain JDBC off the actors' threads. The executor has as many threads as the pool has connections,
 * so that work waits in one queue, the executor's, and not in two.
 *
 * <p>Every method's stage fails with {@link DbException}. Thread-safe.
 */
public final class Db {

  /** Sets a statement's parameters. */
  public interface Binder {
    void bind(PreparedStatement statement) throws SQLException;
  }

  /** Makes one value of the row that the result stands on. */
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Work on one connection. */
  public interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  private final DataSource dataSource;
  private final Executor executor;

  public Db(DataSource dataSource, Executor executor) {
    this.dataSource = dataSource;
    this.executor = executor;
  }

  /** All rows of a statement that is known to give few: its SQL carries the limit. */
  public <T> CompletionStage<List<T>> query(String sql, Binder binder, RowReader<T> reader) {
    return run(sql, connection -> query(connection, sql, binder, reader));
  }

  /** The row of a statement that gives at most one. */
  public <T> CompletionStage<Optional<T>> queryOne(String sql, Binder binder, RowReader<T> reader) {
    return query(sql, binder, reader).thenApply(rows -> rows.stream().findFirst());
  }

  /** Runs a statement; gives the number of rows it changed. */
  public CompletionStage<Integer> update(String sql, Binder binder) {
    return run(sql, connection -> update(connection, sql, binder));
  }

  /** Several statements in one transaction: all of them take effect, or none. */
  public <T> CompletionStage<T> transaction(String name, Work<T> work) {
    return run(name, connection -> transaction(connection, work));
  }

  /** {@link #query} on a connection already held, as part of a transaction. */
  public static <T> List<T> query(
      Connection connection, String sql, Binder binder, RowReader<T> reader) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      binder.bind(statement);
      try (var rows = statement.executeQuery()) {
        var result = new ArrayList<T>();
        while (rows.next()) {
          result.add(reader.read(rows));
        }
        return List.copyOf(result);
      }
    }
  }

  /** {@link #update} on a connection already held, as part of a transaction. */
  public static int update(Connection connection, String sql, Binder binder) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      binder.bind(statement);
      return statement.executeUpdate();
    }
  }

  /** A moment of a row that has one. */
  public static Instant instant(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  /** A moment of a row; null where it has none. */
  public static @Nullable Instant instantOrNull(ResultSet row, int column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** {@link #transaction} on a connection already held. */
  public static <T> T transaction(Connection connection, Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      var result = work.run(connection);
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException | Error failure) {
      try {
        connection.rollback();
      } catch (SQLException e) {
        failure.addSuppressed(e);
      }
      throw failure;
    } finally {
      if (!connection.isClosed()) {
        connection.setAutoCommit(true);
      }
    }
  }

  private <T> CompletionStage<T> run(String statement, Work<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (var connection = dataSource.getConnection()) {
            return work.run(connection);
          } catch (SQLException e) {
            throw new DbException(firstLine(statement), e);
          }
        },
        executor);
  }

  private static String firstLine(String statement) {
    return statement.strip().lines().findFirst().orElse("");
  }
}
