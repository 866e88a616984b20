package io.centralita.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CliTest {
  private final Printed printed = new Printed();

  static List<String> commands() {
    return List.of(
        "demo",
        "serve",
        "cluster",
        "lookup",
        "simulate",
        "simulate portal",
        "simulate socks",
        "simulate validators",
        "bench",
        "bench failover",
        "bench validation",
        "proxies",
        "proxies add",
        "proxies change",
        "proxies import",
        "webhooks",
        "webhooks list",
        "webhooks add",
        "webhooks test",
        "webhooks enable",
        "webhooks disable",
        "webhooks remove",
        "webhooks deliveries",
        "webhooks resend",
        "webhooks replay",
        "ops",
        "ops nodes",
        "ops types",
        "ops shards",
        "ops entities",
        "ops entity",
        "ops journal",
        "ops targets",
        "ops hot",
        "ops pauses",
        "ops pause",
        "ops resume",
        "ops passivate",
        "ops restart",
        "ops drain",
        "ops audit");
  }

  @ParameterizedTest
  @MethodSource("commands")
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
    assertEquals(2, printed.run(Map.of(), "simulate", "portal", "--faults", "flood=0.1"));
    assertTrue(printed.err().contains("serverError"), printed.err());
    assertTrue(printed.err().contains("notFoundHtml"), printed.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fast", "80-20", "-5"})
  void simulate_latencyThatIsNone_isRefused(String latency) {
    assertEquals(2, printed.run(Map.of(), "simulate", "socks", "--latency=" + latency));
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
    assertEquals(2, printed.run(Map.of(), "demo", "--numbers", "2000000"));
    assertTrue(printed.err().contains("--numbers"), printed.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "demo --numbers 0|--numbers: expected 1 to 1,000,000",
        "demo --numbers -5|--numbers: expected 1 to 1,000,000",
        "demo --numbers abc|expected a whole number, not 'abc'",
        "demo --port 99999|--port: expected 0 to 65535",
        "serve --port 99999|--port: expected 0 to 65535",
        "serve --port http|expected a whole number, not 'http'",
        "simulate portal --port -1|--port: expected 0 to 65535",
        "simulate portal --latency foo|--latency: expected milliseconds",
        "simulate portal --faults foo=1|there is no foo",
        "simulate portal --faults serverError=2|--faults serverError: expected a share from 0 to 1",
        "simulate portal --faults serverError=x|expected a number, not 'x'",
        "simulate portal --faults serverError=0.6,cut=0.6|the shares add up to more than 1",
        "simulate portal --login-failures 2|--login-failures: expected a share",
        "simulate portal --rate -1|--rate",
        "simulate socks --port 70000|--port: expected 0 to 65535",
        "simulate validators --port 70000|--port: expected 0 to 65535",
        "simulate validators --faults foo=1|there is no foo; there are serverError",
        "simulate validators --rate -1|--rate: expected 0",
        "simulate validators --batch 0|--batch: expected 1 number or more",
        "simulate validators --limited 2|--limited: expected a share",
        "simulate validators --seed x|expected a whole number, not 'x'",
        "webhooks test seven|expected a whole number, not 'seven'",
        "webhooks deliveries 7 --limit 0|--limit: expected 1 to 200",
        "bench validation --numbers 0|--numbers: expected 1 to 1000000",
        "bench validation --slow-numbers 100001|--slow-numbers: expected 1 to 100000",
        "bench validation --latency 0|--latency: expected 1 to 10000 milliseconds",
        "bench validation --batch 0|--batch, --calls-at-once: expected 1 to 1000",
        "bench validation --calls-at-once 1001|--batch, --calls-at-once: expected 1 to 1000",
        "bench validation --running --port 70000|--port: expected 0 to 65535"
      })
  void options_thatCannotBeMeant_areNamed_andEndWith2(String line, String told) {
    assertEquals(2, printed.run(Map.of(), line.split(" ", -1)), printed.err());
    assertTrue(printed.err().contains(told), printed.err());
    assertFalse(printed.err().matches("(?s).*(NumberFormat|is not an int|SERVER_ERROR).*"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"portal", "socks", "validators"})
  void simulate_portTaken_isSaidInWords(String what) throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = Integer.toString(taken.getLocalPort());

      assertEquals(1, printed.run(Map.of(), "simulate", what, "--port", port));

      assertEquals(
          "centralita: port "
              + port
              + " is taken: stop what uses it, or choose another with --port\n",
          printed.err());
    }
  }

  /** Paths, addresses and commands are copied from a help: none may be cut by a line's end. */
  @ParameterizedTest
  @MethodSource("commands")
  void help_at80Columns_cutsNoWord(String command) {
    var line = printed.commandLine();
    for (var name : command.split(" ", -1)) {
      line = name.isEmpty() ? line : Objects.requireNonNull(line.getSubcommands().get(name));
    }
    var shown = line.getUsageMessage().lines().toList();
    var spec = line.getCommandSpec();
    var said = new ArrayList<>(List.of(spec.usageMessage().description()));
    said.addAll(List.of(spec.usageMessage().footer()));
    spec.args().forEach(option -> said.addAll(List.of(option.description())));

    var cut =
        said.stream()
            .flatMap(text -> Arrays.stream(text.split("\\s+", -1)))
            .filter(word -> !word.contains("${"))
            .filter(word -> shown.stream().noneMatch(part -> part.contains(word)))
            .toList();

    assertEquals(List.of(), cut);
    assertEquals(List.of(), shown.stream().filter(part -> part.length() > 80).toList());
  }

  @Test
  void lookup_keyFileThatCannotBeRead_namesTheVariable(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("a.txt"), "600123456\n");
    var environment = Map.of("CENTRALITA_ADMIN_KEY_FILE", folder.resolve("none").toString());

    assertEquals(1, printed.run(environment, "lookup", file.toString()));
    assertTrue(printed.err().contains("CENTRALITA_ADMIN_KEY_FILE"), printed.err());
  }

  @Test
  void lookup_urlThatIsNone_isMisuse(@TempDir Path folder) throws Exception {
    var file = Files.writeString(folder.resolve("a.txt"), "600123456\n");

    assertEquals(2, printed.run(Map.of(), "lookup", file.toString(), "--url", "foo"));
    assertEquals("centralita: --url: expected http://host:port, not foo\n", printed.err());
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
