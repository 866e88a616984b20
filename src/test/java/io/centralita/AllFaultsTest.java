package io.centralita;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault, several times: {@code mvn -Pfaults test -Dfaults.times=5}; with {@code
 * -Dfaults.only=SIGSTOP} those whose name has that in it.
 */
@Tag("faults")
final class AllFaultsTest {
  private static ClusterFaults cluster;

  @BeforeAll
  static void start() throws IOException {
    cluster = new ClusterFaults("all-faults");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  static Stream<ClusterFaults.Fault> faults() {
    var all =
        List.of(
            ClusterFaults.KILL_THE_FILES_NODE,
            ClusterFaults.KILL_THE_OLDEST,
            ClusterFaults.KILL_TWO,
            ClusterFaults.TERMINATE,
            ClusterFaults.FREEZE,
            ClusterFaults.RESTART_POSTGRES,
            ClusterFaults.RESTART_REDIS);
    var only = System.getProperty("faults.only", "");
    return all.stream()
        .filter(fault -> fault.name().contains(only))
        .flatMap(
            fault ->
                IntStream.range(0, Integer.getInteger("faults.times", 1)).mapToObj(_ -> fault));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void fault_inTheMiddleOfFiles_losesNothingAndDoublesNothing(ClusterFaults.Fault fault)
      throws IOException {
    cluster.survive(fault);
  }
}
