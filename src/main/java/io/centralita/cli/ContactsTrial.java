package io.centralita.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What measurements of contacts have in common: a store that is filled, and then asked. */
final class ContactsTrial {
  static final JsonMapper JSON = JsonMapper.builder().build();
  static final String CONTACTS = "/api/v1/contacts";

  private static final int SAMPLE = 1_000;
  private static final int WARM_SECONDS = 3;

  private final Shell shell;
  private final Api api;
  private final BenchReport results;

  ContactsTrial(Shell shell, Api api, BenchReport results) {
    this.shell = shell;
    this.api = api;
    this.results = results;
  }

  /**
   * Imports a file of the import folder, to its end.
   *
   * @param key of the results
   * @param gauge of the node; null where it is none of ours
   */
  void imported(String name, String key, String words, @Nullable ProcessGauge gauge)
      throws IOException {
    var began = System.nanoTime();
    var order = JSON.createObjectNode().put("file", name).toString();
    var id = JSON.readTree(api.send("POST", "/api/v1/imports", "application/json", order));
    var view = ended("/api/v1/imports/" + id.path("id").asInt(), 100);
    var taken = since(began);
    var read = view.path("read").asLong();
    shell.say(
        "%,11d %-48s %,8.0f rows/s (%.1f s)%s"
            .formatted(
                read,
                words,
                read / taken,
                taken,
                gauge == null ? "" : ", the node at most %,d MB".formatted(gauge.mostMemory())));
    results
        .put(key + "_rows", read)
        .put(key + "_seconds", taken)
        .put(key + "_rows_per_second", Math.round(read / taken));
    if (gauge != null) {
      results.put(key + "_node_memory_mb", gauge.mostMemory());
    }
  }

  /** Waits for a run to be completed, and gives it. */
  JsonNode ended(String path, int everyMs) throws IOException {
    while (true) {
      var view = JSON.readTree(api.get(path));
      switch (view.path("status").asText()) {
        case "completed" -> {
          return view;
        }
        case "failed" ->
            throw new CommandFailure(path + " failed: " + view.path("failure").asText());
        default -> LockSupport.parkNanos(everyMs * 1_000_000L);
      }
    }
  }

  /** Some of the store's people. */
  JsonNode people() throws IOException {
    return JSON.readTree(api.get(CONTACTS + "?limit=" + SAMPLE)).path("items");
  }

  /** Selections of each kind that there is, as queries, as these people have them. */
  static List<String> selections(JsonNode people) {
    var selections = new LinkedHashSet<String>();
    for (var person : people) {
      var state = "state=" + encoded(person.path("state_code").asText());
      selections.add(state);
      selections.add(state + "&opted_out=false");
      selections.add(state + "&mobile=true");
      selections.add("lada=" + person.path("lada").asText());
      selections.add("city=" + encoded(person.path("city").asText()));
      selections.add("municipality=" + encoded(person.path("municipality").asText()));
    }
    selections.removeIf(selection -> selection.matches(".*=(null)?(&.*)?"));
    selections.addAll(Set.of("mobile=true", "mobile=false", "opted_out=false"));
    return List.copyOf(selections);
  }

  /**
   * Asks for one of them after another, and tells how long each takes; the first seconds do not
   * count, for then the node's code is not compiled yet.
   *
   * @param path after which the selection comes
   */
  void latency(
      String key, String words, int perSecond, int seconds, String path, List<String> selections) {
    var turn = new AtomicInteger();
    Latencies.Call call =
        () -> api.get(path + selections.get(turn.getAndIncrement() % selections.size()));
    run(perSecond, WARM_SECONDS, call);
    var summary = run(perSecond, seconds, call);
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

  private static Latencies.Summary run(int perSecond, int seconds, Latencies.Call call) {
    try (var calls = Latencies.of(perSecond, call)) {
      LockSupport.parkNanos(seconds * 1_000_000_000L);
      return calls.summary();
    }
  }

  static List<String> names(JsonNode people) {
    var names = new ArrayList<String>();
    for (var person : people) {
      var words = person.path("full_name").asText("").split(" ", -1);
      if (words.length > 1) {
        names.add("q=" + encoded(words[0] + " " + words[words.length - 1]));
      }
    }
    return names;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Seconds, to two places. */
  static double since(long began) {
    return BenchReport.hundredths((System.nanoTime() - began) / 1e9);
  }
}
