package io.centralita.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** One proxy more. */
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

  @Mixin private ProxyOptions options = new ProxyOptions();

  @Mixin private ProxiesCall node = new ProxiesCall();

  ProxiesAddCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    var body = new LinkedHashMap<String, @Nullable Object>();
    body.put("ip", host);
    ProxyOptions.ports(body, "PORTS", ports);
    options.into(body, shell);
    shell.say("proxy " + node.post(shell, "", body).path("id").asLong());
    return 0;
  }
}
