package io.centralita.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The proxies of a running node. */
@Command(
    name = "proxies",
    description = {
      "Shows and changes the proxies of a running node; needs an administrator's key.",
      "",
      "A proxy is set aside by itself after errors in a row, and comes back by itself."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  ./centralita proxies list --state open",
      "  ./centralita proxies add gate.example 12233 --user-name acme < password.txt",
      "  ./centralita proxies change 7 --calls-at-once 10",
      "  ./centralita proxies import list.txt",
      "  ./centralita proxies test 7"
    })
final class ProxiesCommand {
  private ProxiesCommand() {}

  static CommandLine line(Shell shell) {
    return new CommandLine(new ProxiesCommand())
        .addSubcommand(new ProxiesListCommand(shell))
        .addSubcommand(new ProxiesAddCommand(shell))
        .addSubcommand(new ProxiesChangeCommand(shell))
        .addSubcommand(new ProxiesImportCommand(shell))
        .addSubcommand(new ProxyCommands.Show(shell))
        .addSubcommand(new ProxyCommands.Test(shell))
        .addSubcommand(new ProxyCommands.Disable(shell))
        .addSubcommand(new ProxyCommands.Enable(shell))
        .addSubcommand(new ProxyCommands.Remove(shell))
        .addSubcommand(new ProxyCommands.History(shell));
  }
}
