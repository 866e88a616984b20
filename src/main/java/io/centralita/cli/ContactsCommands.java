package io.centralita.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is asked of the contacts. */
final class ContactsCommands {
  private static final int MOST_AT_ONCE = 1_000;

  private ContactsCommands() {}

  /** How many. */
  @Command(name = "count", description = "Prints how many contacts match, exactly.")
  static final class Count implements Callable<Integer> {
    private final Shell shell;

    @Mixin private SelectionOptions selection = new SelectionOptions();
    @Mixin private NodeCall node = new NodeCall();

    Count(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
      var answer = node.get(shell, "/contacts/count?" + selection.query());
      shell.say(Long.toString(answer.path("count").asLong()));
      return 0;
    }
  }

  /** Who. */
  @Command(
      name = "list",
      description = "Lists contacts that match: number, status, state, city, name.")
  static final class ListThem implements Callable<Integer> {
    private final Shell shell;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "100",
        description = "At most so many. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Mixin private SelectionOptions selection = new SelectionOptions();
    @Mixin private NodeCall node = new NodeCall();

    ListThem(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
      if (limit < 1) {
        throw new Misuse("--limit: expected 1 or more");
      }
      var cursor = "";
      var left = limit;
      do {
        var page =
            node.get(
                shell,
                "/contacts?limit=%d&%s%s"
                    .formatted(Math.min(left, MOST_AT_ONCE), selection.query(), cursor));
        page.path("items").forEach(contact -> shell.say(line(contact)));
        left -= page.path("items").size();
        cursor =
            page.path("next_cursor").isTextual()
                ? "&cursor=" + NodeCall.encoded(page.path("next_cursor").asText())
                : "";
      } while (!cursor.isEmpty() && left > 0);
      if (left == limit) {
        shell.say("none");
      }
      return 0;
    }

    private static String line(JsonNode contact) {
      return "%-14s  %-10s  %-5s  %-20s  %s"
          .formatted(
              contact.path("phone_e164").asText(),
              contact.path("status").asText(),
              contact.path("state_code").isNull() ? "-" : contact.path("state_code").asText(),
              contact.path("city").isNull() ? "-" : contact.path("city").asText(),
              contact.path("full_name").isNull() ? "" : contact.path("full_name").asText());
    }
  }

  /** One, with all there is. */
  @Command(name = "show", description = "Shows one contact with its history, as JSON.")
  static final class Show implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "NUMBER", description = "+525512345678, or ten digits.")
    private String number = "";

    @Mixin private NodeCall node = new NodeCall();

    Show(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
      var contact = node.get(shell, "/contacts/" + NodeCall.encoded(number).replace("+", "%20"));
      shell.say(NodeCall.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(contact));
      return 0;
    }
  }
}
