package io.centralita.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A list of people who want no more. */
@Command(
    name = "opt-out",
    description = {
      "Opts a list of numbers out, one a line, of a CSV the first column: for ever, and whether they are"
          + " contacts or not. It may be repeated.",
      "",
      "Lines that are no numbers are told; the others are opted out all the same. The exit status is"
          + " then 1."
    },
    footer = {"", "Examples:", "  ./centralita contacts opt-out list.txt --reason 'list of May'"})
final class ContactsOptOutCommand implements Callable<Integer> {
  private static final int LINES_AT_ONCE = 50_000;

  private final Shell shell;

  @Parameters(paramLabel = "FILE", description = "The list.")
  private Path file = Path.of("");

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the history.")
  private @Nullable String reason;

  @Option(
      names = "--method",
      paramLabel = "WORD",
      defaultValue = "LIST",
      description = "How it was said. Default: ${DEFAULT-VALUE}.")
  private String method = "LIST";

  @Mixin private NodeCall node = new NodeCall();

  ContactsOptOutCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    var lines = TextFile.read(file).lines().toList();
    if (lines.stream().allMatch(String::isBlank)) {
      throw new CommandFailure("the file " + file + " has no numbers");
    }
    var optedOut = 0;
    var repeated = 0;
    var refused = 0;
    for (var from = 0; from < lines.size(); from += LINES_AT_ONCE) {
      var some = lines.subList(from, Math.min(lines.size(), from + LINES_AT_ONCE));
      if (some.stream().allMatch(String::isBlank)) {
        continue;
      }
      var report = send(some);
      for (var refusal : report.path("refusals")) {
        shell.say(
            "line %d: %s"
                .formatted(from + refusal.path("line").asInt(), refusal.path("reason").asText()));
      }
      optedOut += report.path("opted_out").asInt();
      repeated += report.path("repeated").asInt();
      refused += report.path("refused").asInt();
    }
    shell.say(
        "%d opted out, %d had before, %d lines are no numbers"
            .formatted(optedOut, repeated, refused));
    return refused == 0 ? 0 : Cli.FAILED;
  }

  private JsonNode send(List<String> lines) throws IOException {
    var query =
        "?method="
            + NodeCall.encoded(method)
            + (reason == null ? "" : "&reason=" + NodeCall.encoded(reason));
    return node.send(shell, "POST", "/opt-outs" + query, "text/csv", String.join("\n", lines));
  }
}
