package io.centralita.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long people wait for a node that works at full speed. */
@Command(
    name = "files",
    description = {
      "Measures how long a node takes to accept files, and to answer people while large files run.",
      "",
      "A simulated portal without latency, 200 calls at once. First a JSON delivery of 100,000 numbers"
          + " and an upload of a million; then three files of a million at once, during which single"
          + " numbers are asked for, and a user of 1,000 files lists them; last the results of 100,000"
          + " numbers by the older path."
    },
    footer = {"", "Example:", "  ./centralita bench files --seconds 60"})
final class BenchFilesCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int HUNDRED_THOUSAND = 100_000;
  private static final int MILLION = 1_000_000;
  private static final int MANY_FILES = 1_000;

  private final Shell shell;
  private final BenchReport results = new BenchReport("files");

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long people are watched while the large files run. Default: 60.")
  private int seconds = 60;

  @Option(names = "--times", paramLabel = "N", description = "Of what is short. Default: 3.")
  private int times = 3;

  @Option(
      names = "--portal-url",
      paramLabel = "URL",
      description = "A portal of your own, so that the simulated one is not what is measured.")
  private @Nullable URI portalUrl;

  BenchFilesCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    if (seconds < 1 || times < 1) {
      throw new Misuse("--seconds, --times: expected at least 1");
    }
    var options = new BenchCluster.Options(1, 200, portalUrl, false);
    try (var bench = BenchCluster.start(shell, options);
        var api = bench.api(bench.cluster().nodes().getFirst())) {
      accept(bench, api);
      upload(bench, api);
      people(bench, api);
      consult(bench, api);
      results.print(shell);
    }
    return 0;
  }

  private void accept(BenchCluster bench, Api api) throws IOException {
    var taken = new ArrayList<Double>();
    for (var i = 0; i < times; i++) {
      var list =
          IntStream.of(bench.numbers(HUNDRED_THOUSAND))
              .mapToObj(number -> "\"" + number + "\"")
              .collect(Collectors.joining(",", "[", "]"));
      var order = "{\"user\":\"json\",\"file\":\"%d.csv\",\"number\":%s}".formatted(i, list);
      var began = System.nanoTime();
      api.send("POST", "/process/", "application/json", order);
      taken.add(since(began));
      finish(api, "json", i + ".csv");
    }
    tell("process_100000_seconds", "/process/ accepts 100,000 numbers", taken);
  }

  private static void finish(Api api, String user, String name) throws IOException {
    var list = api.get("/api/v1/files?user=" + user + "&limit=100");
    for (var item : JSON.readTree(list).path("items")) {
      if (item.path("file").asText().equals(name)) {
        finish(api, item.path("id").asLong());
      }
    }
  }

  private static void finish(Api api, long id) throws IOException {
    while (!api.file(id).status().equals("completed")) {
      LockSupport.parkNanos(20_000_000);
    }
  }

  private void upload(BenchCluster bench, Api api) throws IOException {
    var taken = new ArrayList<Double>();
    for (var i = 0; i < times; i++) {
      var numbers = bench.numbers(MILLION);
      var began = System.nanoTime();
      var id = bench.upload(api, "million", numbers);
      while (api.file(id).progres() == 0) {
        LockSupport.parkNanos(5_000_000);
      }
      taken.add(since(began));
      api.remove(id);
    }
    tell("upload_1000000_seconds", "an upload of 1,000,000 numbers is accepted and started", taken);
  }

  private void people(BenchCluster bench, Api api) throws IOException {
    var known = bench.numbers(100);
    finish(api, bench.upload(api, "hand", known));
    for (var i = 0; i < MANY_FILES; i++) {
      bench.upload(api, "many", new int[] {known[i % known.length]});
    }
    var files = new ArrayList<Long>();
    for (var i = 0; i < 3; i++) {
      files.add(bench.upload(api, "large-" + i, MILLION));
    }
    var turn = new AtomicInteger();
    try (var consult =
            Latencies.of(
                20,
                () ->
                    api.send(
                        "POST",
                        "/phone/consult/",
                        "application/json",
                        "{\"user\":\"hand\",\"phone\":\"%d\"}"
                            .formatted(known[turn.getAndIncrement() % known.length])));
        var list =
            Latencies.of(
                5,
                () ->
                    api.send("POST", "/filter_data/", "application/json", "{\"user\":\"many\"}"))) {
      LockSupport.parkNanos(seconds * 1_000_000_000L);
      tell("phone_consult", "/phone/consult/ from the cache, meanwhile", consult.summary());
      tell("filter_data", "/filter_data/ of 1,000 files, meanwhile", list.summary());
    }
    var memory = bench.gauge().mostMemory();
    shell.say(
        "%-60s %,8d MB"
            .formatted("the node's memory, at most, three files of a million running", memory));
    results.put("node_memory_mb", memory);
    for (var file : files) {
      api.remove(file);
    }
  }

  private void consult(BenchCluster bench, Api api) throws IOException {
    var id = bench.upload(api, "consult", HUNDRED_THOUSAND);
    finish(api, id);
    var order = "{\"user\":\"consult\",\"id\":%d}".formatted(id);
    var taken = new ArrayList<Double>();
    for (var i = 0; i < times; i++) {
      var began = System.nanoTime();
      api.send("POST", "/consult/", "application/json", order);
      taken.add(since(began));
    }
    tell("consult_100000_seconds", "/consult/ gives the results of 100,000 numbers", taken);
  }

  private void tell(String key, String words, List<Double> taken) {
    var sorted = taken.stream().sorted().toList();
    shell.say(
        "%-60s %8.2f s (longest %.2f)"
            .formatted(words, BenchReport.median(sorted), sorted.getLast()));
    results.put(key, sorted);
  }

  private void tell(String key, String words, Latencies.Summary summary) {
    shell.say(
        "%-60s p50 %.1f, p95 %.1f, p99 %.1f ms (%d, failed %d)"
            .formatted(
                words,
                summary.p50(),
                summary.p95(),
                summary.p99(),
                summary.count(),
                summary.failed()));
    results.put(key, summary);
  }

  private static double since(long began) {
    return BenchReport.hundredths((System.nanoTime() - began) / 1e9);
  }
}
