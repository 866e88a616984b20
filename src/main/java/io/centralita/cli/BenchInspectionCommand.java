package io.centralita.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
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
  private static final JsonMapper JSON = JsonMapper.builder().build();

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
      var milliseconds = new ArrayList<Double>();
      for (var i = 0; i < TURNS; i++) {
        without.add(rate(here, id, () -> Thread.sleep(seconds * 1000L)));
        with.add(rate(here, id, () -> inspect(List.of(here, there), id, milliseconds)));
      }
      here.remove(id);
      report(without, with, milliseconds.stream().sorted().toList());
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

  private void inspect(List<Api> nodes, long id, List<Double> milliseconds) throws IOException {
    var begun = System.nanoTime();
    for (var i = 0; i < perSecond * seconds; i++) {
      LockSupport.parkNanos(begun + i * 1_000_000_000L / perSecond - System.nanoTime());
      var asked = System.nanoTime();
      var _ = nodes.get(i % nodes.size()).get("/api/v1/ops/entities/UserFile/" + id);
      milliseconds.add((System.nanoTime() - asked) / 1e6);
    }
  }

  private void report(List<Double> without, List<Double> with, List<Double> milliseconds)
      throws JsonProcessingException {
    var rateWithout = median(without);
    var rateWith = median(with);
    var p50 = milliseconds.get(milliseconds.size() / 2);
    var p99 =
        milliseconds.get((int) Math.min(milliseconds.size() - 1L, milliseconds.size() * 99L / 100));
    shell.say(
        "%.0f numbers/s without, %.0f with %d inspections a second; one inspection p50 %.1f ms, p99 %.1f ms"
            .formatted(rateWithout, rateWith, perSecond, p50, p99));
    var all = new LinkedHashMap<String, Object>();
    all.put("bench", "inspection");
    all.put("processors", Runtime.getRuntime().availableProcessors());
    all.put("numbers_per_second_without", Math.round(rateWithout));
    all.put("numbers_per_second_with", Math.round(rateWith));
    all.put("inspections_per_second", perSecond);
    all.put("inspection_p50_ms", Math.round(p50 * 10) / 10.0);
    all.put("inspection_p99_ms", Math.round(p99 * 10) / 10.0);
    shell.say(JSON.writeValueAsString(all));
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
