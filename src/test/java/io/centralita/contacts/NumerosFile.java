package io.centralita.contacts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file of contacts as customers have them, made for a test. */
final class NumerosFile {
  private static final String SCHEMA =
      """
      CREATE TABLE numeros (
        id INTEGER PRIMARY KEY, numero TEXT, campo1_original TEXT, nombre TEXT, direccion TEXT,
        colonia TEXT, municipio_cof TEXT, estado_cof TEXT, lada TEXT, ciudad_por_lada TEXT,
        es_valido INTEGER, fecha_migracion TEXT)
      """;

  private NumerosFile() {}

  /**
   * Makes a file.
   *
   * @param rows number, original, name, address, neighborhood, municipality, state, city of each;
   *     bytes are stored as text whatever they are
   */
  static Path of(Path file, List<@Nullable Object[]> rows) {
    return made(
        file,
        connection -> {
          try (var insert =
              connection.prepareStatement(
                  """
                  INSERT INTO numeros (numero, campo1_original, nombre, direccion, colonia,
                                       municipio_cof, estado_cof, ciudad_por_lada)
                  VALUES (?, ?, CAST(? AS TEXT), ?, ?, ?, ?, ?)
                  """)) {
            for (var row : rows) {
              for (var i = 0; i < row.length; i++) {
                insert.setObject(i + 1, row[i]);
              }
              insert.addBatch();
            }
            insert.executeBatch();
          }
        });
  }

  /** Makes a file of that many rows with different numbers of Guadalajara. */
  static Path of(Path file, int count) {
    return made(
        file,
        connection ->
            execute(
                connection,
                """
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
                INSERT INTO numeros (numero, nombre, direccion, municipio_cof, estado_cof,
                                     ciudad_por_lada)
                SELECT 3330000000 + i, 'Ana ' || i %% 50, 'Calle ' || i %% 70, 'Zapopan', 'JAL',
                       'Guadalajara'
                FROM n
                """
                    .formatted(count - 1)));
  }

  /** What fills a file. */
  interface Filling {
    void fill(Connection connection) throws SQLException;
  }

  static Path made(Path file, Filling filling) {
    try {
      Files.deleteIfExists(file);
      try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
        connection.setAutoCommit(false);
        execute(connection, SCHEMA);
        filling.fill(connection);
        connection.commit();
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
