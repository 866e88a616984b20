package io.centralita.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How much longer a small file takes beside somebody's large one. */
@Command(
    name = "fairness",
    description = {
      "Measures how much longer a user's file of 500 numbers takes while another user's file of"
          + " 100,000 runs.",
      "",
      "Starts a node with a simulated portal of 20 to 25 ms, 40 calls at once."
    },
    footer = {"", "Example:", "  ./centralita bench fairness --times 5"})
final class BenchFairnessCommand implements Callable<Integer> {
  private static final int SMALL = 500;
  private static final int LARGE = 100_000;
  private static final int ASK_EVERY_MS = 10;

  private final Shell shell;

  @Option(
      names = "--times",
      paramLabel = "N",
      description = "Alone, and beside the other. Default: 5.")
  private int times = 5;

  BenchFairnessCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (times < 1) {
      throw new Misuse("--times: expected at least 1");
    }
    try (var bench = BenchCluster.start(shell, BenchCluster.Options.ordinary(1));
        var api = bench.api(bench.cluster().nodes().getFirst())) {
      small(bench, api); // sessions with the portal are open from here on
      var alone = series(bench, api);
      var large = bench.upload(api, "ana", LARGE);
      while (api.file(large).progres() == 0) {
        Thread.sleep(ASK_EVERY_MS);
      }
      var beside = series(bench, api);
      if (api.file(large).progres() >= LARGE) {
        throw new CommandFailure("the large file ended too early: fewer --times");
      }
      api.remove(large);
      report(alone, beside);
    }
    return 0;
  }

  private List<Double> series(BenchCluster bench, Api api)
      throws IOException, InterruptedException {
    var seconds = new ArrayList<Double>();
    for (var i = 0; i < times; i++) {
      seconds.add(small(bench, api));
    }
    return seconds.stream().sorted().toList();
  }

  private static double small(BenchCluster bench, Api api)
      throws IOException, InterruptedException {
    var began = System.nanoTime();
    var id = bench.upload(api, "bob", SMALL);
    while (api.file(id).progres() < SMALL) {
      Thread.sleep(ASK_EVERY_MS);
    }
    return BenchReport.hundredths((System.nanoTime() - began) / 1e9);
  }

  private void report(List<Double> alone, List<Double> beside) throws IOException {
    var aloneMedian = BenchReport.median(alone);
    var besideMedian = BenchReport.median(beside);
    var ratio = BenchReport.hundredths(besideMedian / aloneMedian);
    shell.say(
        "%d numbers: alone %.2f s, beside %d of another user %.2f s (medians of %d), %.2f times"
            .formatted(SMALL, aloneMedian, LARGE, besideMedian, times, ratio));
    new BenchReport("fairness")
        .put("alone_seconds", alone)
        .put("beside_seconds", beside)
        .put("ratio", ratio)
        .print(shell);
  }
}
