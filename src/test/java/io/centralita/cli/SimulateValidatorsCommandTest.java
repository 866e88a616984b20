package io.centralita.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.scoring.Platform;
import io.centralita.validation.ServiceAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SimulateValidatorsCommandTest {
  private final Printed printed = new Printed();

  @TempDir private Path folder;

  @Test
  void validators_withAServiceAccount_writeOneThatANodeCanRead() throws IOException {
    var file = folder.resolve("rbm.json");
    var shell =
        new Shell(
            printed.terminal(false),
            Map.of(),
            _ -> {
              throw new IllegalStateException("no node is to be started here");
            },
            Runnable::run);
    var arguments =
        new String[] {
          "simulate", "validators", "--port", "0", "--service-account", file.toString()
        };

    assertEquals(0, Cli.commandLine(shell).execute(arguments), printed.err());

    assertTrue(printed.out().contains("CENTRALITA_CARRIER_PROVIDER=telnyx\n"), printed.out());
    assertTrue(
        printed.out().contains("CENTRALITA_RBM_SERVICE_ACCOUNT_FILE=" + file + "\n"),
        printed.out());
    assertFalse(printed.out().contains("CENTRALITA_VALIDATOR_GOOGLE"), printed.out());
    var account = ServiceAccount.parse(Files.readString(file));
    assertEquals("demo@simulator.invalid", account.email());
    assertTrue(account.tokenUri().toString().endsWith("/token"));
    assertNotEquals(0, Cli.commandLine(shell).execute(arguments));
    assertTrue(printed.err().contains("there is a file"), printed.err());
  }

  @Test
  void validators_untilTheSignal_printTheVariablesOfEveryPlatform() {
    var shell =
        new Shell(
            printed.terminal(false),
            Map.of(),
            _ -> {
              throw new IllegalStateException("no node is to be started here");
            },
            Runnable::run);

    var status =
        Cli.commandLine(shell)
            .execute("simulate", "validators", "--port", "0", "--token", "secret", "--seed", "7");

    assertEquals(0, status, printed.err());
    for (var platform : Platform.values()) {
      var variable = "CENTRALITA_VALIDATOR_" + platform.name();
      var path = platform.name().toLowerCase(Locale.ROOT);
      var url = Pattern.compile("(?m)^" + variable + "_URL=http://127\\.0\\.0\\.1:\\d+/" + path);
      assertTrue(url.matcher(printed.out()).find(), printed.out());
      assertTrue(printed.out().contains(variable + "_TOKEN=secret\n"), printed.out());
    }
  }
}
