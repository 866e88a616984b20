package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a person runs it: its own process, in an empty folder. */
final class DemoTest {

  @Test
  void demo_inAnEmptyFolder_turnsNumbersIntoOperators(@TempDir Path folder) throws Exception {
    var printed = folder.resolve("printed.txt");
    var process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Dlogback.configurationFile=logback.xml", // and not the tests' own
                    "-Xmx512m",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    "io.centralita.Main",
                    "demo",
                    "--numbers",
                    "200",
                    "--port",
                    "0"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), () -> text(printed));
    } finally {
      process.destroyForcibly();
    }

    assertEquals(0, process.exitValue(), () -> text(printed));
    assertTrue(text(printed).contains("100 %"), () -> text(printed));
    assertTrue(text(printed).contains("FOUND"), () -> text(printed));
    assertTrue(Files.readAllLines(folder.resolve("demo-results.csv")).size() > 190);
    assertTrue(Files.size(folder.resolve("demo-results.xlsx")) > 1000);
    assertFalse(Files.exists(folder.resolve(".centralita-demo")), "the node's data are left");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
