package io.centralita.cli;

import io.centralita.simulators.Certificate;
import io.centralita.simulators.Faults;
import io.centralita.simulators.PortalSimulator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The operator portal's stand-in. */
@Command(
    name = "portal",
    description = "Plays the operator portal on loopback until a signal.",
    footer = {
      "",
      "Its faults can be changed while it runs, and its counts read:",
      "  curl http://127.0.0.1:8901/_simulator/faults -X PUT \\",
      "       -d '{\"requestsPerSecond\":50}'",
      "  curl http://127.0.0.1:8901/_simulator/stats",
      "",
      "Example:",
      "  ./centralita simulate portal --latency 20-80 --faults serverError=0.01,cut=0.005"
    })
final class SimulatePortalCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(names = "--port", paramLabel = "PORT", description = "Default: 8901; 0 is any free one.")
  private int port = 8901;

  @Mixin private FaultOptions faults = new FaultOptions();

  @Option(names = "--login-failures", paramLabel = "SHARE", description = "Of the log-ins.")
  private double loginFailures;

  @Option(
      names = "--token-uses",
      paramLabel = "N",
      description = "A token expires after so many look-ups. Default: never.")
  private int tokenUses;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "More requests a second than this are answered with 429. Default: no limit.")
  private double rate;

  @Option(names = "--tls", description = "Over TLS, with a certificate made for this run.")
  private boolean tls;

  SimulatePortalCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    if (!tls) {
      return serve(options());
    }
    try (var certificate = Certificate.of("127.0.0.1", "localhost")) {
      shell.say("CENTRALITA_PORTAL_CA_FILE=" + certificate.pem());
      return serve(options().withTls(certificate));
    }
  }

  private PortalSimulator.Options options() {
    if (tokenUses < 0 || !(rate >= 0)) {
      throw new Misuse("--token-uses and --rate: expected 0, which is no limit, or more");
    }
    var latency = faults.latency();
    var health =
        Faults.NONE
            .withLatency(latency.least(), latency.most())
            .withLoginFailures(FaultOptions.share("--login-failures", loginFailures))
            .withTokenLife(tokenUses, 0)
            .withRequestsPerSecond(rate);
    for (var share : faults.shares(Faults.Kind.class).entrySet()) {
      health = health.with(share.getKey(), share.getValue());
    }
    return PortalSimulator.Options.LOOPBACK.withPort(port).withFaults(health);
  }

  private int serve(PortalSimulator.Options options) {
    try (var portal = Ports.listening(port, () -> PortalSimulator.start(options))) {
      shell.say("CENTRALITA_PORTAL_WEB_URL=" + portal.webUrl());
      shell.say("CENTRALITA_PORTAL_API_URL=" + portal.apiUrl());
      shell.say(
          "CENTRALITA_PORTAL_DIRECT=true   (or CENTRALITA_PROXIES: ./centralita simulate socks)");
      shell.say("The portal answers at " + portal.webUrl() + " until Ctrl-C.");
      shell.awaitSignal();
    }
    return 0;
  }
}
