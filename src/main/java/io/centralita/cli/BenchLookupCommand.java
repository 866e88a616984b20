package io.centralita.cli;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How fast files of numbers are looked up, and what a number costs. */
@Command(
    name = "lookup",
    description = {
      "Measures how fast files are looked up by a real node on a real PostgreSQL and Redis.",
      "",
      "The time counts from the beginning of the upload to the last file's end. What a number costs is"
          + " processor time, by process; the bench's own is the simulated portal and the client."
          + " Meanwhile single numbers that the cache knows are asked for by hand."
    },
    footer = {
      "",
      "Examples:",
      "  ./centralita bench lookup",
      "  ./centralita bench lookup --cases cold --numbers 1000000 --times 1",
      "  ./centralita bench lookup --cases cold,redis --users 300 --numbers 10000",
      "  ./centralita bench lookup --cases cold --portal-url http://127.0.0.1:8080"
    })
final class BenchLookupCommand implements Callable<Integer> {

  private final Shell shell;

  @Option(
      names = "--cases",
      paramLabel = "CASE",
      split = ",",
      description = "Which: ${COMPLETION-CANDIDATES}. Default: all.")
  private List<LookupTrial.Case> cases = List.of(LookupTrial.Case.values());

  @Option(
      names = "--numbers",
      paramLabel = "N",
      description = "In each user's file. Default: 100000.")
  private int numbers = 100_000;

  @Option(names = "--users", paramLabel = "N", description = "At once. Default: 1.")
  private int users = 1;

  @Option(names = "--nodes", paramLabel = "N", description = "1 to 5. Default: 1.")
  private int nodes = 1;

  @Option(names = "--times", paramLabel = "N", description = "Of each case. Default: 3.")
  private int times = 3;

  @Option(
      names = "--calls-at-once",
      paramLabel = "N",
      description = "To the portal, of all nodes together. Default: 200.")
  private int callsAtOnce = 200;

  @Option(names = "--socks", description = "Through a SOCKS5 proxy, which also runs here.")
  private boolean socks;

  @Option(
      names = "--portal-url",
      paramLabel = "URL",
      description = "A portal of your own, so that the simulated one is not what is measured.")
  private @Nullable URI portalUrl;

  @Option(names = "--no-hand", description = "Do not ask for single numbers meanwhile.")
  private boolean noHand;

  BenchLookupCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    if (numbers < 3 || users < 1 || times < 1 || nodes < 1 || nodes > 5 || callsAtOnce < 1) {
      throw new Misuse("expected --nodes 1 to 5, --numbers at least 3, and all others at least 1");
    }
    if ((long) numbers * users > 50_000_000) {
      throw new Misuse("--numbers times --users: expected 50 million at most");
    }
    var options = new BenchCluster.Options(nodes, callsAtOnce, portalUrl, socks);
    try (var bench = BenchCluster.start(shell, options);
        var trial = new LookupTrial(bench, numbers, users, !noHand)) {
      var results = new ArrayList<Map<String, ?>>();
      for (var situation : cases.stream().distinct().toList()) {
        var outcomes = new ArrayList<LookupTrial.Outcome>();
        for (var i = 0; i < times; i++) {
          outcomes.add(trial.run(situation));
        }
        results.add(tell(situation, outcomes));
      }
      new BenchReport("lookup")
          .put("numbers", numbers)
          .put("users", users)
          .put("nodes", nodes)
          .put("socks", socks)
          .put("results", results)
          .print(shell);
    }
    return 0;
  }

  private Map<String, ?> tell(LookupTrial.Case situation, List<LookupTrial.Outcome> outcomes) {
    var sorted =
        outcomes.stream()
            .sorted(Comparator.comparingDouble(LookupTrial.Outcome::perSecond))
            .toList();
    var median = sorted.get(sorted.size() / 2);
    shell.say(
        "%-60s %,8.0f numbers/s (%,.0f to %,.0f)"
            .formatted(
                situation.words,
                median.perSecond(),
                sorted.getFirst().perSecond(),
                sorted.getLast().perSecond()));
    var costs = new ArrayList<String>();
    median
        .microseconds()
        .forEach(
            (part, cost) ->
                costs.add("%s %.0f µs".formatted(part.name().toLowerCase(Locale.ROOT), cost)));
    shell.say(
        "  a number: %s; %.4f events, %.3f portal calls; by hand p50 %.1f, p95 %.1f, p99 %.1f ms; node %d MB"
            .formatted(
                String.join(", ", costs),
                median.eventsPerNumber(),
                median.callsPerNumber(),
                median.byHand().p50(),
                median.byHand().p95(),
                median.byHand().p99(),
                median.memoryMb()));
    var result = new LinkedHashMap<String, Object>();
    result.put("case", situation.name().toLowerCase(Locale.ROOT));
    result.put("numbers_per_second", Math.round(median.perSecond()));
    result.put("all", sorted.stream().map(one -> Math.round(one.perSecond())).toList());
    median
        .microseconds()
        .forEach(
            (part, cost) ->
                result.put(
                    part.name().toLowerCase(Locale.ROOT) + "_cpu_us",
                    Math.round(cost * 10) / 10.0));
    result.put("users_spread", BenchReport.hundredths(median.spread()));
    result.put("by_hand", median.byHand());
    result.put("node_memory_mb", median.memoryMb());
    result.put("events_per_number", median.eventsPerNumber());
    result.put("portal_calls_per_number", median.callsPerNumber());
    return result;
  }
}
