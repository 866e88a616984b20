package io.centralita.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.embedded.DataDir;
import io.centralita.embedded.EmbeddedPostgres;
import io.centralita.embedded.EmbeddedRedis;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two nodes by one command, as a person starts them. */
final class ClusterCommandTest {
  private static final Pattern NODE =
      Pattern.compile("(?m)^node-([12]) +(http://\\S+) +(\\d+) +(\\S+) +(\\S+)$");

  private final Printed printed = new Printed();

  @Test
  void cluster_aNodeIsKilled_itIsStartedAgain_andAllStopOnOneSignal(@TempDir Path folder)
      throws Exception {
    var out = folder.resolve("out.txt");
    var command = start(folder, out);
    try {
      await(command, out, "2 nodes serve");
      var nodes = NODE.matcher(text(out)).results().toList();
      assertEquals(2, nodes.size(), () -> text(out));
      var killed = ProcessHandle.of(Long.parseLong(nodes.getFirst().group(3))).orElseThrow();
      var other = new ClusterView(URI.create(nodes.getLast().group(5)));
      assertEquals(2, other.up().size());

      killed.destroyForcibly();

      await(command, out, "node-1 has ended with status 137 (killed)");
      await(command, out, "node-1 serves again");
      assertTrue(Files.exists(folder.resolve(".centralita/secrets/admin-key")));
      var left = ProcessHandle.of(Long.parseLong(nodes.getLast().group(3))).orElseThrow();
      command.toHandle().destroy();
      assertTrue(command.waitFor(30, TimeUnit.SECONDS), () -> text(out));
      assertEquals(0, command.exitValue(), () -> text(out));
      assertFalse(left.isAlive());
    } finally {
      command.destroyForcibly();
    }
  }

  @Test
  void cluster_nodesAreToldToEnd_theyStayEnded_andTheLastEndsTheCommand(@TempDir Path folder)
      throws Exception {
    var out = folder.resolve("out.txt");
    var command = start(folder, out);
    try {
      await(command, out, "2 nodes serve");
      var nodes = NODE.matcher(text(out)).results().map(ClusterCommandTest::process).toList();

      nodes.getFirst().destroy();
      await(command, out, "node-1 has ended with status 0");
      nodes.getLast().destroy();

      assertTrue(command.waitFor(60, TimeUnit.SECONDS), () -> text(out));
      assertEquals(0, command.exitValue(), () -> text(out));
      assertFalse(text(out).contains("started again"), () -> text(out));
    } finally {
      command.destroyForcibly();
    }
  }

  @Test
  void cluster_afterOneThatWasKilled_isRefused_andTheNodesThatLiveGoOn(@TempDir Path folder)
      throws Exception {
    var out = folder.resolve("out.txt");
    var data = folder.resolve(".centralita");
    var command = start(folder, out);
    var left = List.<ProcessHandle>of();
    try {
      await(command, out, "2 nodes serve");
      var nodes = NODE.matcher(text(out)).results().toList();
      left = nodes.stream().map(ClusterCommandTest::process).toList();
      command.destroyForcibly().waitFor();

      var again = start(folder, folder.resolve("again.txt"));

      assertTrue(again.waitFor(60, TimeUnit.SECONDS));
      var said = text(folder.resolve("again.txt"));
      assertEquals(1, again.exitValue(), said);
      assertTrue(said.contains("node-1 (process " + left.getFirst().pid() + ")"), said);
      for (var node : nodes) { // ready: with its database
        assertEquals(200, status(node.group(2) + "/ready"), said);
      }
    } finally {
      command.destroyForcibly();
      for (var node : left) {
        node.destroy();
        node.onExit().get(60, TimeUnit.SECONDS);
      }
    }
    try (var dir = DataDir.open(data);
        var postgres = EmbeddedPostgres.start(dir);
        var redis = EmbeddedRedis.start(dir)) {
      assertTrue(postgres.isAdopted());
      assertTrue(redis.isAdopted());
    }
  }

  private static ProcessHandle process(MatchResult node) {
    return ProcessHandle.of(Long.parseLong(node.group(3))).orElseThrow();
  }

  private static int status(String uri) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create(uri)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "17", "many"})
  void cluster_ofANumberThatCannotBeMeant_isRefused(String number) {
    assertTrue(printed.run(java.util.Map.of(), "cluster", number) > 0);
    assertTrue(printed.err().contains("N"), printed.err());
  }

  private static Process start(Path folder, Path out) throws IOException {
    return new ProcessBuilder(
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
                "cluster",
                "2",
                "--port",
                "0",
                "--restart"))
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .start();
  }

  private static void await(Process command, Path out, String line) {
    var deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (!text(out).contains(line)) {
      assertTrue(command.isAlive() && System.nanoTime() < deadline, () -> line + "\n" + text(out));
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
