package io.centralita.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.scoring.Platform;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class SimulateValidatorsCommandTest {
  private final Printed printed = new Printed();

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
