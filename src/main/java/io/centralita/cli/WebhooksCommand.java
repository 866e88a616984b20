package io.centralita.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The webhooks of a running node. */
@Command(
    name = "webhooks",
    description = {
      "Shows and changes whom a running node tells what happens, and sends again what did not arrive."
          + " Everybody has webhooks of his own; an administrator's key sees all.",
      "",
      "What did not arrive is tried again for a day by itself, and is then failed: find out why with"
          + " deliveries, mend the receiver, and resend it, or replay all since a time."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  ./centralita webhooks add https://example.net/hooks",
      "  ./centralita webhooks test 7",
      "  ./centralita webhooks list",
      "  ./centralita webhooks deliveries 7 --status failed",
      "  ./centralita webhooks resend 7 123",
      "  ./centralita webhooks replay 7 2026-01-31T12:00:00Z"
    })
final class WebhooksCommand {
  private WebhooksCommand() {}

  static CommandLine line(Shell shell) {
    return new CommandLine(new WebhooksCommand())
        .addSubcommand(new WebhookCommands.ListThem(shell))
        .addSubcommand(new WebhookCommands.Add(shell))
        .addSubcommand(new WebhookCommands.Test(shell))
        .addSubcommand(new WebhookCommands.Enable(shell))
        .addSubcommand(new WebhookCommands.Disable(shell))
        .addSubcommand(new WebhookCommands.Remove(shell))
        .addSubcommand(new WebhookCommands.Deliveries(shell))
        .addSubcommand(new WebhookCommands.Resend(shell))
        .addSubcommand(new WebhookCommands.Replay(shell));
  }
}
