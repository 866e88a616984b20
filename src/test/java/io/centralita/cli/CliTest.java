package io.centralita.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CliTest {
  private final Printed printed = new Printed();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "serve",
        "cluster",
        "lookup",
        "simulate",
        "simulate portal",
        "simulate socks",
        "bench",
        "bench failover",
        "ops",
        "ops nodes",
        "ops types",
        "ops shards",
        "ops entities",
        "ops entity",
        "ops journal",
        "ops hot",
        "ops pauses",
        "ops pause",
        "ops resume",
        "ops passivate",
        "ops restart",
        "ops drain",
        "ops audit"
      })
  void help_ofEveryCommand_teachesByExample(String command) {
    var status = printed.run(Map.of(), (command + " --help").split(" ", -1));

    assertEquals(0, status);
    assertTrue(printed.out().contains("./centralita " + command.split(" ", -1)[0]), printed.out());
    assertTrue(printed.out().contains("Example"), printed.out());
  }

  @Test
  void version_isPrinted() {
    assertEquals(0, printed.run(Map.of(), "--version"));
    assertTrue(printed.out().startsWith("centralita "), printed.out());
  }

  @Test
  void noCommand_listsThemAndFails() {
    assertEquals(2, printed.run(Map.of()));
    assertTrue(printed.err().contains("simulate"), printed.err());
  }

  @Test
  void unknownCommand_saysWhereHelpIs() {
    assertEquals(2, printed.run(Map.of(), "frobnicate"));
    assertTrue(printed.err().contains("Try: centralita --help"), printed.err());
  }

  @Test
  void simulate_unknownFault_namesTheKnownOnes() {
    assertEquals(1, printed.run(Map.of(), "simulate", "portal", "--faults", "flood=0.1"));
    assertTrue(printed.err().contains("serverError"), printed.err());
    assertTrue(printed.err().contains("notFoundHtml"), printed.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "80-20", "-5"})
  void simulate_latencyThatIsNone_isRefused(String latency) {
    assertTrue(printed.run(Map.of(), "simulate", "socks", "--latency=" + latency) > 0);
    assertTrue(printed.err().contains("--latency"), printed.err());
  }

  @Test
  void lookup_missingFile_isSaidBeforeAnythingElse() {
    assertEquals(1, printed.run(Map.of(), "lookup", "missing.csv"));
    assertEquals("centralita: there is no file missing.csv that can be read\n", printed.err());
  }

  @Test
  void lookup_withoutAnyKey_saysWhereKeysComeFrom(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("a.txt"), "600123456\n");

    var status =
        printed.run(Map.of("CENTRALITA_DATA_DIR", folder.toString()), "lookup", file.toString());

    assertEquals(1, status);
    assertTrue(printed.err().contains("CENTRALITA_KEY"), printed.err());
  }

  @Test
  void demo_tooManyNumbers_isRefused() {
    assertEquals(1, printed.run(Map.of(), "demo", "--numbers", "2000000"));
    assertTrue(printed.err().contains("--numbers"), printed.err());
  }

  @Test
  void serve_portTaken_namesPortAndVariable() {
    var status = printed.run(Map.of(), _ -> taken("Bind failed for [/127.0.0.1:8800]"), "serve");

    assertEquals(1, status);
    assertEquals(
        "centralita: port 8800 is taken: stop what uses it, or set CENTRALITA_HTTP_PORT to"
            + " another.\n",
        printed.err());
  }

  @Test
  void serve_failingVerbosely_showsWhere() {
    printed.run(
        Map.of(), _ -> taken("Failed to bind TCP to [127.0.0.1:25520]"), "--verbose", "serve");

    assertTrue(printed.err().contains("CENTRALITA_CLUSTER_PORT"), printed.err());
    assertTrue(printed.err().contains("\tat "), printed.err());
  }

  @Test
  void serve_failing_showsNoStackTrace() {
    printed.run(Map.of(), "serve");

    assertEquals("centralita: no node is to be started here\n", printed.err());
    assertFalse(printed.err().contains("\tat "));
  }

  private static RunningNode taken(String message) {
    throw new CompletionException(
        new IllegalStateException(message, new BindException("Address already in use")));
  }
}
