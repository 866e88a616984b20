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

  @Test
  void open_whileANodeLivesInAFolderOfIt_isRefused_sayingWhich(@TempDir Path folder) {
    try (var _ = DataDir.open(folder.resolve("node-2"))) {
      var refused = assertThrows(IllegalStateException.class, () -> DataDir.open(folder));

      var pid = ProcessHandle.current().pid();
      assertTrue(refused.toString().contains("node-2 (process " + pid + ")"), refused::toString);
    }

    DataDir.open(folder).close(); // dead, it is in nobody's way
  }
}
