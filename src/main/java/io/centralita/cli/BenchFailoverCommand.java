package io.centralita.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long a file stands still when its node goes. */
@Command(
    name = "failover",
    description = {
      "Measures how long a file stands still when the node that runs it dies.",
      "",
      "Starts nodes as ./centralita cluster does, with a simulated portal, and for each way to go"
          + " (kill -9 of the node with the file where that is the oldest one, the one with the"
          + " lowest address, another; two at once; SIGTERM) counts from the signal until the"
          + " file's progress has moved on on another node by more than what was under way."
    },
    footer = {
      "",
      "Examples:",
      "  ./centralita bench failover --nodes 3 --times 5",
      "  ./centralita bench failover --nodes 2 --faults oldest,sigterm --logs failover-logs"
    })
final class BenchFailoverCommand implements Callable<Integer> {

  private final Shell shell;

  @Option(names = "--nodes", paramLabel = "N", description = "2 to 5. Default: 3.")
  private int nodes = 3;

  @Option(names = "--times", paramLabel = "N", description = "Of each fault. Default: 5.")
  private int times = 5;

  @Option(
      names = "--faults",
      paramLabel = "FAULT",
      split = ",",
      description =
          "Which: ${COMPLETION-CANDIDATES}. Default: all that the number of nodes allows.")
  private List<FailoverTrial.Fault> faults = List.of();

  @Option(
      names = "--logs",
      paramLabel = "DIR",
      description = "Keep what the nodes log there, to see what a failover's time went into.")
  private @Nullable Path logs;

  BenchFailoverCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (nodes < 2 || nodes > 5 || times < 1) {
      throw new Misuse("--nodes: expected 2 to 5, and --times at least 1");
    }
    var chosen =
        (faults.isEmpty() ? Arrays.asList(FailoverTrial.Fault.values()) : faults)
            .stream().filter(fault -> fault.leastNodes <= nodes).distinct().toList();
    try (var bench =
        BenchCluster.start(shell, BenchCluster.Options.ordinary(nodes).withLogs(logs))) {
      var trial = new FailoverTrial(bench);
      trial.awaitAll();
      shell.say(nodes + " nodes serve");
      var results = new ArrayList<Map<String, ?>>();
      for (var fault : chosen) {
        results.add(measure(trial, fault));
      }
      new BenchReport("failover")
          .put("nodes", nodes)
          .put("times", times)
          .put("results", results)
          .print(shell);
    }
    return 0;
  }

  private Map<String, ?> measure(FailoverTrial trial, FailoverTrial.Fault fault)
      throws IOException, InterruptedException {
    var seconds = new ArrayList<Double>();
    var failedReads = 0;
    for (var i = 0; i < times; i++) {
      var outcome = trial.run(fault);
      seconds.add(BenchReport.hundredths(outcome.seconds()));
      failedReads += outcome.failedReads();
    }
    var median = BenchReport.median(seconds);
    var longest = Collections.max(seconds);
    shell.say(
        "%-44s median %5.2f s, longest %5.2f s, failed reads %d"
            .formatted(fault.words, median, longest, failedReads));
    var result = new LinkedHashMap<String, Object>();
    result.put("fault", fault.words);
    result.put("seconds", seconds);
    result.put("median", median);
    result.put("longest", longest);
    result.put("failed_reads", failedReads);
    return result;
  }
}
