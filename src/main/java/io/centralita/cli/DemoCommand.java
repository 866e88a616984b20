package io.centralita.cli;

import io.centralita.embedded.DataDir;
import io.centralita.simulators.Faults;
import io.centralita.simulators.NumberFiles;
import io.centralita.simulators.PortalSimulator;
import io.centralita.simulators.SocksFaults;
import io.centralita.simulators.SocksSimulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The main job with everything it needs on this machine. */
@Command(
    name = "demo",
    description = {
      "Looks a sample file up with everything on this machine: a node with its own PostgreSQL and"
          + " Redis, and a simulated portal behind a real SOCKS5 proxy.",
      "",
      "The portal is as slow as a real one and fails now and then. The sample and the results are"
          + " written into the working directory, and so are the node's data:",
      "  .centralita-demo        removed at the end",
      "  .centralita-demo-kept   of --keep, which nothing removes"
    },
    footer = {
      "",
      "Examples:",
      "  ./centralita demo",
      "  ./centralita demo --numbers 50000",
      "  ./centralita demo --keep          leaves the node up, to try its API"
    })
final class DemoCommand implements Callable<Integer> {
  private static final Path PASSING = Path.of(".centralita-demo");
  private static final Path KEPT = Path.of(".centralita-demo-kept");
  private static final Path SAMPLE = Path.of("demo-numbers.csv");
  private static final Path RESULTS = Path.of("demo-results.csv");
  private static final Path WORKBOOK = Path.of("demo-results.xlsx");
  private static final String HOST = "127.0.0.1";
  private static final String USER = "demo";
  private static final int INTERRUPTED = 130;

  private final Shell shell;

  @Option(
      names = "--numbers",
      paramLabel = "N",
      description = "How many numbers the sample has, 1 to 1,000,000. Default: 2000.")
  private int numbers = 2000;

  @Option(
      names = "--keep",
      description = "Leave the node up until Ctrl-C, and keep its data for the next time.")
  private boolean keep;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The HTTP port. Default: CENTRALITA_HTTP_PORT, else 8800, else any free one.")
  private @Nullable Integer port;

  private volatile boolean interrupted;
  private @Nullable Thread working;

  DemoCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    if (numbers < 1 || numbers > 1_000_000) {
      throw new Misuse("--numbers: expected 1 to 1,000,000");
    }
    var wanted = wantedPort();
    if (shell.environment().get("CENTRALITA_LOG_LEVEL") == null) {
      System.setProperty("CENTRALITA_LOG_LEVEL", "ERROR"); // the portal's faults are part of it
    }
    shell.atFirstSignal().accept(this::interrupt);
    var began = System.nanoTime();
    shell.say("Starting a node with its own PostgreSQL and Redis, a portal and a SOCKS5 proxy.");
    var portalOptions = PortalSimulator.Options.LOOPBACK.withFaults(portalFaults());
    try (var portal = PortalSimulator.start(portalOptions);
        var proxy = SocksSimulator.start(proxyOptions(portal));
        var node = shell.nodes().start(settings(proxy, wanted))) {
      try {
        beginWork();
        shell.say("Serving on " + node.uri() + " after " + seconds(began) + ".");
        lookUp(node);
        shell.say(callsLine(portal, proxy));
        next(node);
      } catch (IOException e) {
        if (!interrupted) {
          throw e;
        }
      } finally {
        endWork();
      }
    } catch (RuntimeException e) {
      if (!interrupted) {
        throw e;
      }
      // Ctrl-C also reaches the servers that were just being started, and they give up first.
    } finally {
      removeData();
    }
    return interrupted && !keep ? INTERRUPTED : 0;
  }

  private Path dataDir() {
    return keep ? KEPT : PASSING;
  }

  private void removeData() {
    if (keep) {
      return;
    }
    try {
      DataDir.delete(PASSING);
    } catch (IllegalStateException _) {
      // Another demo runs on it, which is why this one could not start; it removes it itself.
    }
  }

  /** A start or a stop that is under way is not to be interrupted, only the work between them. */
  private synchronized void interrupt() {
    interrupted = true;
    if (working != null) {
      working.interrupt();
    }
  }

  private synchronized void beginWork() {
    working = Thread.currentThread();
    if (interrupted) {
      working.interrupt();
    }
  }

  private synchronized void endWork() {
    working = null;
    var _ = Thread.interrupted(); // what is closed now waits for its end
  }

  private void lookUp(RunningNode node) throws IOException {
    var truth = NumberFiles.csv(SAMPLE, numbers, System.nanoTime());
    shell.say(
        "Looking up "
            + ProgressLine.number(truth.distinctValid())
            + " mobiles of "
            + SAMPLE
            + "; the portal takes 20 to 80 ms:");
    var report = new ProgressReport(shell.terminal(), System::nanoTime);
    try (var api = new Api(node.uri(), node.adminKey())) {
      var began = System.nanoTime();
      var name = "demo-" + Instant.now().getEpochSecond() + ".csv";
      var id =
          api.upload(new Api.Upload(SAMPLE, USER, name, null, false, UUID.randomUUID().toString()));
      var done = new Follower(Follower.file(api, id), report).toTheEnd();
      var took = System.nanoTime() - began;
      report.end();
      api.download(id, Api.Format.CSV, RESULTS);
      api.download(id, Api.Format.XLSX, WORKBOOK);
      shell.say("");
      Summary.of(RESULTS, Api.Format.CSV)
          .lines(done, shell.terminal().unicode())
          .forEach(shell::say);
      shell.say("");
      shell.say(
          "%s numbers in %s: %s a second."
              .formatted(
                  ProgressLine.number(done.total()),
                  "%.1f s".formatted(took / 1e9),
                  ProgressLine.number(Math.round(done.total() / (took / 1e9)))));
      shell.say("Results: " + RESULTS + ", " + WORKBOOK);
    } finally {
      report.end();
    }
  }

  private static String callsLine(PortalSimulator portal, SocksSimulator proxy) {
    var portalStats = portal.stats();
    var faults = portalStats.faults().values().stream().mapToLong(Long::longValue).sum();
    return "Portal: %s calls, %s of them failed, %s tokens expired. Proxy: %s sessions."
        .formatted(
            ProgressLine.number(portalStats.asked()),
            ProgressLine.number(faults),
            ProgressLine.number(portalStats.expired()),
            ProgressLine.number(proxy.stats().connectionsByUser().size()));
  }

  private void next(RunningNode node) {
    shell.say("");
    if (!keep) {
      shell.say("Next:  ./centralita demo --keep        a node to try the API on, at /docs");
      shell.say("       ./centralita serve --help       a node of your own");
      return;
    }
    var key = KEPT.resolve("secrets").resolve("admin-key");
    shell.say("The node stays up until Ctrl-C. In another terminal, here:");
    shell.say("  CENTRALITA_DATA_DIR=" + KEPT + " ./centralita lookup FILE --url " + node.uri());
    shell.say(
        "  curl -H \"X-API-Key: $(cat " + key + ")\" " + node.uri() + "/api/v1/numbers/600123456");
    shell.say("The API: " + node.uri() + "/docs");
    try {
      while (!interrupted) {
        Thread.sleep(Duration.ofHours(1));
      }
    } catch (InterruptedException _) {
      shell.say("stopping");
    }
  }

  private static Faults portalFaults() {
    return Faults.NONE
        .withLatency(20, 80)
        .with(Faults.Kind.SERVER_ERROR, 0.005)
        .with(Faults.Kind.CUT, 0.003)
        .with(Faults.Kind.HTML, 0.002)
        .withLoginFailures(0.01)
        .withTokenLife(10, 0)
        .withCompress(true);
  }

  /** Only the proxy knows the portal's name, so the look-ups must come through it. */
  private static SocksSimulator.Options proxyOptions(PortalSimulator portal) {
    var at = HOST + ":" + portal.port();
    return SocksSimulator.Options.loopback("demo", "demo")
        .withFaults(SocksFaults.NONE.with(SocksFaults.Kind.DROP_AFTER_HANDSHAKE, 0.005))
        .withNames(Map.of("www.portal.example", at, "api.portal.example", at));
  }

  /** Nothing of the environment's outside systems: all is embedded. */
  private Map<String, ?> settings(SocksSimulator proxy, int wantedPort) {
    return Map.ofEntries(
        Map.entry("centralita.http.host", HOST),
        Map.entry("centralita.http.port", freePort(wantedPort)),
        Map.entry("centralita.data-dir", dataDir().toString()),
        Map.entry("centralita.db.url", ""),
        Map.entry("centralita.redis.url", ""),
        Map.entry("centralita.admin-key", ""),
        Map.entry("centralita.portal.web-url", "http://www.portal.example"),
        Map.entry("centralita.portal.api-url", "http://api.portal.example"),
        Map.entry("centralita.portal.direct", false),
        Map.entry("centralita.portal.ca-file", ""),
        Map.entry("centralita.proxy.test-url", ""),
        Map.entry("centralita.proxies", "socks5://user-demo:demo@" + HOST + ":" + proxy.port()),
        Map.entry("centralita.cluster.host", HOST),
        Map.entry("centralita.cluster.port", 0),
        Map.entry("centralita.cluster.management-port", 0),
        Map.entry("centralita.cluster.seed-nodes", ""));
  }

  private int wantedPort() {
    if (port != null) {
      return Ports.checked(port);
    }
    try {
      var set = shell.environment().getOrDefault("CENTRALITA_HTTP_PORT", "8800");
      return Ports.checked(Integer.parseInt(set));
    } catch (NumberFormatException | Misuse e) {
      throw new Misuse("CENTRALITA_HTTP_PORT: expected a port, 0 to 65535", e);
    }
  }

  private int freePort(int wanted) {
    try (var probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
      return wanted;
    } catch (IOException _) {
      shell.say("Port " + wanted + " is taken; the demo takes another.");
      return 0;
    }
  }

  private static String seconds(long sinceNanos) {
    return "%.1f s".formatted((System.nanoTime() - sinceNanos) / 1e9);
  }
}
