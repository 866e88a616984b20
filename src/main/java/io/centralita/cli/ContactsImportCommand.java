package io.centralita.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A file of contacts, imported by a running node. */
@Command(
    name = "import",
    description = {
      "Imports a file of contacts on a running node, and follows it; needs an administrator's key.",
      "",
      "FILE is an SQLite file in the node's import folder (CENTRALITA_IMPORT_DIR). Ctrl-C leaves the"
          + " import running on the node. The exit status is 1 where the import fails."
    },
    footer = {
      "",
      "Examples:",
      "  ./centralita contacts import numeros.db",
      "  ./centralita contacts import people.db --table people --column number=phone --column name=who"
    })
final class ContactsImportCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(paramLabel = "FILE", description = "Its path in the node's import folder.")
  private String file = "";

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "The table of the file. Default: numeros.")
  private @Nullable String table;

  @Option(
      names = "--column",
      paramLabel = "FIELD=COLUMN",
      description =
          "Which column holds a field: number, original, name, address, neighborhood,"
              + " municipality, state or city. Default: as in numeros.db.")
  private Map<String, String> columns = new LinkedHashMap<>();

  @Mixin private NodeOptions node = new NodeOptions();

  ContactsImportCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    var url = node.url(shell.environment());
    var report = new ProgressReport(shell.terminal(), System::nanoTime);
    try (var api = new Api(url, node.key(shell.environment()))) {
      var order = ContactsCall.JSON.createObjectNode().put("file", file);
      if (table != null) {
        order.put("table", table);
      }
      if (!columns.isEmpty()) {
        order.set("columns", ContactsCall.JSON.valueToTree(columns));
      }
      var id =
          FileState.createdId(
              api.send("POST", "/api/v1/imports", "application/json", order.toString()));
      shell
          .atFirstSignal()
          .accept(
              () -> {
                report.end();
                shell.say("import " + id + " goes on at " + url + ": see /api/v1/imports/" + id);
              });
      shell.say("import " + id + " of " + file + " on " + url);
      new Follower(followed(api, id), report).toTheEnd();
      report.end();
      return tell(ImportState.parse(now(api, id)));
    } catch (ConnectException e) {
      throw new CommandFailure(
          "no node answers at "
              + url
              + ": start one with ./centralita serve, or name another with --url",
          e);
    } finally {
      report.end();
    }
  }

  private int tell(ImportState done) {
    shell.say(
        "%s: %,d rows read; %,d imported, %,d updated, %,d duplicates, %,d rejected; %,.0f rows/s"
            .formatted(
                done.status(),
                done.read(),
                done.imported(),
                done.updated(),
                done.duplicates(),
                done.rejected(),
                done.rowsPerSecond()));
    if (!done.failure().isEmpty()) {
      shell.say(done.failure());
    }
    if (done.rejected() > 0) {
      shell.say("why rows were rejected: /api/v1/imports/" + done.id() + "/rejects");
    }
    return done.status().equals("completed") ? 0 : Cli.FAILED;
  }

  private static String now(Api api, long id) throws IOException {
    return api.send("GET", "/api/v1/imports/" + id, null, null);
  }

  private static Follower.Followed followed(Api api, long id) {
    return new Follower.Followed() {
      @Override
      public FileState now() throws IOException {
        return ImportState.parse(ContactsImportCommand.now(api, id)).asProgress();
      }

      @Override
      public InputStream events() throws IOException {
        return api.events("/api/v1/imports/" + id);
      }

      @Override
      public FileState parse(String data) {
        return ImportState.parse(data).asProgress();
      }

      @Override
      public String node() {
        return api.node().toString();
      }
    };
  }
}
