package io.centralita.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose a data directory is. */
final class DataDirTest {

  @Test
  void delete_ofAFolderThatNobodyHolds_leavesNothing(@TempDir Path folder) {
    var path = folder.resolve("data");
    try (var dir = DataDir.open(path)) {
      dir.secret("postgres");
    }

    DataDir.delete(path);

    assertFalse(Files.exists(path));
    DataDir.delete(path); // and there need be none
  }

  @Test
  void delete_ofAFolderThatIsHeld_isRefused_andLeavesAll(@TempDir Path folder) throws IOException {
    var path = folder.resolve("data");
    try (var dir = DataDir.open(path)) {
      var secret = dir.secret("postgres");

      var refused = assertThrows(IllegalStateException.class, () -> DataDir.delete(path));

      assertTrue(refused.toString().contains("process " + ProcessHandle.current().pid()));
      assertEquals(secret, Files.readString(path.resolve("secrets/postgres")));
    }
  }
}
