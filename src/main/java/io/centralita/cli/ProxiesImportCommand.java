package io.centralita.cli;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A provider's list of proxies. */
@Command(
    name = "import",
    description = {
      "Configures a provider's list of proxies, one a line: host:port:user:password,"
          + " user:password@host:port or socks5://user:password@host:port.",
      "",
      "Lines that cannot be used are told with their number; the others are configured all the same."
          + " The exit status is then 1."
    },
    footer = {
      "",
      "Examples:",
      "  ./centralita proxies import list.txt",
      "  ./centralita proxies import list.txt --user ana"
    })
final class ProxiesImportCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(paramLabel = "FILE", description = "The list.")
  private Path file = Path.of("");

  @Option(
      names = "--user",
      paramLabel = "USER",
      description = "Whose calls they serve. Default: everybody's.")
  private @Nullable String user;

  @Mixin private ProxiesCall node = new ProxiesCall();

  ProxiesImportCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    var list = TextFile.read(file);
    var query = user == null ? "" : "?user=" + URLEncoder.encode(user, StandardCharsets.UTF_8);
    var report = node.send(shell, "POST", "/import" + query, "text/plain", list);
    for (var line : report.path("lines")) {
      if (!line.path("verdict").asText().equals("added")) {
        shell.say(
            "line %d: %s, %s"
                .formatted(
                    line.path("line").asInt(),
                    line.path("verdict").asText(),
                    line.path("reason").asText()));
      }
    }
    var refused = report.path("refused").asInt();
    shell.say(
        "%d added, %d known already, %d refused"
            .formatted(report.path("added").asInt(), report.path("duplicates").asInt(), refused));
    return refused == 0 ? 0 : Cli.FAILED;
  }
}
