package io.centralita.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A proxy otherwise than it was. */
@Command(
    name = "change",
    description = {
      "Changes a proxy; what is not given stays as it is.",
      "",
      "Where the host or the ports change, user names and password are given again: what is stored"
          + " is never sent anywhere else."
    },
    footer = {
      "",
      "Examples:",
      "  ./centralita proxies change 7 --calls-per-second 2.5 --sessions-at-once none",
      "  ./centralita proxies change 7 --password-file /run/secrets/proxy",
      "  ./centralita proxies change 7 --host gate2.example --user-name acme < pw.txt",
      "  ./centralita proxies change 7 --everybody"
    })
final class ProxiesChangeCommand extends ProxyCommands.One {
  @Option(names = "--host", paramLabel = "HOST", description = "Its address or name.")
  private @Nullable String host;

  @Option(names = "--ports", paramLabel = "PORTS", description = "A port, or from-to.")
  private @Nullable String ports;

  @Option(names = "--everybody", description = "It serves everybody's calls, and no user's first.")
  private boolean everybody;

  @Mixin private ProxyOptions options = new ProxyOptions();

  ProxiesChangeCommand(Shell shell) {
    super(shell);
  }

  @Override
  public Integer call() throws IOException {
    if (everybody && options.user() != null) {
      throw new Misuse("--user NAME, or --everybody: one of them");
    }
    var body = new LinkedHashMap<String, @Nullable Object>();
    if (host != null) {
      body.put("ip", host);
    }
    if (ports != null) {
      ProxyOptions.ports(body, "--ports", ports);
    }
    options.into(body, shell);
    if (everybody) {
      body.put("user", null);
    }
    if (body.isEmpty()) {
      throw new Misuse("nothing to change: give an option, such as --calls-at-once 10");
    }
    shell.say(ProxiesCall.line(node.patch(shell, path(), body)));
    return 0;
  }
}
