package io.centralita.cli;

import java.util.Map;

/** Starts a node. Handed over by the program's root, which alone knows what a node is made of. */
@FunctionalInterface
public interface NodeStarter {

  /**
   * Starts a node and waits until it serves.
   *
   * @param settings by their HOCON path; they win over the environment's
   * @throws RuntimeException where it cannot start, saying why
   */
  RunningNode start(Map<String, ?> settings);
}
