package io.centralita.cli;

import io.centralita.embedded.DataDir;
import io.centralita.embedded.EmbeddedPostgres;
import io.centralita.embedded.EmbeddedRedis;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Nodes on loopback, each a process of its own, on one database and one cache. The servers belong
 * to this process: the death of any node leaves the others working.
 */
final class LocalCluster implements AutoCloseable {
  private static final int CLUSTER_PORT = 25_520;
  private static final int MANAGEMENT_PORT = 7_626;
  private static final Duration TO_STOP = Duration.ofSeconds(28);
  private static final Duration FOR_SERVERS = Duration.ofSeconds(5);

  /**
   * What kind of cluster.
   *
   * @param httpPort of the first node, the next ones follow; 0 for any free ones
   * @param environment that the nodes get, but for what differs between them
   * @param output takes each line that a node prints, with the node's name
   */
  record Options(
      int nodes,
      Path dataDir,
      int httpPort,
      Map<String, String> environment,
      BiConsumer<String, String> output) {}

  private final Options options;
  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final List<LocalNode> nodes = new ArrayList<>();
  private @Nullable EmbeddedPostgres postgres;
  private @Nullable EmbeddedRedis redis;
  private String adminKey = "";
  private String adminKeyPlace = "CENTRALITA_ADMIN_KEY";
  private boolean prepared;
  private long stopBy;

  private LocalCluster(Options options) {
    this.options = options;
  }

