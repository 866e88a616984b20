package io.centralita.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Contacts, drawn into a file by a running node. */
@Command(
    name = "extract",
    description = {
      "Draws contacts at random into a file: theirs alone, until they are given back with"
          + " ./centralita contacts return.",
      "",
      "--type says from what: premium, the ten area codes of highest household income, evenly; state,"
          + " city or municipality, with its name as --value; segment, with the name or number of one"
          + " that you saved.",
      "",
      "Ctrl-C leaves the extraction running on the node. The exit status is 1 where it fails."
    },
    footer = {
      "",
      "Examples:",
      "  ./centralita contacts extract --type premium --amount 1000",
      "  ./centralita contacts extract --type state --value JAL --amount 5000 --format csv --out jal.csv",
      "  ./centralita contacts extract --type segment --value 'mobiles of May' --format txt"
    })
final class ContactsExtractCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(
      names = "--type",
      required = true,
      paramLabel = "TYPE",
      description = "premium, state, city, municipality or segment.")
  private String type = "";

  @Option(
      names = "--value",
      paramLabel = "NAME",
      description = "Which of that type; not for premium.")
  private @Nullable String value;

  @Option(
      names = "--amount",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Contacts. Default: ${DEFAULT-VALUE}.")
  private int amount;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "xlsx",
      description = "xlsx, txt or csv. Default: ${DEFAULT-VALUE}.")
  private String format = "";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the file is written. Default: extraction-ID.FORMAT.")
  private @Nullable Path out;

  @Mixin private NodeOptions node = new NodeOptions();

  ContactsExtractCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    if (out != null && Files.isDirectory(out)) {
      throw new Misuse("--out: " + out + " is a folder: name the file to be written");
    }
    var report = new ProgressReport(shell.terminal(), System::nanoTime);
    try {
      return node.with(shell, api -> extracted(api, report));
    } finally {
      report.end();
    }
  }

  private int extracted(Api api, ProgressReport report) throws IOException {
    var order = NodeCall.JSON.createObjectNode().put("type", type);
    if (value != null) {
      order.put("value", value);
    }
    order.put("amount", amount).put("format", format);
    var answer = api.post("/api/v1/extractions", order.toString(), UUID.randomUUID().toString());
    var id = FileState.createdId(answer);
    var path = "/api/v1/extractions/" + id;
    shell
        .atFirstSignal()
        .accept(
            () -> {
              report.end();
              shell.say("extraction " + id + " goes on at " + api.node() + ": see " + path);
            });
    tellLimits(id, NodeCall.JSON.readTree(answer).path("limits"));
    new Follower(followed(api, path), report).toTheEnd();
    report.end();
    var done = NodeCall.JSON.readTree(api.get(path));
    if (!done.path("status").asText().equals("completed")) {
      shell.say(done.path("status").asText() + ": " + done.path("failure").asText());
      return Cli.FAILED;
    }
    var target = out == null ? Path.of("extraction-" + id + "." + format) : out;
    api.downloadWhole(path + "/file", done.path("sha256").asText(), target);
    tell(done, target);
    return 0;
  }

  private void tellLimits(long id, JsonNode limits) {
    shell.say(
        "extraction %d of %,d contacts; left: %,d extractions this hour, %,d contacts until %s"
            .formatted(
                id,
                amount,
                limits.path("hour").asLong(),
                limits.path("day").asLong(),
                limits.path("day_ends_at").asText()));
  }

  private void tell(JsonNode done, Path target) {
    var leftOut = done.path("left_out").asLong();
    shell.say(
        "%,d contacts written to %s%s"
            .formatted(
                done.path("delivered").asLong(),
                target,
                leftOut == 0 ? "" : "; %,d opted out meanwhile".formatted(leftOut)));
    shell.say("SHA-256 " + done.path("sha256").asText() + ", as the node says");
  }

  private static Follower.Followed followed(Api api, String path) {
    return new Follower.Followed() {
      @Override
      public FileState now() throws IOException {
        return parse(api.get(path));
      }

      @Override
      public InputStream events() throws IOException {
        return api.events(path);
      }

      @Override
      public FileState parse(String data) {
        return state(data);
      }

      @Override
      public String node() {
        return api.node().toString();
      }
    };
  }

  /** For the same progress line that files of numbers have. */
  private static FileState state(String json) {
    JsonNode view;
    try {
      view = NodeCall.JSON.readTree(json);
    } catch (IOException e) {
      throw new CommandFailure("the answer is not what a node of Centralita says: see --url", e);
    }
    var done = view.path("delivered").asLong() + view.path("left_out").asLong();
    var waiting = view.path("waiting").asText();
    return new FileState(
        view.path("id").asLong(),
        view.path("user").asText(),
        view.path("type").asText(),
        view.path("amount").asLong(),
        done,
        view.path("status").asText(),
        done,
        0,
        view.path("left_out").asLong(),
        Map.of(),
        waiting.isEmpty() ? null : waiting,
        null,
        0,
        null);
  }
}
