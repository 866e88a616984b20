package io.centralita.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The rows that an import rejected. */
final class RejectsCommands {
  private RejectsCommands() {}

  /** Which, and why. */
  @Command(
      name = "rejects",
      description = {
        "Shows how many rows an import rejected for which reason, and the first of them.",
        "",
        "A CSV file of them has the fields' names in its first row: mended, it can be imported as it is."
      },
      footer = {
        "",
        "Examples:",
        "  ./centralita contacts rejects 12",
        "  ./centralita contacts rejects 12 --reason too_short --csv short.csv"
      })
  static final class Show implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "ID", description = "The import.")
    private int id;

    @Option(
        names = "--reason",
        paramLabel = "REASON",
        description = "Only rows of this reason, such as too_short.")
    private @Nullable String reason;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "20",
        description = "Rows to be shown, at most. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
        names = "--csv",
        paramLabel = "FILE",
        description = "Write all of them to this file, and show none.")
    private @Nullable Path csv;

    @Mixin private NodeOptions node = new NodeOptions();

    Show(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
      if (limit < 1 || limit > 5000) {
        throw new Misuse("--limit: expected 1 to 5000");
      }
      if (csv != null && Files.isDirectory(csv)) {
        throw new Misuse("--csv: " + csv + " is a folder: name the file to be written");
      }
      return node.with(
          shell,
          api -> {
            var path = "/api/v1/imports/" + id + "/rejects";
            var summary = NodeCall.JSON.readTree(api.get(path + "/summary"));
            tell(summary);
            var only = reason == null ? "" : "&reason=" + NodeCall.encoded(reason);
            if (csv != null) {
              api.download(path + only.replaceFirst("&", "?"), Api.Format.CSV, csv);
              shell.say("written to " + csv);
            } else if (summary.path("rejected").asLong() > 0) {
              shell.say("");
              NodeCall.JSON
                  .readTree(api.get(path + "?limit=" + limit + only))
                  .path("items")
                  .forEach(row -> shell.say(line(row)));
            }
            return 0;
          });
    }

    private void tell(JsonNode summary) {
      shell.say("%,d rows rejected".formatted(summary.path("rejected").asLong()));
      for (var sum : summary.path("reasons")) {
        shell.say(
            "%,12d  %-17s  %s"
                .formatted(
                    sum.path("rows").asLong(),
                    sum.path("reason").asText(),
                    sum.path("says").asText()));
      }
    }

    private static String line(JsonNode row) {
      return "row %d: %s: %s"
          .formatted(row.path("row_no").asLong(), row.path("reason").asText(), row.path("fields"));
    }
  }

  /** Once more. */
  @Command(
      name = "retry",
      description = {
        "Imports the rows anew that an import rejected, and follows it: for when a rule was mended."
      })
  static final class Retry implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "ID", description = "The import that rejected them.")
    private int id;

    @Mixin private NodeOptions node = new NodeOptions();

    Retry(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
      var key = UUID.randomUUID().toString();
      return node.with(
          shell,
          api -> {
            var report = new ProgressReport(shell.terminal(), System::nanoTime);
            var made =
                FileState.createdId(api.begin("/api/v1/imports/" + id + "/rejects/retry", key));
            return new ImportFollowing(shell, api, report)
                .toTheEnd(made, "the rejects of import " + id);
          });
    }
  }
}
