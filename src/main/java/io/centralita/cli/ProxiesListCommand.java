package io.centralita.cli;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** All proxies, a line each. */
@Command(
    name = "list",
    description = "Lists the proxies: number, state, address, whose, and why it is so.",
    footer = {
      "",
      "Examples:",
      "  ./centralita proxies list",
      "  ./centralita proxies list --state open --user ana"
    })
final class ProxiesListCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only those in this state: closed, open, half_open, disabled.")
  private @Nullable String state;

  @Option(names = "--user", paramLabel = "USER", description = "Only those of this user.")
  private @Nullable String user;

  @Mixin private ProxiesCall node = new ProxiesCall();

  ProxiesListCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    var filter =
        (state == null ? "" : "&state=" + encoded(state.toUpperCase(Locale.ROOT)))
            + (user == null ? "" : "&user=" + encoded(user));
    var cursor = "";
    var count = 0;
    do {
      var page = node.get(shell, "?limit=200" + filter + cursor);
      for (var proxy : page.path("items")) {
        shell.say(ProxiesCall.line(proxy));
        count++;
      }
      cursor =
          page.path("next_cursor").isTextual()
              ? "&cursor=" + encoded(page.path("next_cursor").asText())
              : "";
    } while (!cursor.isEmpty());
    if (count == 0) {
      shell.say("no proxies; ./centralita proxies add --help");
    }
    return 0;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
