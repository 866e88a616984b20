package io.centralita.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * What may be said of a proxy besides where it is. The password comes from a file or the standard
 * input, never as an argument.
 */
final class ProxyOptions {
  private static final String NONE = "none";
  private static final int MOST_PORT = 65_535;

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
      description = "Whose calls it serves. Default of a new one: everybody's.")
  private @Nullable String user;

  @Option(
      names = "--calls-at-once",
      paramLabel = "N",
      description = "Calls under way through it, of all nodes; none: no limit of its own.")
  private @Nullable String callsAtOnce;

  @Option(
      names = "--calls-per-second",
      paramLabel = "N",
      description = "Calls begun in a second, of all nodes; none: no limit of its own.")
  private @Nullable String callsPerSecond;

  @Option(
      names = "--sessions-at-once",
      paramLabel = "N",
      description = "Sessions lent at once; none: as many as the node's settings say.")
  private @Nullable String sessionsAtOnce;

  @Nullable String user() {
    return user;
  }

  /** Puts what was said into a request, by the names that the API gives it. */
  void into(Map<String, @Nullable Object> body, Shell shell) throws IOException {
    var userNames = namesFile == null ? String.join("\n", names) : TextFile.read(namesFile);
    if (!userNames.isBlank()) {
      body.put("username", userNames);
      body.put("password", password(shell));
    } else if (passwordFile != null) {
      body.put("password", TextFile.read(passwordFile).strip());
    }
    if (user != null) {
      body.put("user", user);
    }
    put(body, "calls_at_once", "--calls-at-once", callsAtOnce, false);
    put(body, "calls_per_second", "--calls-per-second", callsPerSecond, true);
    put(body, "sessions_at_once", "--sessions-at-once", sessionsAtOnce, false);
  }

  private static void put(
      Map<String, @Nullable Object> body,
      String field,
      String option,
      @Nullable String said,
      boolean fractions) {
    if (said == null) {
      return;
    }
    if (said.equals(NONE)) {
      body.put(field, null);
    } else if (said.matches("[0-9]{1,9}")) {
      body.put(field, Integer.valueOf(said));
    } else if (fractions && said.matches("[0-9]{1,9}\\.[0-9]{1,9}")) {
      body.put(field, Double.valueOf(said));
    } else {
      throw new Misuse(option + ": expected a number, or none");
    }
  }

  /** Reads {@code 12233} or {@code 10000-10099}. */
  static void ports(Map<String, @Nullable Object> body, String option, String text) {
    var range = text.split("-", 2);
    var least = port(option, range[0]);
    var most = port(option, range[range.length - 1]);
    if (most < least) {
      throw new Misuse(option + ": " + text + " ends before it begins");
    }
    body.put("port_min", least);
    body.put("port_max", most);
  }

  private static int port(String option, String text) {
    var port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    if (port < 1 || port > MOST_PORT) {
      throw new Misuse(
          option + ": expected a port from 1 to 65535 such as 12233, or a range: 10000-10099");
    }
    return port;
  }

  @SuppressWarnings("SystemConsoleNull") // since JDK 25 it is null again where there is no terminal
  private String password(Shell shell) throws IOException {
    if (passwordFile != null) {
      return TextFile.read(passwordFile).strip();
    }
    var console = System.console();
    if (console != null && shell.terminal().interactive()) {
      return given(console.readPassword("Password of the proxy: "));
    }
    var line =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    return given(line == null ? null : line.toCharArray());
  }

  /**
   * @param password null where the input ended before it came
   */
  static String given(char @Nullable [] password) {
    if (password == null) {
      throw new CommandFailure("no password: give it on the standard input, or --password-file");
    }
    return new String(password);
  }
}
