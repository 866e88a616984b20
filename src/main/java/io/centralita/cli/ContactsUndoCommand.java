package io.centralita.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** An import, undone by a running node. */
@Command(
    name = "undo",
    description = {
      "Undoes an import on a running node, and follows that; needs an administrator's key.",
      "",
      "What the import brought goes, what it changed becomes what it was; what others changed since"
          + " stays, and so does every opt-out. Ctrl-C leaves the node at it. The exit status is 1"
          + " where it cannot be undone."
    },
    footer = {"", "Example:", "  ./centralita contacts undo 12"})
final class ContactsUndoCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(paramLabel = "ID", description = "The import's id.")
  private int id;

  @Mixin private NodeOptions node = new NodeOptions();

  ContactsUndoCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    if (id < 1) {
      throw new Misuse("ID: expected 1 or more");
    }
    var report = new ProgressReport(shell.terminal(), System::nanoTime);
    try {
      return node.with(shell, api -> undone(api, report));
    } finally {
      report.end();
    }
  }

  private int undone(Api api, ProgressReport report) throws IOException {
    var file = json(api.send("DELETE", "/api/v1/imports/" + id, null, null)).path("file");
    shell
        .atFirstSignal()
        .accept(
            () -> {
              report.end();
              shell.say(
                  "the undoing of import %d goes on at %s: see /api/v1/imports/%d/undo"
                      .formatted(id, api.node(), id));
            });
    shell.say("undoing import " + id + " of " + file.asText() + " on " + api.node());
    new Follower(followed(api, path()), report).toTheEnd();
    report.end();
    return tell(json(api.send("GET", path(), null, null)));
  }

  private String path() {
    return "/api/v1/imports/" + id + "/undo";
  }

  private int tell(JsonNode done) {
    var status = done.path("status").asText();
    shell.say(
        "%s: %,d contacts removed, %,d another import's now, %,d as they were before"
            .formatted(
                status,
                done.path("removed").asLong(),
                done.path("kept").asLong(),
                done.path("restored").asLong()));
    var failure = done.path("failure").asText();
    if (!failure.isEmpty()) {
      shell.say(failure);
    }
    return status.equals("completed") ? 0 : Cli.FAILED;
  }

  private static JsonNode json(String text) throws IOException {
    return NodeCall.JSON.readTree(text);
  }

  /** For the same progress line that files of numbers have. */
  private static FileState state(JsonNode undo) {
    var done =
        undo.path("removed").asLong() + undo.path("kept").asLong() + undo.path("restored").asLong();
    var waiting = undo.path("waiting").asText();
    return new FileState(
        undo.path("id").asLong(),
        undo.path("user").asText(),
        "",
        undo.path("total").asLong(),
        done,
        undo.path("status").asText(),
        done,
        0,
        0,
        Map.of(),
        waiting.isEmpty() ? null : waiting,
        paused(undo.path("pause")),
        undo.path("rows_per_second").asDouble(),
        null);
  }

  private static FileState.@Nullable Paused paused(JsonNode pause) {
    return pause.isObject()
        ? new FileState.Paused(pause.path("by").asText(), pause.path("reason").asText(null))
        : null;
  }

  private static Follower.Followed followed(Api api, String path) {
    return new Follower.Followed() {
      @Override
      public FileState now() throws IOException {
        return state(json(api.send("GET", path, null, null)));
      }

      @Override
      public InputStream events() throws IOException {
        return api.events(path);
      }

      @Override
      public FileState parse(String data) {
        try {
          return state(json(data));
        } catch (IOException e) {
          throw new CommandFailure(
              "the answer is not what a node of Centralita says: see --url", e);
        }
      }

      @Override
      public String node() {
        return api.node().toString();
      }
    };
  }
}
