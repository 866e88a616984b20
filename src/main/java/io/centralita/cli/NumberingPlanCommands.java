package io.centralita.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What is asked of the numbering plans. */
final class NumberingPlanCommands {
  private static final String PATH = "/numbering-plans";

  private NumberingPlanCommands() {}

  /** Which there are. */
  @Command(
      name = "list",
      description =
          "Lists the numbering plans, the newest first; * is in force. The last two columns: how far"
              + " the contacts are brought into line, and how many were changed.")
  static final class ListThem implements Callable<Integer> {
    private final Shell shell;

    @Mixin private NodeCall node = new NodeCall();

    ListThem(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
      var table = new Table("", "ID", "DATE", "RANGES", "BAD ROWS", "FILE", "CONTACTS", "CHANGED");
      var cursor = "";
      do {
        var page = node.get(shell, PATH + "?limit=200" + cursor);
        page.path("items").forEach(plan -> row(table, plan));
        cursor =
            page.path("next_cursor").isTextual()
                ? "&cursor=" + NodeCall.encoded(page.path("next_cursor").asText())
                : "";
      } while (!cursor.isEmpty());
      table.lines().forEach(shell::say);
      return 0;
    }

    private static void row(Table table, JsonNode plan) {
      var contacts = plan.path("reclassification");
      table.row(
          plan.path("in_force").asBoolean() ? "*" : "",
          plan.path("id").asInt(),
          plan.path("date").asText(),
          plan.path("ranges").asInt(),
          plan.path("bad_rows").asLong(),
          plan.path("file").asText(),
          contacts.path("status").asText(),
          contacts.path("changed").asLong());
    }
  }

  /** What the plan in force says. */
  @Command(
      name = "show",
      description = "Shows the numbering plan in force, or what it says of a number.",
      footer = {
        "",
        "Examples:",
        "  ./centralita numbering-plan show",
        "  ./centralita numbering-plan show 5512345678"
      })
  static final class Show implements Callable<Integer> {
    private final Shell shell;

    @Parameters(
        paramLabel = "NUMBER",
        arity = "0..1",
        description = "+525512345678, or ten digits.")
    private @Nullable String number;

    @Mixin private NodeCall node = new NodeCall();

    Show(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
      return number == null ? plan() : number(number);
    }

    private int plan() throws IOException {
      for (var plan : node.get(shell, PATH + "?limit=200").path("items")) {
        if (plan.path("in_force").asBoolean()) {
          var whole = node.get(shell, PATH + "/" + plan.path("id").asInt());
          shell.say(NodeCall.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(whole));
          return 0;
        }
      }
      throw none();
    }

    private int number(String text) throws IOException {
      var said = node.get(shell, PATH + "/numbers/" + NodeCall.encoded(text).replace("+", "%20"));
      if (said.path("plan").isNull()) {
        shell.say("no numbering plan is in force: ./centralita numbering-plan load FILE");
      }
      var mobile = said.path("mobile");
      shell.say(
          said.path("phone_e164").asText()
              + ": "
              + (mobile.isNull() ? "not known" : mobile.asBoolean() ? "mobile" : "fixed")
              + (said.path("carrier").isNull()
                  ? ""
                  : ", first given to "
                      + said.path("carrier").asText()
                      + " ("
                      + said.path("first").asText()
                      + " to "
                      + said.path("last").asText()
                      + ")"));
      return 0;
    }

    private static CommandFailure none() {
      return new CommandFailure(
          "no numbering plan is in force: load one with ./centralita numbering-plan load FILE");
    }
  }
}
