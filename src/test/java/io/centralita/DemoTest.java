package io.centralita;

import static io.centralita.ProgramProcess.printed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a person runs it: its own process, in an empty folder. */
final class DemoTest {

  @Test
  void demo_inAnEmptyFolder_turnsNumbersIntoOperators(@TempDir Path folder) throws Exception {
    var output = folder.resolve("printed.txt");
    var process =
        ProgramProcess.of(output, "demo", "--numbers", "200", "--port", "0")
            .directory(folder.toFile())
            .start();

    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), () -> printed(output));
    } finally {
      process.destroyForcibly();
    }

    assertEquals(0, process.exitValue(), () -> printed(output));
    assertTrue(printed(output).contains("100 %"), () -> printed(output));
    assertTrue(printed(output).contains("FOUND"), () -> printed(output));
    assertTrue(Files.readAllLines(folder.resolve("demo-results.csv")).size() > 190);
    assertTrue(Files.size(folder.resolve("demo-results.xlsx")) > 1000);
    assertFalse(Files.exists(folder.resolve(".centralita-demo")), "the node's data are left");
  }
}
