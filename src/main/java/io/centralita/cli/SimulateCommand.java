package io.centralita.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The outside systems' stand-ins. */
@Command(
    name = "simulate",
    description = "Plays an outside system on loopback, with faults to order, until a signal.",
    synopsisSubcommandLabel = "NAME",
    footer = {
      "",
      "Examples:",
      "  ./centralita simulate portal",
      "  ./centralita simulate socks --port 1080",
      "  ./centralita simulate validators"
    })
final class SimulateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "simulate what? portal, socks or validators");
  }
}
