package io.centralita.cli;

import io.centralita.http.Json;
import io.centralita.scoring.Platform;
import io.centralita.simulators.ValidatorFaults;
import io.centralita.simulators.ValidatorSimulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The stand-in of the services that validate numbers. */
@Command(
    name = "validators",
    description =
        "Plays the services that tell who has an account with a number, on loopback, until a"
            + " signal: validators of five platforms, carrier look-ups as of Telnyx and Twilio,"
            + " and RCS capabilities as of Google.",
    footer = {
      "",
      "A node uses it with these variables, which it prints; likewise of INSTAGRAM,",
      "FACEBOOK, GOOGLE and APPLE, and of a look-up of carriers:",
      "  CENTRALITA_VALIDATOR_WHATSAPP_URL=http://127.0.0.1:8902/whatsapp",
      "  CENTRALITA_VALIDATOR_WHATSAPP_TOKEN=demo",
      "",
      "Asked by hand:",
      "  curl http://127.0.0.1:8902/whatsapp/check -H 'Authorization: Bearer demo' \\",
      "       -d '{\"numbers\":[\"+525512345678\"]}'",
      "",
      "Its faults can be changed while it runs, and its counts read:",
      "  curl http://127.0.0.1:8902/_simulator/faults -X PUT -d '{\"down\":[\"apple\"]}'",
      "  curl http://127.0.0.1:8902/_simulator/stats",
      "",
      "Example:",
      "  ./centralita simulate validators --latency 50-200 --faults leftOut=0.01"
    })
final class SimulateValidatorsCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "The address to listen on. Default: 127.0.0.1.")
  private String host = "127.0.0.1";

  @Option(names = "--port", paramLabel = "PORT", description = "Default: 8902; 0 is any free one.")
  private int port = 8902;

  @Mixin private FaultOptions faults = new FaultOptions();

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "What every call must show. Default: demo.")
  private String token = "demo";

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides who has an account where, and what meets faults. Default: 1.")
  private int seed = 1;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description =
          "More requests a second to one service than this are answered with 429."
              + " Default: no limit.")
  private double rate;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "The most numbers in one request. Default: 25.")
  private int batch = ValidatorFaults.NONE.batchSize();

  @Option(
      names = "--limited",
      paramLabel = "SHARE",
      description = "Of the numbers in batches; their status is RATE_LIMITED. Default: 0.")
  private double limited;

  @Option(
      names = "--service-account",
      paramLabel = "FILE",
      description =
          "Writes a service account's key file there, with a key of its own, so that a node asks"
              + " Google's RCS here in place of a validator of google. FILE must not exist.")
  private @Nullable Path serviceAccount;

  SimulateValidatorsCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    var options = options();
    try (var validators = Ports.listening(port, () -> ValidatorSimulator.start(options))) {
      for (var platform : Platform.values()) {
        if (platform != Platform.GOOGLE || serviceAccount == null) {
          var variable = "CENTRALITA_VALIDATOR_" + platform.name();
          shell.say(variable + "_URL=" + validators.url(platform));
          shell.say(variable + "_TOKEN=" + token);
        }
      }
      shell.say("CENTRALITA_CARRIER_PROVIDER=telnyx");
      shell.say("CENTRALITA_CARRIER_URL=" + validators.url());
      shell.say("CENTRALITA_CARRIER_TOKEN=" + token);
      if (serviceAccount != null) {
        write(serviceAccount, validators.url());
        shell.say("CENTRALITA_RBM_URL=" + validators.url());
        shell.say("CENTRALITA_RBM_AGENT_ID=demo");
        shell.say("CENTRALITA_RBM_SERVICE_ACCOUNT_FILE=" + serviceAccount.toAbsolutePath());
      }
      shell.say("For Twilio the provider is twilio, with any CENTRALITA_CARRIER_ACCOUNT.");
      shell.say("The validators answer at " + validators.url() + " until Ctrl-C.");
      shell.awaitSignal();
    }
    return 0;
  }

  /** The key file of an account that exists nowhere else. */
  private static void write(Path file, URI simulator) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      var key =
          Base64.getMimeEncoder()
              .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
      var account =
          Map.of(
              "type",
              "service_account",
              "client_email",
              "demo@simulator.invalid",
              "token_uri",
              simulator + "/token",
              "private_key",
              "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n");
      Files.writeString(file, Json.text(account), StandardOpenOption.CREATE_NEW);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no RSA key can be made", e);
    } catch (FileAlreadyExistsException _) {
      throw new Misuse("--service-account: there is a file " + file);
    } catch (IOException _) {
      throw new Misuse("--service-account: the file " + file + " cannot be written");
    }
  }

  private ValidatorSimulator.Options options() {
    if (!(rate >= 0)) {
      throw new Misuse("--rate: expected 0, which is no limit, or more");
    }
    if (batch < 1) {
      throw new Misuse("--batch: expected 1 number or more");
    }
    if (token.isEmpty()) {
      throw new Misuse("--token: expected at least one character");
    }
    var latency = faults.latency();
    var health =
        ValidatorFaults.NONE
            .withLatency(latency.least(), latency.most())
            .withNumbersLimited(
                FaultOptions.share("--limited", limited), ValidatorFaults.NONE.retryAfterSeconds())
            .withBatchSize(batch)
            .withRequestsPerSecond(rate)
            .withSeed(seed);
    for (var share : faults.shares(ValidatorFaults.Kind.class).entrySet()) {
      health = health.with(share.getKey(), share.getValue());
    }
    return ValidatorSimulator.Options.LOOPBACK
        .withAddress(host, Ports.checked(port))
        .withToken(token)
        .withSeed(seed)
        .withFaults(health);
  }
}
