package io.centralita.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The contacts of a running node. */
@Command(
    name = "contacts",
    description = {
      "Imports, searches, counts and extracts the contacts of a running node, and says who wants no more;"
          + " needs a key of scope contacts, or an administrator's."
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  ./centralita contacts import clients.xlsx",
      "  ./centralita contacts rejects 12 --csv rejects.csv",
      "  ./centralita contacts undo 12",
      "  ./centralita contacts count --state Jalisco --mobile true",
      "  ./centralita contacts list --city Guadalajara --search 'maria lop*'",
      "  ./centralita contacts show +525512345678",
      "  ./centralita contacts extract --type state --value JAL --amount 1000 --out jal.xlsx",
      "  ./centralita contacts opt-out list.txt --reason 'list of May'",
      "  ./centralita contacts check"
    })
final class ContactsCommand {
  private ContactsCommand() {}

  static CommandLine line(Shell shell) {
    return new CommandLine(new ContactsCommand())
        .addSubcommand(new ContactsImportCommand(shell))
        .addSubcommand(new RejectsCommands.Show(shell))
        .addSubcommand(new RejectsCommands.Retry(shell))
        .addSubcommand(new ContactsUndoCommand(shell))
        .addSubcommand(new ContactsCommands.Count(shell))
        .addSubcommand(new ContactsCommands.ListThem(shell))
        .addSubcommand(new ContactsCommands.Show(shell))
        .addSubcommand(new ContactsExtractCommand(shell))
        .addSubcommand(new ExtractionsCommands.ListThem(shell))
        .addSubcommand(new ExtractionsCommands.Return(shell))
        .addSubcommand(new ContactsOptOutCommand(shell))
        .addSubcommand(new ContactsCheckCommand(shell));
  }
}
