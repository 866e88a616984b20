package io.centralita;

import static io.centralita.ProgramProcess.printed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.embedded.DataDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a person runs it: its own process, in an empty folder. */
final class DemoTest {

  @Test
  void demo_inAnEmptyFolder_turnsNumbersIntoOperators(@TempDir Path folder) throws Exception {
    var kept = Files.createDirectories(folder.resolve(".centralita-demo-kept/postgres"));
    var output = folder.resolve("printed.txt");

    assertEquals(0, demo(folder, output), () -> printed(output));

    assertTrue(printed(output).contains("100 %"), () -> printed(output));
    assertTrue(printed(output).contains("FOUND"), () -> printed(output));
    assertTrue(Files.readAllLines(folder.resolve("demo-results.csv")).size() > 190);
    assertTrue(Files.size(folder.resolve("demo-results.xlsx")) > 1000);
    assertFalse(Files.exists(folder.resolve(".centralita-demo")), "the node's data are left");
    assertTrue(Files.exists(kept), "what an earlier --keep kept is gone");
  }

  @Test
  void demo_whileAnotherRunsInTheFolder_isRefused_andLeavesTheOthersData(@TempDir Path folder)
      throws Exception {
    var output = folder.resolve("printed.txt");
    try (var other = DataDir.open(folder.resolve(".centralita-demo"))) {
      var data = Files.writeString(other.folder("postgres").resolve("rows"), "live");

      assertEquals(1, demo(folder, output), () -> printed(output));

      assertTrue(printed(output).contains("process " + ProcessHandle.current().pid()));
      assertEquals("live", Files.readString(data));
    }
  }

  /** Runs it to its end; the exit status. */
  private static int demo(Path folder, Path output) throws IOException, InterruptedException {
    var process =
        ProgramProcess.of(output, "demo", "--numbers", "200", "--port", "0")
            .directory(folder.toFile())
            .start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), () -> printed(output));
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }
}
