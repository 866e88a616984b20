package io.centralita.cli;

import io.centralita.embedded.DataDir;
import io.centralita.simulators.Faults;
import io.centralita.simulators.PortalNumbering;
import io.centralita.simulators.PortalSimulator;
import io.centralita.simulators.SocksSimulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a measurement runs on: nodes in processes of their own, as {@code ./centralita cluster}
 * starts them, and a simulated portal in this one.
 */
final class BenchCluster implements AutoCloseable {

  /**
   * What it is made of.
   *
   * @param callsAtOnce to the portal, of all nodes together
   * @param latencyMs of the simulated portal
   * @param portalUrl a portal of one's own, in place of the simulated one
   * @param socks whether the portal is reached through a SOCKS5 proxy
   * @param logs where what the nodes log is kept; null for nowhere
   * @param importFolder the nodes' own; null for none
   * @param environment more variables of the nodes
   */
  record Options(
      int nodes,
      int callsAtOnce,
      int latencyMs,
      @Nullable URI portalUrl,
      boolean socks,
      @Nullable Path logs,
      @Nullable Path importFolder,
      Map<String, String> environment) {

    Options(int nodes, int callsAtOnce, @Nullable URI portalUrl, boolean socks) {
      this(nodes, callsAtOnce, 0, portalUrl, socks, null, null, Map.of());
    }

    /** A portal that takes 20 to 25 ms, 40 calls at once. */
    static Options ordinary(int nodes) {
      return new Options(nodes, 40, 20, null, false, null, null, Map.of());
    }

    Options withLogs(@Nullable Path kept) {
      return new Options(
          nodes, callsAtOnce, latencyMs, portalUrl, socks, kept, importFolder, environment);
    }

    Options withImportFolder(Path folder) {
      return new Options(
          nodes, callsAtOnce, latencyMs, portalUrl, socks, logs, folder, environment);
    }

    Options withEnvironment(Map<String, String> more) {
      return new Options(nodes, callsAtOnce, latencyMs, portalUrl, socks, logs, importFolder, more);
    }
  }

  private static final Path DATA_DIR = Path.of(".centralita-bench");
  private static final Duration TO_START = Duration.ofMinutes(2);
  private static final String PORTAL_NAME = "portal.bench";

  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final PortalSimulator portal;
  private final LocalCluster cluster;
  private int nextNumber = 600_000_000;

  private BenchCluster(Shell shell, Options options) throws IOException {
    var logs = options.logs() == null ? null : own(NodeLogs.in(options.logs()));
    portal = own(PortalSimulator.start(PortalSimulator.Options.LOOPBACK));
    latency(options.latencyMs(), options.latencyMs() + options.latencyMs() / 5);
    var environment = new HashMap<>(shell.environment());
    environment.keySet().removeIf(name -> name.startsWith("CENTRALITA_"));
    environment.put("CENTRALITA_LOG_LEVEL", logs == null ? "ERROR" : "INFO");
    environment.putAll(options.environment());
    environment.put("CENTRALITA_PORTAL_CALLS_AT_ONCE", Integer.toString(options.callsAtOnce()));
    if (options.importFolder() != null) {
      environment.put("CENTRALITA_IMPORT_DIR", options.importFolder().toAbsolutePath().toString());
    }
    reach(options, environment);
    cluster =
        own(
            LocalCluster.open(
                new LocalCluster.Options(
                    options.nodes(),
                    DATA_DIR,
                    0,
                    environment,
                    logs == null ? (_, _) -> {} : logs::line)));
    cluster.nodes().forEach(LocalNode::start);
  }

  private void reach(Options options, Map<String, String> environment) {
    var url = options.portalUrl() == null ? portal.webUrl() : options.portalUrl();
    if (options.socks()) {
      var socks =
          own(
              SocksSimulator.start(
                  SocksSimulator.Options.loopback("bench", "bench")
                      .withNames(Map.of(PORTAL_NAME, url.getHost() + ":" + url.getPort()))));
      url = URI.create("http://" + PORTAL_NAME);
      environment.put(
          "CENTRALITA_PROXIES", "socks5://user-bench:bench@" + socks.host() + ":" + socks.port());
    } else {
      environment.put("CENTRALITA_PORTAL_DIRECT", "true");
    }
    environment.put("CENTRALITA_PORTAL_WEB_URL", url.toString());
    environment.put("CENTRALITA_PORTAL_API_URL", url.toString());
  }

  private <T extends AutoCloseable> T own(T resource) {
    owned.push(resource);
    return resource;
  }

  /** Starts the nodes, and waits until they serve. */
  static BenchCluster start(Shell shell, Options options) throws IOException {
    shell.atFirstSignal().accept(() -> Runtime.getRuntime().exit(130));
    DataDir.delete(DATA_DIR);
    var bench = new BenchCluster(shell, options);
    try {
      bench.awaitReady();
      return bench;
    } catch (RuntimeException e) {
      bench.close();
      throw e;
    }
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

  /** What its processes use. */
  ProcessGauge gauge() {
    return new ProcessGauge(cluster.nodes().stream().map(LocalNode::pid).toList(), DATA_DIR);
  }

  PortalSimulator portal() {
    return portal;
  }

  /** How long the simulated portal takes, in milliseconds. */
  void latency(int least, int most) {
    portal.faults(Faults.NONE.withLatency(least, most));
  }

  /** A client of one node, as the administrator; to be closed. */
  Api api(LocalNode node) {
    return new Api(node.uri(), cluster.adminKey());
  }

  /** Numbers that no file had before, of lines that have an operator. */
  int[] numbers(int count) {
    var numbers =
        IntStream.iterate(nextNumber, number -> number + 1)
            .filter(number -> PortalNumbering.answerFor(number).operator().isPresent())
            .limit(count)
            .toArray();
    nextNumber = numbers[count - 1] + 1;
    return numbers;
  }

  /** Sends a file of numbers that no other has, and gives its id. */
  long upload(Api api, String user, int count) throws IOException {
    return upload(api, user, numbers(count));
  }

  /** Sends a file of these numbers, and gives its id. */
  long upload(Api api, String user, int[] numbers) throws IOException {
    var file = Files.createTempFile("bench", ".csv");
    try {
      Files.writeString(
          file,
          IntStream.of(numbers)
              .mapToObj(Integer::toString)
              .collect(Collectors.joining("\n", "number\n", "\n")));
      var name = UUID.randomUUID() + ".csv";
      return api.upload(new Api.Upload(file, user, name, null, false, name));
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public void close() throws IOException {
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        throw new IOException("the measurement's own servers did not stop", e);
      }
    }
    DataDir.delete(DATA_DIR);
  }
}