  /** Starts the servers, and prepares the nodes. */
  static LocalCluster open(Options options) {
    var cluster = new LocalCluster(options);
    try {
      cluster.prepare();
      cluster.prepared = true;
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private void prepare() {
    var dataDir = own(DataDir.open(options.dataDir()));
    var ports = IntStream.range(0, options.nodes()).mapToObj(this::ports).toList();
    // Whatever may refuse this start has been looked at: from here on there are servers.
    var shared = new HashMap<>(options.environment());
    shared.keySet().removeAll(List.of("CENTRALITA_SEED_NODES", "CENTRALITA_CLUSTER_HOST"));
    var secrets = dataDir.folder("secrets");
    if (!isSet("CENTRALITA_DB_URL")) {
      var server = EmbeddedPostgres.start(dataDir);
      postgres = server;
      ownServer(() -> server.close(left()), server.isAdopted());
      own(server.keepRunning());
      shared.remove("CENTRALITA_DB_PASSWORD");
      shared.put("CENTRALITA_DB_URL", server.url());
      shared.put("CENTRALITA_DB_USER", server.user());
      shared.put("CENTRALITA_DB_PASSWORD_FILE", secrets.resolve("postgres").toString());
    }
    if (!isSet("CENTRALITA_REDIS_URL") && !isSet("CENTRALITA_REDIS_URL_FILE")) {
      var server = EmbeddedRedis.start(dataDir);
      redis = server;
      ownServer(server, server.isAdopted());
      own(server.keepRunning());
      dataDir.storeSecret("redis-url", server.url());
      shared.remove("CENTRALITA_REDIS_URL");
      shared.put("CENTRALITA_REDIS_URL_FILE", secrets.resolve("redis-url").toString());
    }
    shareAdminKey(dataDir, shared);
    shareSecretsKey(dataDir, shared);
    if (!isSet("CENTRALITA_IMPORT_UPLOAD_DIR")) {
      shared.put("CENTRALITA_IMPORT_UPLOAD_DIR", dataDir.folder("imports").toString());
    }
    for (var number = 1; number <= options.nodes(); number++) {
      nodes.add(node(number, ports.get(number - 1), dataDir, shared));
    }
  }

  private LocalNode.Ports ports(int index) {
    return new LocalNode.Ports(
        httpPort(index), portNear(CLUSTER_PORT + index), portNear(MANAGEMENT_PORT + index));
  }

  private void shareAdminKey(DataDir dataDir, Map<String, String> shared) {
    if (isSet("CENTRALITA_ADMIN_KEY")) {
      adminKey = variable("CENTRALITA_ADMIN_KEY");
    } else if (isSet("CENTRALITA_ADMIN_KEY_FILE")) {
      adminKeyPlace = variable("CENTRALITA_ADMIN_KEY_FILE");
      adminKey = read(Path.of(adminKeyPlace));
    } else {
      adminKey = dataDir.secret("admin-key");
      adminKeyPlace = options.dataDir().resolve("secrets").resolve("admin-key").toString();
      shared.put(
          "CENTRALITA_ADMIN_KEY_FILE", dataDir.folder("secrets").resolve("admin-key").toString());
    }
  }

  private void shareSecretsKey(DataDir dataDir, Map<String, String> shared) {
    if (!isSet("CENTRALITA_SECRETS_KEY") && !isSet("CENTRALITA_SECRETS_KEY_FILE")) {
      var _ = dataDir.secret("secrets-key");
      shared.put(
          "CENTRALITA_SECRETS_KEY_FILE",
          dataDir.folder("secrets").resolve("secrets-key").toString());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new CommandFailure("the key in " + file + " cannot be read", e);
    }
  }

  private boolean isSet(String variable) {
    return !variable(variable).isEmpty();
  }

  private String variable(String name) {
    return options.environment().getOrDefault(name, "");
  }

  private LocalNode node(
      int number, LocalNode.Ports ports, DataDir dataDir, Map<String, String> shared) {
    var name = "node-" + number;
    var environment = new HashMap<>(shared);
    environment.put("CENTRALITA_DATA_DIR", dataDir.path().resolve(name).toString());
    environment.put("CENTRALITA_HTTP_PORT", Integer.toString(ports.http()));
    environment.put("CENTRALITA_CLUSTER_PORT", Integer.toString(ports.cluster()));
    environment.put("CENTRALITA_MANAGEMENT_PORT", Integer.toString(ports.management()));
    return new LocalNode(
        number, ports, command(), environment, line -> options.output().accept(name, line));
  }

  /** This program, on this JVM, as it was itself started. */
  private static List<String> command() {
    var command = new ArrayList<String>();
    // Ctrl-C reaches the whole foreground group; in a session of their own the nodes hear it once,
    // from us.
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      command.add("/usr/bin/setsid");
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-agentlib") && !argument.startsWith("-javaagent"))
        .forEach(command::add);
    // Its first word is the jar, or the class where there is none.
    var program = System.getProperty("sun.java.command", "").split(" ", 2)[0];
    command.addAll(
        program.endsWith(".jar")
            ? List.of("-jar", program)
            : List.of("-cp", System.getProperty("java.class.path"), program));
    command.add("serve");
    return command;
  }

  private int httpPort(int index) {
    if (options.httpPort() == 0) {
      return portNear(0);
    }
    var port = options.httpPort() + index;
    if (!isFree(port)) {
      throw new CommandFailure(
          "port " + port + " is taken: stop what uses it, or choose others with --port");
    }
    return port;
  }

  /** That port where it is free, else any that is. */
  private static int portNear(int wanted) {
    if (wanted != 0 && isFree(wanted)) {
      return wanted;
    }
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new CommandFailure("there is no free port on the loopback address", e);
    }
  }

  private static boolean isFree(int port) {
    try (var probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** The nodes, the first one first. */
  List<LocalNode> nodes() {
    return List.copyOf(nodes);
  }

  /** The database server, where it is this process's. */
  Optional<EmbeddedPostgres> postgres() {
    return Optional.ofNullable(postgres);
  }

  /** The cache's server, where it is this process's. */
  Optional<EmbeddedRedis> redis() {
    return Optional.ofNullable(redis);
  }

  String adminKey() {
    return adminKey;
  }

  /** Where the administrator's key is to be found. */
  String adminKeyPlace() {
    return adminKeyPlace;
  }

  private <T extends AutoCloseable> T own(T resource) {
    owned.push(resource);
    return resource;
  }

  private Duration left() {
    return Duration.ofNanos(stopBy - System.nanoTime());
  }

  /** A server that ran before us is not ours to stop until this start has succeeded. */
  private void ownServer(AutoCloseable server, boolean adopted) {
    own(
        () -> {
          if (prepared || !adopted) {
            server.close();
          }
        });
  }

  /** SIGTERM to all nodes at once, SIGKILL to those that do not end in time; then the servers. */
  @Override
  public void close() {
    var running = nodes.stream().filter(LocalNode::wasStarted).filter(LocalNode::isAlive).toList();
    running.forEach(LocalNode::terminate);
    stopBy = System.nanoTime() + TO_STOP.toNanos();
    for (var node : running) {
      if (!node.awaitEnd(left().minus(FOR_SERVERS))) {
        options.output().accept(node.name(), "does not stop, and is killed");
        node.kill();
      }
    }
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        options.output().accept("servers", "one did not stop cleanly: " + e.getMessage());
      }
    }
  }
}
