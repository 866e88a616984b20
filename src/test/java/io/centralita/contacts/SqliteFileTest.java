package io.centralita.contacts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteFileTest {
  @TempDir private Path folder;

  private Path withIds(long... ids) {
    return NumerosFile.made(
        folder.resolve("ids.db"),
        connection -> {
          for (var id : ids) {
            NumerosFile.execute(
                connection, "INSERT INTO numeros (id, numero) VALUES (%d, '1')".formatted(id));
          }
        });
  }

  @Test
  void bounds_denseIds_areEven() throws IOException {
    var path = NumerosFile.of(folder.resolve("dense.db"), 250);
    try (var file = SqliteFile.open(path)) {
      assertEquals(List.of(1L, 101L, 201L, 251L), file.bounds("numeros", 100, Files.size(path)));
    }
  }

  @Test
  void bounds_sparseIds_followTheRows() throws IOException {
    var path = withIds(-5, 1, 2, 4_000_000_000L, 9_000_000_000_000L);
    try (var file = SqliteFile.open(path)) {
      assertEquals(
          List.of(-5L, 2L, 9_000_000_000_000L, 9_000_000_000_001L),
          file.bounds("numeros", 2, Files.size(path)));
    }
  }

  @Test
  void read_range_givesItsRowsInOrder() {
    try (var file = SqliteFile.open(withIds(3, 1, 2, 7))) {
      var rows = new ArrayList<Long>();
      file.read("numeros", List.of("numero", ""), 2, 7, () -> false, (id, _) -> rows.add(id));
      assertEquals(List.of(2L, 3L), rows);
    }
  }

  @Test
  void table_withoutRowIds_isRefused() throws IOException {
    var path =
        NumerosFile.made(
            folder.resolve("none.db"),
            connection ->
                NumerosFile.execute(
                    connection, "CREATE TABLE t (a TEXT PRIMARY KEY) WITHOUT ROWID"));
    try (var file = SqliteFile.open(path)) {
      var refused =
          assertThrows(ImportFileException.class, () -> file.bounds("t", 100, Files.size(path)));
      assertTrue(String.valueOf(refused.getMessage()).contains("no row ids"));
    }
  }

  @Test
  void open_writtenByAnother_saysSoAndMayPass() throws SQLException {
    var path = withIds(1);
    try (var writer = DriverManager.getConnection("jdbc:sqlite:" + path)) {
      NumerosFile.execute(writer, "PRAGMA locking_mode = EXCLUSIVE");
      NumerosFile.execute(writer, "BEGIN EXCLUSIVE");
      var refused = assertThrows(ImportFileException.class, () -> SqliteFile.open(path));
      assertTrue(refused.passing(), refused.getMessage());
    }
  }
}
