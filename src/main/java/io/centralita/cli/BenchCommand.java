package io.centralita.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measurements. */
@Command(
    name = "bench",
    description = "Measures something on this machine; the last line is one JSON object.",
    synopsisSubcommandLabel = "NAME",
    footer = {
      "",
      "Example:",
      "  ./centralita bench failover --nodes 3 --times 5",
      "",
      "What was measured, and where: docs/performance.md"
    })
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "bench what? contacts, extraction, failover, fairness, files, inspection, lookup, normalisation,"
            + " validation");
  }
}
