package io.centralita.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;

/** A terminal whose output is kept, and the command line on it. */
final class Printed {
  final ByteArrayOutputStream out = new ByteArrayOutputStream();
  final ByteArrayOutputStream err = new ByteArrayOutputStream();

  Terminal terminal(boolean interactive) {
    return new Terminal(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        interactive,
        80,
        true);
  }

  /** Runs a command that starts no node. */
  int run(Map<String, String> environment, String... arguments) {
    return run(
        environment,
        _ -> {
          throw new IllegalStateException("no node is to be started here");
        },
        arguments);
  }

  int run(Map<String, String> environment, NodeStarter nodes, String... arguments) {
    return commandLine(environment, nodes).execute(arguments);
  }

  /** All commands, on this terminal. */
  CommandLine commandLine() {
    return commandLine(
        Map.of(),
        _ -> {
          throw new IllegalStateException("no node is to be started here");
        });
  }

  private CommandLine commandLine(Map<String, String> environment, NodeStarter nodes) {
    return Cli.commandLine(new Shell(terminal(false), environment, nodes, _ -> {}));
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
