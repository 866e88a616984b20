package io.centralita.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Extractions that there are. */
final class ExtractionsCommands {
  private ExtractionsCommands() {}

  /** Which. */
  @Command(
      name = "extractions",
      description = "Lists extractions, the newest first; an administrator sees everybody's.")
  static final class ListThem implements Callable<Integer> {
    private final Shell shell;

    @Option(
        names = "--status",
        paramLabel = "STATUS",
        description = "Only pending, processing, paused, completed, failed or cancelled ones.")
    private @Nullable String status;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "20",
        description = "At most so many. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Mixin private NodeCall node = new NodeCall();

    ListThem(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
      if (limit < 1 || limit > 200) {
        throw new Misuse("--limit: expected 1 to 200");
      }
      var query = status == null ? "" : "&status=" + NodeCall.encoded(status);
      var table = new Table("ID", "USER", "STATUS", "FROM", "DELIVERED", "FORMAT", "AT");
      node.get(shell, "/extractions?limit=" + limit + query)
          .path("items")
          .forEach(
              one ->
                  table.row(
                      one.path("id").asLong(),
                      one.path("user").asText(),
                      one.path("returned_at").isTextual()
                          ? "returned"
                          : one.path("status").asText(),
                      (one.path("type").asText() + " " + one.path("value").asText()).strip(),
                      "%,d of %,d"
                          .formatted(one.path("delivered").asLong(), one.path("amount").asLong()),
                      one.path("format").asText(),
                      one.path("created_at").asText()));
      table.lines().forEach(shell::say);
      return 0;
    }
  }

  /** One, given back. */
  @Command(
      name = "return",
      description = {
        "Gives an extraction back, within 24 hours of its delivery.",
        "",
        "Its file cannot be downloaded any more, and its contacts may be drawn again when they have cooled"
            + " down, which takes 30 days. Both times are settings of the node."
      })
  static final class Return implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "ID", description = "The extraction.")
    private int id;

    @Mixin private NodeCall node = new NodeCall();

    Return(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
      var view = node.send(shell, "POST", "/extractions/" + id + "/return", null, null);
      shell.say("extraction " + id + " was given back at " + view.path("returned_at").asText());
      return 0;
    }
  }
}
