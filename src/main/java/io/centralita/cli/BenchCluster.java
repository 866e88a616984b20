package io.centralita.cli;

import io.centralita.simulators.Faults;
import io.centralita.simulators.PortalSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a measurement runs on: nodes in processes of their own, as {@code ./centralita cluster}
 * starts them, and a simulated portal.
 */
final class BenchCluster implements AutoCloseable {
  private static final Path DATA_DIR = Path.of(".centralita-bench");
  private static final Duration TO_START = Duration.ofMinutes(2);
  private static final int CALLS_AT_ONCE = 40;

  private final PortalSimulator portal;
  private final LocalCluster cluster;
  private final @Nullable NodeLogs logs;
  private int nextNumber = 600_000_000;

  private BenchCluster(PortalSimulator portal, LocalCluster cluster, @Nullable NodeLogs logs) {
    this.portal = portal;
    this.cluster = cluster;
    this.logs = logs;
  }

  /**
   * Starts nodes, and waits until they serve.
   *
   * @param logs where what they log is kept; null for nowhere
   */
  static BenchCluster start(Shell shell, int nodes, @Nullable Path logs) throws IOException {
    shell.atFirstSignal().accept(() -> Runtime.getRuntime().exit(130));
    DemoCommand.delete(DATA_DIR);
    var written = logs == null ? null : NodeLogs.in(logs);
    var portal =
        PortalSimulator.start(
            PortalSimulator.Options.LOOPBACK.withFaults(Faults.NONE.withLatency(20, 25)));
    var cluster =
        LocalCluster.open(
            new LocalCluster.Options(
                nodes,
                DATA_DIR,
                0,
                environment(shell, portal, written != null),
                written == null ? (_, _) -> {} : written::line));
    var bench = new BenchCluster(portal, cluster, written);
    cluster.nodes().forEach(LocalNode::start);
    try {
      bench.awaitReady();
    } catch (RuntimeException e) {
      bench.close();
      throw e;
    }
    return bench;
  }

  private static Map<String, String> environment(
      Shell shell, PortalSimulator portal, boolean logged) {
    var environment = new HashMap<>(shell.environment());
    environment.keySet().removeIf(name -> name.startsWith("CENTRALITA_"));
    environment.put("CENTRALITA_LOG_LEVEL", logged ? "INFO" : "ERROR");
    environment.put("CENTRALITA_PORTAL_WEB_URL", portal.webUrl().toString());
    environment.put("CENTRALITA_PORTAL_API_URL", portal.apiUrl().toString());
    environment.put("CENTRALITA_PORTAL_DIRECT", "true");
    environment.put("CENTRALITA_PORTAL_CALLS_AT_ONCE", Integer.toString(CALLS_AT_ONCE));
    return environment;
  }

  /** Waits until all nodes serve. */
  void awaitReady() {
    for (var node : cluster.nodes()) {
      if (!node.awaitReady(TO_START)) {
        throw new CommandFailure(node.name() + " does not serve");
      }
    }
  }

  LocalCluster cluster() {
    return cluster;
  }

  /** A client of one node, as the administrator; to be closed. */
  Api api(LocalNode node) {
    return new Api(node.uri(), cluster.adminKey());
  }

  /** Sends a file of numbers that no other has, and gives its id. */
  long upload(Api api, String user, int numbers) throws IOException {
    var first = nextNumber;
    nextNumber += numbers;
    var file = Files.createTempFile("bench", ".csv");
    try {
      Files.writeString(
          file,
          IntStream.range(first, first + numbers)
              .mapToObj(Integer::toString)
              .collect(Collectors.joining("\n", "number\n", "\n")));
      return api.upload(
          new Api.Upload(
              file, user, "bench-" + first + ".csv", null, false, UUID.randomUUID().toString()));
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public void close() throws IOException {
    cluster.close();
    portal.close();
    if (logs != null) {
      logs.close();
    }
    DemoCommand.delete(DATA_DIR);
  }
}
