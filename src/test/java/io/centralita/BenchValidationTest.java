package io.centralita;

import static io.centralita.ProgramProcess.printed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short measurement as a person runs it: its own process, in an empty folder. */
final class BenchValidationTest {

  @Test
  void bench_ofAFewNumbers_endsWithWhatItMeasured(@TempDir Path folder) throws Exception {
    var output = folder.resolve("printed.txt");

    assertEquals(0, bench(folder, output), () -> printed(output));

    var lines = Files.readAllLines(output);
    var report = new ObjectMapper().readTree(lines.getLast());
    assertEquals("validation", report.path("bench").asText());
    assertEquals(6_000, report.path("fast_validations").asInt());
    assertEquals(1_500, report.path("slow_validations").asInt());
    assertEquals(150, report.path("slow_calls").asInt());
    assertTrue(report.path("fast_validations_per_second").asInt() > 0, report.toString());
    assertTrue(report.path("slow_calls_percent").asDouble() > 0, report.toString());
    assertTrue(report.path("node_memory_mb").asInt() > 0, report.toString());
    assertFalse(Files.exists(folder.resolve(".centralita-bench")), "the node's data are left");
  }

  /** Runs it to its end; the exit status. */
  private static int bench(Path folder, Path output) throws IOException, InterruptedException {
    var process =
        ProgramProcess.of(
                output,
                "bench",
                "validation",
                "--numbers",
                "1200",
                "--slow-numbers",
                "300",
                "--latency",
                "10",
                "--batch",
                "10")
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
