package io.centralita.cli;

import io.centralita.scoring.Platform;
import io.centralita.simulators.ValidatorFaults;
import io.centralita.simulators.ValidatorSimulator;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How fast numbers are validated, and how much of the validators' time is used. */
@Command(
    name = "validation",
    description = {
      "Measures how fast a job asks five platforms about numbers: from the order until it is completed,"
          + " with every answer durable and every lead scored. Validators that play the platforms run in"
          + " this process.",
      "",
      "First validators that answer at once, after a smaller job that does not count; then ones that"
          + " take a while, where it tells which share was made of the calls that could have been made."
          + " It fails where a result is missing or wrong, or a number was asked for twice.",
      "",
      "With --running it measures a node that was started with the variables which"
          + " ./centralita simulate validators prints: the bench plays the validators in its place."
    },
    footer = {
      "",
      "Examples:",
      "  ./centralita bench validation",
      "  ./centralita bench validation --numbers 20000 --calls-at-once 50",
      "  ./centralita bench validation --running --url http://127.0.0.1:8800"
    })
final class BenchValidationCommand implements Callable<Integer> {
  private static final int MOST_NUMBERS = 1_000_000;
  private static final int WARM_NUMBERS = 20_000;
  private static final int MOST_IN_CALL = 1_000;
  private static final int SLOWEST_MS = 10_000;
  private static final double MICRO = 1e6;

  /** Mexico City's numbers: 55 and eight digits. */
  private static final long FIRST_NUMBER = 525_510_000_000L;

  private static final long OTHER_FIRSTS = 80_000_000;

  private final Shell shell;
  private final BenchReport results = new BenchReport("validation");

  @Option(
      names = "--numbers",
      paramLabel = "N",
      description =
          "Numbers, each on five platforms; a job takes 100000 of them, so more are several jobs at"
              + " once. Default: 100000.")
  private int numbers = ValidationTrial.LARGEST_JOB;

  @Option(
      names = "--slow-numbers",
      paramLabel = "N",
      description = "Numbers for the validators that take a while. Default: 20000.")
  private int slowNumbers = 20_000;

  @Option(
      names = "--latency",
      paramLabel = "MS",
      description = "How long those take for a call. Default: 100.")
  private int latency = 100;

  @Option(names = "--batch", paramLabel = "N", description = "Numbers of a call. Default: 25.")
  private int batch = ValidatorFaults.NONE.batchSize();

  @Option(
      names = "--calls-at-once",
      paramLabel = "N",
      description = "Of a job; 20 to 1000 make sense. Default: 20.")
  private int callsAtOnce = 20;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides who has an account where. Default: 1.")
  private int seed = 1;

  @Option(names = "--running", description = "Measure a node that runs.")
  private boolean running;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Of the validators that a running node asks. Default: 8902.")
  private int port = 8902;

  @Mixin private NodeOptions node = new NodeOptions();

  BenchValidationCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    var listenOn = running ? Ports.checked(port) : 0;
    var options = options().withAddress("127.0.0.1", listenOn);
    try (var validators = Ports.listening(listenOn, () -> ValidatorSimulator.start(options))) {
      if (running) {
        node.with(shell, api -> measured(api, validators, null));
      } else {
        var cluster = BenchCluster.Options.ordinary(1).withEnvironment(variables(validators));
        try (var bench = BenchCluster.start(shell, cluster);
            var api = bench.api(bench.cluster().nodes().getFirst())) {
          measured(api, validators, bench.gauge());
        }
      }
    }
    results.print(shell);
    return 0;
  }

  private ValidatorSimulator.Options options() {
    if (numbers < 1 || numbers > MOST_NUMBERS) {
      throw new Misuse("--numbers: expected 1 to " + MOST_NUMBERS);
    }
    if (slowNumbers < 1 || slowNumbers > ValidationTrial.LARGEST_JOB) {
      throw new Misuse("--slow-numbers: expected 1 to " + ValidationTrial.LARGEST_JOB);
    }
    if (latency < 1 || latency > SLOWEST_MS) {
      throw new Misuse("--latency: expected 1 to " + SLOWEST_MS + " milliseconds");
    }
    if (batch < 1 || batch > MOST_IN_CALL || callsAtOnce < 1 || callsAtOnce > MOST_IN_CALL) {
      throw new Misuse("--batch, --calls-at-once: expected 1 to " + MOST_IN_CALL);
    }
    return ValidatorSimulator.Options.LOOPBACK
        .withSeed(seed)
        .withRemembered(Math.max(numbers, slowNumbers))
        .withFaults(ValidatorFaults.NONE.withBatchSize(batch));
  }

  private static Map<String, String> variables(ValidatorSimulator validators) {
    var variables = new HashMap<String, String>();
    for (var platform : Platform.values()) {
      var variable = "CENTRALITA_VALIDATOR_" + platform.name();
      variables.put(variable + "_URL", validators.url(platform).toString());
      variables.put(variable + "_TOKEN", ValidatorSimulator.Options.LOOPBACK.token());
    }
    return variables;
  }

  /**
   * @param gauge of the node; null where it is none of ours
   */
  private boolean measured(Api api, ValidatorSimulator validators, @Nullable ProcessGauge gauge)
      throws IOException {
    // A node that runs knows what it was asked for before.
    var first = FIRST_NUMBER + (running ? ThreadLocalRandom.current().nextLong(OTHER_FIRSTS) : 0);
    var trial = new ValidationTrial(api, validators, batch, callsAtOnce, first);
    var health = validators.faults();
    tell("warm_up", "validations, warming up", trial.run(Math.min(numbers, WARM_NUMBERS)));
    var before = gauge == null ? Map.<ProcessGauge.Part, Double>of() : gauge.processorSeconds();
    var fast = trial.run(numbers);
    tell("fast", "validations, validators at 0 ms", fast);
    if (gauge != null) {
      costs(before, gauge.processorSeconds(), fast);
    }
    validators.faults(health.withLatency(latency, latency));
    var slow = trial.run(slowNumbers);
    tell("slow", "validations, validators at " + latency + " ms", slow);
    var share = BenchReport.hundredths(slow.share(callsAtOnce, latency) * 100);
    shell.say(
        "%,11d calls, %d at once: %.1f %% of those that %d ms allow"
            .formatted(slow.calls(), callsAtOnce, share, latency));
    results
        .put("batch", batch)
        .put("calls_at_once", callsAtOnce)
        .put("latency_ms", latency)
        .put("slow_calls", slow.calls())
        .put("slow_calls_percent", share);
    if (gauge != null) {
      var memory = gauge.mostMemory();
      shell.say("%,11d MB, the node at most".formatted(memory));
      results.put("node_memory_mb", memory);
    }
    return true;
  }

  private void tell(String key, String words, ValidationTrial.Outcome outcome) {
    shell.say(
        "%,11d %-48s %,8.0f validations/s (%.1f s)"
            .formatted(outcome.validations(), words, outcome.perSecond(), outcome.seconds()));
    results
        .put(key + "_validations", outcome.validations())
        .put(key + "_seconds", BenchReport.hundredths(outcome.seconds()))
        .put(key + "_validations_per_second", Math.round(outcome.perSecond()));
  }

  private void costs(
      Map<ProcessGauge.Part, Double> before,
      Map<ProcessGauge.Part, Double> after,
      ValidationTrial.Outcome outcome) {
    after.forEach(
        (part, total) -> {
          var cost = (total - before.getOrDefault(part, 0.0)) / outcome.validations() * MICRO;
          results.put(
              part.name().toLowerCase(Locale.ROOT) + "_cpu_us", BenchReport.hundredths(cost));
        });
  }
}
