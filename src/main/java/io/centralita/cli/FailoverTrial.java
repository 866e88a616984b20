package io.centralita.cli;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Has a node go while it runs a file, and watches how the file goes on without it. */
final class FailoverTrial {
  private static final int NUMBERS = 60_000;

  /** Two windows were under way; what they bring may have been on its way before the node went. */
  private static final int UNDER_WAY = 1_000;

  private static final Duration TO_MEET = Duration.ofMinutes(2);
  private static final Duration LONGEST = Duration.ofMinutes(2);

  /** How a node goes. */
  enum Fault {
    ANOTHER("kill -9, neither oldest nor lowest address", 3),
    OLDEST("kill -9, the oldest", 2),
    LOWEST("kill -9, the lowest address", 2),
    TWO("kill -9, two at once, the oldest among them", 3),
    SIGTERM("SIGTERM", 2);

    final String words;
    final int leastNodes;

    Fault(String words, int leastNodes) {
      this.words = words;
      this.leastNodes = leastNodes;
    }
  }

  /**
   * @param seconds after a kill until the file has moved on; for SIGTERM the longest standstill
   * @param failedReads of the file while it moved
   */
  record Outcome(double seconds, int failedReads) {}

  private final BenchCluster bench;
  private final LocalCluster cluster;

  FailoverTrial(BenchCluster bench) {
    this.bench = bench;
    this.cluster = bench.cluster();
  }

  /** Waits until all nodes serve and see each other. */
  void awaitAll() throws IOException, InterruptedException {
    bench.awaitReady();
    var deadline = System.nanoTime() + TO_MEET.toNanos();
    while (!seeEachOther()) {
      if (System.nanoTime() > deadline) {
        throw new CommandFailure("the nodes do not find each other");
      }
      Thread.sleep(100);
    }
  }

  private boolean seeEachOther() throws IOException {
    for (var node : cluster.nodes()) {
      if (view(node).up().size() < cluster.nodes().size()) {
        return false;
      }
    }
    return true;
  }

  Outcome run(Fault fault) throws IOException, InterruptedException {
    awaitAll();
    var victims = victims(fault);
    var watcher =
        cluster.nodes().stream().filter(node -> !victims.contains(node)).findFirst().orElseThrow();
    try (var api = bench.api(watcher)) {
      var id = fileOn(victims.getFirst(), api);
      var outcome = fault == Fault.SIGTERM ? leave(victims, api, id) : kill(victims, api, id);
      api.remove(id);
      victims.forEach(LocalNode::start);
      return outcome;
    }
  }

  private List<LocalNode> victims(Fault fault) throws IOException {
    var oldest = at(view(cluster.nodes().getFirst()).oldest());
    var lowest =
        cluster.nodes().stream()
            .min(Comparator.comparingInt(node -> node.ports().cluster()))
            .orElseThrow();
    var others = new ArrayList<>(cluster.nodes());
    others.removeAll(List.of(oldest, lowest));
    return switch (fault) {
      case OLDEST -> List.of(oldest);
      case LOWEST -> List.of(lowest);
      case ANOTHER, SIGTERM -> List.of(others.isEmpty() ? oldest : others.getFirst());
      case TWO ->
          List.of(
              oldest,
              cluster.nodes().stream().filter(node -> node != oldest).findFirst().orElseThrow());
    };
  }

  private LocalNode at(String hostAndPort) {
    return cluster.nodes().stream()
        .filter(node -> hostAndPort.endsWith(":" + node.ports().cluster()))
        .findFirst()
        .orElseThrow();
  }

  /** A file that works on that node: its shard decides, so another one is tried until it fits. */
  private long fileOn(LocalNode node, Api api) throws IOException, InterruptedException {
    for (var i = 0; i < 100; i++) {
      var id = bench.upload(api, "bench", NUMBERS);
      while (api.file(id).progres() <= UNDER_WAY) {
        Thread.sleep(20);
      }
      if (view(node).runs(id)) {
        return id;
      }
      api.remove(id);
    }
    throw new CommandFailure("no file comes to run on " + node.name());
  }

  private static Outcome kill(List<LocalNode> victims, Api api, long id)
      throws IOException, InterruptedException {
    var before = api.file(id).progres();
    var began = System.nanoTime();
    victims.parallelStream().forEach(LocalNode::kill);
    var failed = 0;
    while (System.nanoTime() - began < LONGEST.toNanos()) {
      try {
        if (api.file(id).progres() > before + UNDER_WAY) {
          return new Outcome(since(began), failed);
        }
      } catch (IOException | Refusal _) {
        failed++;
      }
      Thread.sleep(20);
    }
    throw new CommandFailure("the file does not go on");
  }

  private static Outcome leave(List<LocalNode> victims, Api api, long id)
      throws InterruptedException {
    var began = System.nanoTime();
    victims.forEach(LocalNode::terminate);
    var progress = -1L;
    var changed = began;
    var movedAfterEnd = 0;
    var longest = 0.0;
    var failed = 0;
    while (movedAfterEnd < 3 && System.nanoTime() - began < LONGEST.toNanos()) {
      try {
        var now = api.file(id).progres();
        if (now > progress) {
          longest = Math.max(longest, since(changed));
          changed = System.nanoTime();
          progress = now;
          movedAfterEnd += victims.stream().anyMatch(LocalNode::isAlive) ? 0 : 1;
        }
      } catch (IOException | Refusal _) {
        failed++;
      }
      Thread.sleep(20);
    }
    return new Outcome(longest, failed);
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  private static ClusterView view(LocalNode node) {
    return new ClusterView(URI.create("http://127.0.0.1:" + node.ports().management()));
  }
}
