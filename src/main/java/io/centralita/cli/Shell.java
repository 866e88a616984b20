package io.centralita.cli;

import java.util.Map;

/**
 * What every command has at hand.
 *
 * @param environment the variables
 */
record Shell(Terminal terminal, Map<String, String> environment, NodeStarter nodes) {

  /** Prints a line. */
  void say(String line) {
    terminal.out().println(line);
    terminal.out().flush();
  }
}
