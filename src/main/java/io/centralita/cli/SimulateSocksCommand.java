package io.centralita.cli;

import io.centralita.simulators.SocksFaults;
import io.centralita.simulators.SocksSimulator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The SOCKS5 proxy's stand-in. */
@Command(
    name = "socks",
    description = "Plays a residential SOCKS5 proxy, which leads to loopback, until a signal.",
    footer = {
      "",
      "Example, with a name that only the proxy can resolve:",
      "  ./centralita simulate socks --host-name portal.example=127.0.0.1:8901"
    })
final class SimulateSocksCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(names = "--port", paramLabel = "PORT", description = "Default: 1080; 0 is any free one.")
  private int port = 1080;

  @Option(
      names = "--user",
      paramLabel = "ID",
      description = "Who may log in, as ID or as user-ID-region-es-sessid-SESSION. Default: demo.")
  private String user = "demo";

  @Option(names = "--password", paramLabel = "PASSWORD", description = "Default: demo.")
  private String password = "demo";

  @Option(
      names = "--host-name",
      paramLabel = "NAME=HOST:PORT",
      description = "A name that this proxy alone resolves. Can be given several times.")
  private Map<String, String> hostNames = new LinkedHashMap<>();

  @Mixin private FaultOptions faults = new FaultOptions();

  SimulateSocksCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    var latency = faults.latency();
    var health = SocksFaults.NONE.withLatency(latency.least(), latency.most());
    for (var share : faults.shares(SocksFaults.Kind.class).entrySet()) {
      health = health.with(share.getKey(), share.getValue());
    }
    var options =
        new SocksSimulator.Options("127.0.0.1", port, Map.of(user, password), health, hostNames);
    try (var proxy = Ports.listening(port, () -> SocksSimulator.start(options))) {
      shell.say(
          "CENTRALITA_PROXIES=socks5://user-%s:%s@127.0.0.1:%d"
              .formatted(user, password, proxy.port()));
      shell.say("The proxy answers on 127.0.0.1:" + proxy.port() + " until Ctrl-C.");
      shell.awaitSignal();
    }
    return 0;
  }
}
