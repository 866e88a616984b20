package io.centralita;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.ClusterFaults.Fault;
import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nodes that live on and do not see each other: the smaller side ends. Needs root. */
@Tag("faults")
final class PartitionTest {
  private static final NetworkNamespaces network = new NetworkNamespaces();
  private static ClusterFaults cluster;

  private static final Fault CUT_FROM_OTHERS =
      new Fault(
          "the file's node no longer sees the others, and still sees the database",
          (c, file) -> {
            var node = c.nodeOf(file);
            network.cutFromOthers(node);
            assertEnds(c.node(node));
            network.reconnect(node);
          });

  private static final Fault UNPLUGGED =
      new Fault(
          "the file's node sees nobody",
          (c, file) -> {
            var node = c.nodeOf(file);
            network.unplug(node);
            assertEnds(c.node(node));
            network.plugIn(node);
          });

  @BeforeAll
  static void start() throws IOException {
    cluster = new ClusterFaults("partition", network);
  }

  @AfterAll
  static void stop() throws IOException {
    cluster.close();
    network.close();
  }

  static Stream<Fault> faults() {
    return IntStream.range(0, Integer.getInteger("faults.times", 1))
        .boxed()
        .flatMap(_ -> Stream.of(CUT_FROM_OTHERS, UNPLUGGED));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void partition_inTheMiddleOfFiles_oneSideGoesOn(Fault fault) throws IOException {
    cluster.survive(fault);
  }

  private static void assertEnds(NodeProcess node) {
    assertTrue(node.waitForEnd() != 0, node::output);
    assertTrue(node.output().contains("the other nodes have gone on without"), node::output);
  }
}
