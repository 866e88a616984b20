package io.centralita.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
      "FILE is SQLite, CSV or XLSX. A file that is here is uploaded, unless it is in CENTRALITA_IMPORT_DIR;"
          + " any other is one in the node's import folder, which is what that variable names there."
          + " The first row of a CSV or XLSX file names its columns: numero or telefono, nombre, direccion,"
          + " colonia, municipio, estado, ciudad, or the fields' own names.",
      "",
      "Ctrl-C leaves the import running on the node. The exit status is 1 where the import fails."
    },
    footer = {
      "",
      "Examples:",
      "  ./centralita contacts import clients.xlsx",
      "  ./centralita contacts import people.csv --column number=contact --column name=who",
      "  ./centralita contacts import people.db --table people --column number=phone",
      "  ./centralita contacts import numeros.db --no-upload     the one in the node's folder"
    })
final class ContactsImportCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(
      paramLabel = "FILE",
      description = "The file; or its path in the node's import folder.")
  private String file = "";

  @Option(
      names = "--upload",
      negatable = true,
      description = "Whether the file is sent from here. Default: where it is here.")
  private @Nullable Boolean upload;

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "The table of an SQLite file. Default: numeros.")
  private @Nullable String table;

  @Option(
      names = "--column",
      paramLabel = "FIELD=COLUMN",
      description =
          "Which column holds a field: number, original, name, address, neighborhood,"
              + " municipality, state or city. Default: as in numeros.db, or by the usual words.")
  private Map<String, String> columns = new LinkedHashMap<>();

  @Mixin private NodeOptions node = new NodeOptions();

  ContactsImportCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    var here = here().filter(Files::isRegularFile).filter(Files::isReadable);
    if (upload != null && upload && here.isEmpty()) {
      throw new CommandFailure("there is no file " + file + " that can be read");
    }
    var report = new ProgressReport(shell.terminal(), System::nanoTime);
    try {
      return node.with(shell, api -> imported(api, here, report));
    } finally {
      report.end();
    }
  }

  private int imported(Api api, Optional<Path> here, ProgressReport report) throws IOException {
    var named = named(here);
    var id = named.isPresent() ? order(api, named.get()) : send(api, here.orElseThrow(), report);
    return new ImportFollowing(shell, api, report).toTheEnd(id, file);
  }

  private Optional<Path> here() {
    try {
      return Optional.of(Path.of(file));
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  /** What the node's import folder is to be asked for; empty where the file is to be sent. */
  private Optional<String> named(Optional<Path> here) throws IOException {
    if (upload != null) {
      return upload ? Optional.empty() : Optional.of(file);
    }
    return here.isEmpty() ? Optional.of(file) : inFolder(here.get());
  }

  private Optional<String> inFolder(Path here) throws IOException {
    var variable = shell.environment().getOrDefault("CENTRALITA_IMPORT_DIR", "");
    if (variable.isEmpty() || !Files.isDirectory(Path.of(variable))) {
      return Optional.empty();
    }
    var folder = Path.of(variable).toRealPath();
    var real = here.toRealPath();
    return real.startsWith(folder)
        ? Optional.of(folder.relativize(real).toString())
        : Optional.empty();
  }

  private long order(Api api, String named) throws IOException {
    var order = NodeCall.JSON.createObjectNode().put("file", named);
    if (table != null) {
      order.put("table", table);
    }
    if (!columns.isEmpty()) {
      order.set("columns", NodeCall.JSON.valueToTree(columns));
    }
    return FileState.createdId(
        api.post("/api/v1/imports", order.toString(), UUID.randomUUID().toString()));
  }

  private long send(Api api, Path here, ProgressReport report) throws IOException {
    var query = new StringBuilder("?name=" + NodeCall.encoded(String.valueOf(here.getFileName())));
    if (table != null) {
      query.append("&table=").append(NodeCall.encoded(table));
    }
    columns.forEach(
        (field, column) ->
            query
                .append("&columns.")
                .append(NodeCall.encoded(field))
                .append('=')
                .append(NodeCall.encoded(column)));
    var size = Files.size(here);
    var key = UUID.randomUUID().toString();
    var answer =
        new Tries(shell, api)
            .until(
                () ->
                    api.upload(
                        "/api/v1/imports" + query,
                        here,
                        key,
                        new SentMeter(report, size, shell.terminal().interactive())));
    report.end();
    return FileState.createdId(answer);
  }
}
