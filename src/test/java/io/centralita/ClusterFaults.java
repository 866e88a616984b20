package io.centralita;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.cli.ClusterView;
import io.centralita.embedded.DataDir;
import io.centralita.embedded.EmbeddedPostgres;
import io.centralita.embedded.EmbeddedRedis;
import io.centralita.embedded.Outage;
import io.centralita.http.Json;
import io.centralita.simulators.Faults;
import io.centralita.simulators.PortalSimulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Three nodes in processes of their own, on servers of their own, to which something happens in the
 * middle of their work. A new fault is a constant here, or a lambda in a test.
 */
final class ClusterFaults implements AutoCloseable {

  /**
   * Something that happens to the cluster while it works on a file.
   *
   * @param readsFail whether a node that lives may refuse to show a file meanwhile
   */
  record Fault(String name, boolean readsFail, Strike strike) {
    Fault(String name, Strike strike) {
      this(name, false, strike);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Does it; returns when it is over, but need not wait for the nodes to have got over it. */
  @FunctionalInterface
  interface Strike {
    void on(ClusterFaults cluster, long file) throws IOException;
  }

  static final Fault KILL_THE_FILES_NODE =
      new Fault("kill -9 of the file's node", (c, file) -> c.runner(file).process.kill());
  static final Fault KILL_THE_OLDEST =
      new Fault("kill -9 of the oldest node", (c, _) -> c.oldest().process.kill());
  static final Fault KILL_TWO =
      new Fault(
          "kill -9 of the file's node and another at once",
          (c, file) -> {
            var runner = c.runner(file);
            var other = c.members.stream().filter(member -> member != runner).findFirst();
            List.of(runner, other.orElseThrow()).parallelStream().forEach(m -> m.process.kill());
          });
  static final Fault FREEZE = new Fault("SIGSTOP of the file's node, for 30 s", freeze(30));
  static final Fault FREEZE_SHORTLY = new Fault("SIGSTOP of the file's node, for 8 s", freeze(8));
  static final Fault TERMINATE =
      new Fault(
          "SIGTERM to the file's node",
          (c, file) -> assertEquals(0, c.runner(file).process.terminate()));
  static final Fault RESTART_POSTGRES =
      new Fault("PostgreSQL restarted", true, (c, _) -> c.restartPostgres());
  static final Fault RESTART_REDIS =
      new Fault("Redis restarted", (c, _) -> Outage.restartRedis(c.servers, c.redis));

  private static final int NODES = 3;
  private static final int FILES = 3;
  private static final int NUMBERS = 4_000;
  private static final int BEFORE_THE_FAULT = 1_000;
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path PROGRAMS = TARGET.resolve("postgres");

  /** Where the nodes live, and how they see this machine's loopback from there. */
  interface Network {
    Network LOOPBACK =
        new Network() {
          @Override
          public String host(int node) {
            return "127.0.0.1";
          }

          @Override
          public List<String> prefix(int node) {
            return List.of();
          }

          @Override
          public String seen(String url) {
            return url;
          }
        };

    String host(int node);

    /** What runs a program there. */
    List<String> prefix(int node);

    /** A server's address on loopback, as the nodes have to call it. */
    String seen(String url);
  }

  /** One of the nodes: its place stays, its process may be another after a fault. */
  private final class Member {
    final int number;
    final Path dataDir;
    final int port = TestPorts.free();
    final int cluster = TestPorts.free();
    final int management = TestPorts.free();
    NodeProcess process;

    Member(int number) {
      this.number = number;
      this.dataDir = servers.path().resolve("node-" + number);
      this.process = launch();
    }

    NodeProcess launch() {
      var host = network.host(number);
      var own = new HashMap<>(environment);
      own.put("CENTRALITA_HTTP_HOST", host);
      own.put("CENTRALITA_CLUSTER_HOST", host);
      own.put("CENTRALITA_CLUSTER_PORT", Integer.toString(cluster));
      own.put("CENTRALITA_MANAGEMENT_PORT", Integer.toString(management));
      return NodeProcess.launch(
          dataDir,
          URI.create("http://" + host + ":" + port),
          network.prefix(number),
          List.of("-Dpekko.management.http.hostname=" + host),
          own);
    }

    ClusterView view() {
      return new ClusterView(URI.create("http://" + network.host(number) + ":" + management));
    }
  }

  private final Network network;
  private final DataDir servers;
  private final EmbeddedPostgres postgres;
  private final EmbeddedRedis redis;
  private final PortalSimulator portal =
      PortalSimulator.start(
          PortalSimulator.Options.LOOPBACK.withFaults(Faults.NONE.withLatency(15, 25)));
  private final String database;
  private final Map<String, String> environment;
  private final List<Member> members = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private String lastGone = "";
  private int nextNumber = 610_000_000;

  ClusterFaults(String name) throws IOException {
    this(name, Network.LOOPBACK);
  }

  /** Starts the servers and three nodes. */
  ClusterFaults(String name, Network network) throws IOException {
    this.network = network;
    servers = DataDir.open(TARGET.resolve("test-data").resolve(name));
    postgres = EmbeddedPostgres.start(servers, PROGRAMS);
    redis = EmbeddedRedis.start(servers);
    database = freshDatabase();
    environment =
        Map.of(
            "CENTRALITA_DB_URL", network.seen(postgres.url(database)),
            "CENTRALITA_DB_USER", postgres.user(),
            "CENTRALITA_DB_PASSWORD", postgres.password(),
            "CENTRALITA_REDIS_URL", network.seen(redis.url()),
            "CENTRALITA_PORTAL_WEB_URL", network.seen(portal.webUrl().toString()),
            "CENTRALITA_PORTAL_API_URL", network.seen(portal.apiUrl().toString()),
            "CENTRALITA_PORTAL_DIRECT", "true",
            "CENTRALITA_PORTAL_CALLS_AT_ONCE", "40");
    for (var i = 1; i <= NODES; i++) {
      members.add(new Member(i));
    }
    awaitAll();
  }

  private String freshDatabase() {
    var name = "faults_" + System.currentTimeMillis();
    try (var connection =
            DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password());
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
      return name;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Has the fault strike in the middle of some files' work, waits for their end, and checks. */
  void survive(Fault fault) throws IOException {
    refused.clear();
    var files = IntStream.range(0, FILES).mapToLong(_ -> deliver()).boxed().toList();
    var struck = files.getFirst();
    await(struck, file -> file.path("progres").asInt() >= BEFORE_THE_FAULT, fault);

    fault.strike().on(this, struck);

    for (var file : files) {
      await(file, view -> view.path("status").asText().equals("completed"), fault);
    }
    assertTrue(fault.readsFail() || refused.isEmpty(), () -> "reads failed: " + refused);
    try (var connection =
        DriverManager.getConnection(postgres.url(database), postgres.user(), postgres.password())) {
      var check = new ClusterCheck(connection);
      for (var file : files) {
        check.file(file, NUMBERS, api("/api/v1/files/" + file));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    heal();
    assertEachLivesOnce(files);
  }

  private long deliver() {
    var numbers =
        IntStream.range(nextNumber, nextNumber + NUMBERS).mapToObj(String::valueOf).toList();
    nextNumber += NUMBERS;
    var name = nextNumber + ".csv";
    var body = Json.text(Map.of("user", "ana", "name", name, "numbers", numbers));
    var answer = members.getFirst().process.client().post("/api/v1/files", body);
    assertEquals(201, answer.statusCode(), () -> answer.body() + "\n" + logs());
    return OpenApi.json(answer).get("id").asLong();
  }

  /** Starts again what has ended, and waits until all are members. */
  private void heal() throws IOException {
    for (var member : members) {
      if (!member.process.isAlive()) {
        member.process = member.launch();
      }
    }
    awaitAll();
  }

  private void awaitAll() throws IOException {
    for (var member : members) {
      member.process.awaitReady();
    }
    for (var member : members) {
      var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (member.view().up().size() < NODES) {
        assertTrue(System.nanoTime() < deadline, member.process::output);
        pause();
      }
    }
  }

  private void assertEachLivesOnce(List<Long> files) throws IOException {
    for (var file : files) {
      var homes = 0;
      for (var member : members) {
        homes += member.view().runs(file) ? 1 : 0;
      }
      assertTrue(homes <= 1, "file " + file + " lives on " + homes + " nodes");
    }
  }

  private void restartPostgres() {
    Outage.stopPostgres(servers, PROGRAMS);
    Outage.startPostgres(servers, PROGRAMS);
  }

  /** The number, from 1, of the node that runs the file. */
  int nodeOf(long file) throws IOException {
    return runner(file).number;
  }

  /** The process of a node, as it is now. */
  NodeProcess node(int number) {
    return members.get(number - 1).process;
  }

  private Member runner(long file) throws IOException {
    for (var member : members) {
      if (member.view().runs(file)) {
        return member;
      }
    }
    throw new AssertionError("file " + file + " lives nowhere");
  }

  private Member oldest() throws IOException {
    var oldest = members.getFirst().view().oldest();
    return members.stream()
        .filter(member -> oldest.endsWith(":" + member.cluster))
        .findFirst()
        .orElseThrow();
  }

  /** A node that was frozen for longer than the others wait finds itself left behind, and ends. */
  private static Strike freeze(int seconds) {
    return (cluster, file) -> {
      var node = cluster.runner(file).process;
      node.freeze();
      cluster.assertNobodySpeaksFor(file, node);
      LockSupport.parkNanos(Duration.ofSeconds(seconds).toNanos());
      node.thaw();
      assertTrue(node.waitForEnd() != 0, node::output);
      assertTrue(node.output().contains("the other nodes have gone on without"), node::output);
    };
  }

  /** The others say that it does not answer, before they know that it is lost. */
  private void assertNobodySpeaksFor(long file, NodeProcess frozen) {
    var other = members.stream().filter(member -> member.process != frozen).findFirst();
    var answer = other.orElseThrow().process.client().get("/api/v1/ops/entities/UserFile/" + file);
    assertEquals(503, answer.statusCode(), answer.body());
    assertTrue(OpenApi.problem(answer).get("detail").asText().contains("answer"), answer.body());
  }

  private interface Condition {
    boolean holds(JsonNode file);
  }

  /** Asks whichever node answers, until the file is so. */
  private void await(long file, Condition condition, Fault fault) {
    var deadline = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    while (System.nanoTime() < deadline) {
      if (condition.holds(api("/api/v1/files/" + file))) {
        return;
      }
      pause();
    }
    throw new AssertionError("after " + fault + " file " + file + " does not go on:\n" + logs());
  }

  private JsonNode api(String path) {
    for (var member : members) {
      if (member.process.isAlive()) {
        try {
          var answer = member.process.client().get(path);
          if (answer.statusCode() == 200) {
            return OpenApi.json(answer);
          }
          refused.add(answer.statusCode() + " " + answer.body());
        } catch (IllegalStateException gone) {
          lastGone = gone.toString(); // the next one is asked
        }
      }
    }
    return Json.MAPPER.createObjectNode();
  }

  private String logs() {
    var logs = new StringBuilder(lastGone).append('\n');
    members.forEach(member -> logs.append(member.process.output()).append('\n'));
    return logs.toString();
  }

  private static void pause() {
    LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
  }

  @Override
  public void close() {
    members.parallelStream().forEach(member -> member.process.close());
    redis.close();
    postgres.close();
    servers.close();
    portal.close();
  }
}
