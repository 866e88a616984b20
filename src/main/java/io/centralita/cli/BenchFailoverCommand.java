package io.centralita.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
  private static final JsonMapper JSON = JsonMapper.builder().build();

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
      shell.say(json(results));
    }
    return 0;
  }

  private Map<String, ?> measure(FailoverTrial trial, FailoverTrial.Fault fault)
      throws IOException, InterruptedException {
    var seconds = new ArrayList<Double>();
    var failedReads = 0;
    for (var i = 0; i < times; i++) {
      var outcome = trial.run(fault);
      seconds.add(Math.round(outcome.seconds() * 100) / 100.0);
      failedReads += outcome.failedReads();
    }
    var sorted = seconds.stream().sorted().toList();
    var median = sorted.get(sorted.size() / 2);
    shell.say(
        "%-44s median %5.2f s, longest %5.2f s, failed reads %d"
            .formatted(fault.words, median, sorted.getLast(), failedReads));
    var result = new LinkedHashMap<String, Object>();
    result.put("fault", fault.words);
    result.put("seconds", seconds);
    result.put("median", median);
    result.put("longest", sorted.getLast());
    result.put("failed_reads", failedReads);
    return result;
  }

  private String json(List<Map<String, ?>> results) throws JsonProcessingException {
    var all = new LinkedHashMap<String, Object>();
    all.put("bench", "failover");
    all.put("nodes", nodes);
    all.put("times", times);
    all.put("processors", Runtime.getRuntime().availableProcessors());
    all.put("results", results);
    return JSON.writeValueAsString(all);
  }
}
