package io.centralita.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The numbering plans of a running node. */
@Command(
    name = "numbering-plan",
    description = {
      "Loads the numbering authority's file of assigned ranges on a running node: it tells mobile"
          + " from fixed, and to whom a number was given first. Needs an administrator's key."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  ./centralita numbering-plan load pnn_Publico_01_11_2026.csv",
      "  ./centralita numbering-plan load ranges.csv --date 2026-11-01",
      "  ./centralita numbering-plan list",
      "  ./centralita numbering-plan show 5512345678"
    })
final class NumberingPlanCommand {
  private NumberingPlanCommand() {}

  static CommandLine line(Shell shell) {
    return new CommandLine(new NumberingPlanCommand())
        .addSubcommand(new NumberingPlanLoadCommand(shell))
        .addSubcommand(new NumberingPlanCommands.ListThem(shell))
        .addSubcommand(new NumberingPlanCommands.Show(shell));
  }
}
