package io.centralita.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A file of numbers, looked up by a running node. */
@Command(
    name = "lookup",
    description = {
      "Sends a file of numbers to a running node, follows it, and writes the results beside it.",
      "",
      "FILE is CSV, TXT or XLSX. A file is one user and one name: sending it again adds the numbers"
          + " that are new and goes on with it. Ctrl-C leaves it running on the node."
    },
    footer = {
      "",
      "Examples:",
      "  ./centralita lookup january.xlsx     writes january.xlsx.results.csv",
      "  ./centralita lookup clients.csv --column mobile --format xlsx",
      "  CENTRALITA_KEY=… ./centralita lookup a.txt --url http://10.0.0.5:8800"
    })
final class LookupCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130;

  private final Shell shell;

  @Parameters(paramLabel = "FILE", description = "The file: CSV, TXT or XLSX.")
  private Path file = Path.of("");

  @Option(
      names = "--user",
      paramLabel = "USER",
      description = "Whose file it is. Default: who you are on this machine.")
  private String user = System.getProperty("user.name", "");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the file is called on the node. Default: as here.")
  private @Nullable String name;

  @Option(
      names = "--column",
      paramLabel = "COLUMN",
      description =
          "Which column has the numbers: its header, or its place counted from 1."
              + " Default: the one that looks like it.")
  private @Nullable String column;

  @Option(names = "--reprocess", description = "Ask the source anew for every number.")
  private boolean reprocess;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "What the results are written as: ${COMPLETION-CANDIDATES}. Default: csv.")
  private Api.Format format = Api.Format.CSV;

  @Option(
      names = "--out",
      paramLabel = "PATH",
      description = {"Where the results are written. Default:", "FILE.results.csv or .xlsx"})
  private @Nullable Path out;

  @Mixin private NodeOptions node = new NodeOptions();

  LookupCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new CommandFailure("there is no file " + file + " that can be read");
    }
    var target = out == null ? Path.of(file + ".results." + format.ending()) : out;
    requireWritable(target);
    var url = node.url(shell.environment());
    var report = new ProgressReport(shell.terminal(), System::nanoTime);
    try (var api = new Api(url, node.key(shell.environment()))) {
      var id = send(api);
      shell.atFirstSignal().accept(() -> leave(report, id, url));
      shell.say("file " + id + " of " + user + " on " + url);
      var began = System.nanoTime();
      var done = new Follower(Follower.file(api, id), report).toTheEnd();
      report.end();
      api.download(id, format, target);
      shell.say("");
      Summary.of(target, format).lines(done, shell.terminal().unicode()).forEach(shell::say);
      shell.say("");
      var took = ProgressLine.time(Duration.ofNanos(System.nanoTime() - began));
      shell.say("done in " + took + ": " + target);
    } finally {
      report.end();
    }
    return 0;
  }

  private static void requireWritable(Path target) {
    if (Files.isDirectory(target)) {
      throw new Misuse("--out: " + target + " is a folder: name the file to be written");
    }
    if (Files.exists(target) && !Files.isWritable(target)) {
      throw new CommandFailure("the results cannot be written to " + target + ": see --out");
    }
    var folder = target.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw new CommandFailure("the results cannot be written to " + target + ": see --out");
    }
  }

  /** One key for all tries: a try whose answer was lost is not done twice. */
  private long send(Api api) throws IOException {
    var upload =
        new Api.Upload(
            file,
            user,
            name == null ? String.valueOf(file.getFileName()) : name,
            column,
            reprocess,
            UUID.randomUUID().toString());
    return new Tries(shell, api).until(() -> api.upload(upload));
  }

  private void leave(ProgressReport report, long id, URI url) {
    report.end();
    shell.say("The node goes on with file " + id + ". To come back, give the same command again;");
    shell.say("to see how far it is: curl -H \"X-API-Key: …\" " + url + "/api/v1/files/" + id);
    Runtime.getRuntime().halt(INTERRUPTED);
  }
}
