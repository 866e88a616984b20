package io.centralita.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One proxy more. The password comes from a file or the standard input, never as an argument. */
@Command(
    name = "add",
    description = {
      "Configures a SOCKS5 proxy and prints its number.",
      "",
      "The password is asked for on a terminal; otherwise it is the first line of the standard input."
    },
    footer = {
      "",
      "Examples:",
      "  ./centralita proxies add gate.example 12233 --user-name user-acme",
      "  ./centralita proxies add gate.example 10000-10099 --user-names names.txt --user ana"
          + " --password-file /run/secrets/proxy",
      "  ./centralita proxies add 127.0.0.1 1080                  a proxy without log-in"
    })
final class ProxiesAddCommand implements Callable<Integer> {
  private final Shell shell;

  @Parameters(index = "0", paramLabel = "HOST", description = "Its address or name.")
  private String host = "";

  @Parameters(index = "1", paramLabel = "PORTS", description = "A port, or from-to.")
  private String ports = "";

  @Option(
      names = "--user-name",
      paramLabel = "NAME",
      description = "Who we are to the proxy; may be given several times.")
  private List<String> names = List.of();

  @Option(
      names = "--user-names",
      paramLabel = "FILE",
      description = "A file of user names, one a line.")
  private @Nullable Path namesFile;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "A file that holds the password.")
  private @Nullable Path passwordFile;

  @Option(
      names = "--user",
      paramLabel = "USER",
      description = "Whose calls it serves. Default: everybody's.")
  private @Nullable String user;

  @Option(
      names = "--calls-at-once",
      paramLabel = "N",
      description = "Calls under way through it, of all nodes. Default: no limit of its own.")
  private @Nullable Integer callsAtOnce;

  @Mixin private ProxiesCall node = new ProxiesCall();

  ProxiesAddCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    var range = ports.split("-", 2);
    var body = new LinkedHashMap<String, @Nullable Object>();
    body.put("ip", host);
    body.put("port_min", port(range[0]));
    body.put("port_max", port(range[range.length - 1]));
    var userNames = namesFile == null ? String.join("\n", names) : read(namesFile);
    if (!userNames.isBlank()) {
      body.put("username", userNames);
      body.put("password", password());
    }
    body.put("user", user);
    if (callsAtOnce != null) {
      body.put("calls_at_once", callsAtOnce);
    }
    shell.say("proxy " + node.post(shell, "", body).path("id").asLong());
    return 0;
  }

  private static int port(String text) {
    if (!text.matches("[0-9]{1,5}")) {
      throw new CommandFailure("PORTS: expected a port such as 12233, or 10000-10099");
    }
    return Integer.parseInt(text);
  }

  @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again where there is no terminal
  private String password() throws IOException {
    if (passwordFile != null) {
      return read(passwordFile).strip();
    }
    var console = System.console();
    if (console != null && shell.terminal().interactive()) {
      return new String(console.readPassword("Password of the proxy: "));
    }
    var line =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    if (line == null) {
      throw new CommandFailure("no password: give it on the standard input, or --password-file");
    }
    return line;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CommandFailure("the file " + file + " cannot be read", e);
    }
  }
}
