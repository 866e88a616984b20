package io.centralita.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Several nodes on this machine, until a signal. */
@Command(
    name = "cluster",
    description = {
      "Starts N nodes on this machine, on one database and one cache, until it is told to stop.",
      "",
      "Each node is a process of its own: kill one with kill -9, and the others go on with its"
          + " files. The database and the cache belong to this command, or are those of"
          + " CENTRALITA_DB_URL and CENTRALITA_REDIS_URL. Everything else is set as for serve.",
      "SIGTERM and Ctrl-C stop all of it within 30 s."
    },
    footer = {
      "",
      "Examples:",
      "  ./centralita cluster 3",
      "  ./centralita cluster 3 --restart      a node that dies is started again",
      "",
      "With a simulated portal in another terminal (./centralita simulate portal):",
      "  CENTRALITA_PORTAL_WEB_URL=http://127.0.0.1:8901 \\",
      "  CENTRALITA_PORTAL_API_URL=http://127.0.0.1:8901 \\",
      "  CENTRALITA_PORTAL_DIRECT=true ./centralita cluster 3"
    })
final class ClusterCommand implements Callable<Integer> {
  private static final Duration TO_START = Duration.ofMinutes(2);
  private static final Duration LIVED_WELL = Duration.ofMinutes(1);
  private static final int MOST = 16;
  private static final int LONGEST_WAIT_S = 30;

  /** What happens while the cluster runs. */
  private sealed interface Event {}

  private record Ready(LocalNode node) implements Event {}

  private record Ended(LocalNode node, int status) implements Event {}

  private record Again(LocalNode node) implements Event {}

  private enum Told implements Event {
    TO_STOP
  }

  private final Shell shell;
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Map<LocalNode, Long> startedAt = new HashMap<>();
  private final Map<LocalNode, Integer> waits = new HashMap<>();
  private final Set<LocalNode> serving = new HashSet<>();
  private final Set<LocalNode> lost = new HashSet<>(); // ended, with a status other than 0
  private final Set<LocalNode> coming = new HashSet<>(); // of those, the ones to be started again
  private boolean announced;

  @Parameters(paramLabel = "N", description = "How many nodes, 1 to 16.")
  private int count;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "The first node's HTTP port; the others' follow. Default: CENTRALITA_HTTP_PORT, else"
              + " 8800; 0 for any free ones.")
  private @Nullable Integer port;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = {"The data directory. Default: CENTRALITA_DATA_DIR, else", ".centralita"})
  private @Nullable Path dataDir;

  @Option(
      names = "--restart",
      description =
          "Start a node again that has died; one that was told to end, with status 0, is left alone.")
  private boolean restart;

  ClusterCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (count < 1 || count > MOST) {
      throw new Misuse("N: expected 1 to " + MOST);
    }
    shell
        .atFirstSignal()
        .accept(
            () -> {
              shell.say("stopping");
              events.add(Told.TO_STOP);
            });
    var options =
        new LocalCluster.Options(count, folder(), firstPort(), shell.environment(), this::print);
    try (var cluster = LocalCluster.open(options)) {
      var atExit = new Thread(() -> cluster.nodes().forEach(ClusterCommand::terminate));
      Runtime.getRuntime().addShutdownHook(atExit); // also where a terminal is closed
      cluster.nodes().forEach(this::start);
      return run(cluster);
    } catch (RuntimeException e) {
      if (!events.contains(Told.TO_STOP)) {
        throw e;
      }
      return 0; // Ctrl-C also reaches the servers that were just being started
    }
  }

  private static void terminate(LocalNode node) {
    if (node.wasStarted() && node.isAlive()) {
      node.terminate();
    }
  }

  private int run(LocalCluster cluster) throws InterruptedException {
    while (true) {
      switch (events.take()) {
        case Ready(var node) -> ready(cluster, node);
        case Ended(var node, var status) -> {
          ended(node, status);
          if (coming.isEmpty() && cluster.nodes().stream().noneMatch(LocalNode::isAlive)) {
            return noneLeft();
          }
        }
        case Again(var node) -> {
          coming.remove(node);
          start(node);
        }
        case Told _ -> {
          return 0;
        }
      }
    }
  }

  /** Nodes that were told to end have done so; one that died is a failure. */
  private int noneLeft() {
    if (lost.isEmpty()) {
      shell.say("all nodes have ended as they were told");
      return 0;
    }
    shell.terminal().err().println("centralita: no node is left");
    return Cli.FAILED;
  }

  private void start(LocalNode node) {
    lost.remove(node);
    startedAt.put(node, System.nanoTime());
    node.start();
    var _ = node.onEnd().thenAccept(status -> events.add(new Ended(node, status)));
    Thread.ofVirtual()
        .start(
            () -> {
              if (node.awaitReady(TO_START)) {
                events.add(new Ready(node));
              }
            });
  }

  private void ready(LocalCluster cluster, LocalNode node) {
    if (!node.isAlive()) {
      return;
    }
    serving.add(node);
    if (announced) {
      shell.say(node.name() + " serves again, at " + node.uri());
    } else if (serving.size() == count) {
      announced = true;
      announce(cluster);
    }
  }

  private void ended(LocalNode node, int status) {
    serving.remove(node);
    shell.say(node.name() + " has ended with status " + status + meaning(status));
    if (status == 0) {
      return; // it was drained, or told to stop: starting it again would undo that
    }
    lost.add(node);
    if (restart) {
      var lived = System.nanoTime() - startedAt.getOrDefault(node, 0L);
      var wait =
          lived > LIVED_WELL.toNanos()
              ? 1
              : Math.min(LONGEST_WAIT_S, 2 * waits.getOrDefault(node, 0) + 1);
      waits.put(node, wait);
      shell.say(node.name() + " is started again in " + wait + " s");
      coming.add(node);
      CompletableFuture.delayedExecutor(wait, TimeUnit.SECONDS)
          .execute(() -> events.add(new Again(node)));
    }
  }

  private static String meaning(int status) {
    return switch (status) {
      case 137 -> " (killed)";
      case 143 -> " (SIGTERM)";
      default -> "";
    };
  }

  private void announce(LocalCluster cluster) {
    shell.say("");
    shell.say("%-8s %-24s %-9s %-16s %s".formatted("node", "API", "process", "cluster", "health"));
    for (var node : cluster.nodes()) {
      shell.say(
          "%-8s %-24s %-9d %-16s %s"
              .formatted(
                  node.name(),
                  node.uri(),
                  node.pid(),
                  "127.0.0.1:" + node.ports().cluster(),
                  "http://127.0.0.1:" + node.ports().management() + "/cluster/members"));
    }
    shell.say("");
    shell.say("administrator's key: " + cluster.adminKeyPlace());
    shell.say(count + " nodes serve, until Ctrl-C");
  }

  private void print(String node, String line) {
    shell.terminal().err().println(node + " | " + line);
  }

  private Path folder() {
    return dataDir != null
        ? dataDir
        : Path.of(shell.environment().getOrDefault("CENTRALITA_DATA_DIR", ".centralita"));
  }

  private int firstPort() {
    if (port != null) {
      return Ports.checked(port);
    }
    var variable = shell.environment().getOrDefault("CENTRALITA_HTTP_PORT", "8800");
    try {
      return Integer.parseInt(variable);
    } catch (NumberFormatException e) {
      throw new Misuse("CENTRALITA_HTTP_PORT: expected 0 to 65535", e);
    }
  }
}
