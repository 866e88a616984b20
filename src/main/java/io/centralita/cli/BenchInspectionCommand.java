package io.centralita.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What it costs to look at an entity that works. */
@Command(
    name = "inspection",
    description = {
      "Measures what it costs a running file to be looked at by operators.",
      "",
      "Two nodes with a simulated portal of 20 to 25 ms, 40 calls at once. The file's rate is taken in"
          + " turns without anybody looking, and with so many inspections a second of the file's entity,"
          + " asked of either node."
    },
    footer = {"", "Example:", "  ./centralita bench inspection --per-second 10 --seconds 20"})
final class BenchInspectionCommand implements Callable<Integer> {
  private static final int NUMBERS = 400_000;
  private static final int TURNS = 3;

  private final Shell shell;

  @Option(names = "--per-second", paramLabel = "N", description = "Inspections. Default: 10.")
  private int perSecond = 10;

  @Option(names = "--seconds", paramLabel = "N", description = "Of each turn. Default: 20.")
  private int seconds = 20;

  BenchInspectionCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (perSecond < 1 || perSecond > 1000 || seconds < 1) {
      throw new Misuse("--per-second: expected 1 to 1000, and --seconds at least 1");
    }
    try (var bench = BenchCluster.start(shell, BenchCluster.Options.ordinary(2));
        var here = bench.api(bench.cluster().nodes().getFirst());
        var there = bench.api(bench.cluster().nodes().getLast())) {
      var id = bench.upload(here, "ana", NUMBERS);
      while (here.file(id).progres() < 10_000) {
        Thread.sleep(100);
      }
      var without = new ArrayList<Double>();
      var with = new ArrayList<Double>();
      var looks = new ArrayList<Latencies>();
      for (var i = 0; i < TURNS; i++) {
        without.add(rate(here, id, () -> Thread.sleep(seconds * 1000L)));
        with.add(rate(here, id, () -> looks.add(inspect(List.of(here, there), id))));
      }
      here.remove(id);
      report(without, with, Latencies.summary(looks));
    }
    return 0;
  }

  private interface Turn {
    void take() throws IOException, InterruptedException;
  }

  private static double rate(Api api, long id, Turn turn) throws IOException, InterruptedException {
    var before = api.file(id).progres();
    var began = System.nanoTime();
    turn.take();
    var done = api.file(id).progres() - before;
    if (before + done >= NUMBERS) {
      throw new CommandFailure("the file ended too early: fewer --seconds");
    }
    return done / ((System.nanoTime() - began) / 1e9);
  }

  private Latencies inspect(List<Api> nodes, long id) throws InterruptedException {
    var turn = new AtomicInteger();
    try (var looks =
        Latencies.of(
            perSecond,
            () -> {
              var node = nodes.get(turn.getAndIncrement() % nodes.size());
              var _ = node.get("/api/v1/ops/entities/UserFile/" + id);
            })) {
      Thread.sleep(seconds * 1000L);
      return looks;
    }
  }

  private void report(List<Double> without, List<Double> with, Latencies.Summary looks)
      throws IOException {
    var rateWithout = BenchReport.median(without);
    var rateWith = BenchReport.median(with);
    shell.say(
        "%.0f numbers/s without, %.0f with %d inspections a second; one inspection p50 %.1f ms, p99 %.1f ms"
            .formatted(rateWithout, rateWith, perSecond, looks.p50(), looks.p99()));
    new BenchReport("inspection")
        .put("numbers_per_second_without", Math.round(rateWithout))
        .put("numbers_per_second_with", Math.round(rateWith))
        .put("inspections_per_second", perSecond)
        .put("inspection_p50_ms", looks.p50())
        .put("inspection_p99_ms", looks.p99())
        .put("inspections_failed", looks.failed())
        .print(shell);
  }
}
