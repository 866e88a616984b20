package io.centralita;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A few of the faults, one after the other on the same three nodes; all of them: AllFaultsTest. */
final class ClusterFaultsTest {

  @Test
  void cluster_losesANode_itsDatabaseAndItsSenses_andNothingElse() throws IOException {
    try (var cluster = new ClusterFaults("faults")) {
      cluster.survive(ClusterFaults.RESTART_POSTGRES);
      cluster.survive(ClusterFaults.KILL_TWO);
      cluster.survive(ClusterFaults.FREEZE_SHORTLY);
    }
  }
}
