package io.centralita.cli;

import io.centralita.embedded.DataDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How fast contacts come in, and how fast they are found again. */
@Command(
    name = "contacts",
    description = {
      "Measures how fast a node imports contacts, and how long people wait who count, search and list"
          + " them.",
      "",
      "First an import into an empty store, to the last index; then, of made-up people, a second file of"
          + " a fifth as many, half of whom the store knows. Then counts, pages of 100, searches by name,"
          + " a segment of about a million as CSV, and a list of 10,000 who opt out."
    },
    footer = {
      "",
      "Examples:",
      "  ./centralita bench contacts --rows 1000000",
      "  ./centralita bench contacts --file numeros.db --seconds 30"
    })
final class BenchContactsCommand implements Callable<Integer> {
  private static final Path FOLDER = Path.of(".centralita-bench-files");
  private static final String CONTACTS = ContactsTrial.CONTACTS;
  private static final int SAMPLE = 1_000;
  private static final int COUNTS_PER_SECOND = 100;
  private static final int PAGES_PER_SECOND = 20;
  private static final int MILLION = 1_000_000;
  private static final int OPT_OUTS = 10_000;
  private static final int MOST_ROWS = 40_000_000;

  private final Shell shell;
  private final BenchReport results = new BenchReport("contacts");

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Rows of the first file, of made-up people. Default: 5000000.")
  private int rows = 5 * MILLION;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "An SQLite file of your own in place of the first; then there is no second.")
  private @Nullable Path file;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long each kind of request is made. Default: 20.")
  private int seconds = 20;

  BenchContactsCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    if (seconds < 1 || rows < 1_000 || rows > MOST_ROWS) {
      throw new Misuse("--seconds: at least 1; --rows: from 1000 to " + MOST_ROWS);
    }
    var folder =
        file == null
            ? Files.createDirectories(FOLDER)
            : file.toAbsolutePath().resolveSibling("").normalize();
    try {
      if (file == null) {
        Files.deleteIfExists(FOLDER.resolve("first.db"));
        Files.deleteIfExists(FOLDER.resolve("more.db"));
        MadeContacts.write(FOLDER.resolve("first.db"), 0, rows);
        MadeContacts.write(FOLDER.resolve("more.db"), rows - rows / 10, rows + rows / 10);
      }
      var options = BenchCluster.Options.ordinary(1).withImportFolder(folder);
      try (var bench = BenchCluster.start(shell, options);
          var api = bench.api(bench.cluster().nodes().getFirst())) {
        measure(bench, api);
      }
    } finally {
      if (file == null) {
        DataDir.delete(FOLDER);
      }
    }
    results.print(shell);
    return 0;
  }

  private void measure(BenchCluster bench, Api api) throws IOException {
    var trial = new ContactsTrial(shell, api, results);
    var first = file == null ? "first.db" : String.valueOf(file.getFileName());
    trial.imported(
        first, "first_import", "rows into an empty store, to the last index", bench.gauge());
    if (file == null) {
      trial.imported(
          "more.db", "more_import", "rows more, half of the numbers known", bench.gauge());
    }
    var people = trial.people();
    var places = ContactsTrial.selections(people);
    trial.latency(
        "count",
        "a count of a place, LADA or kind",
        COUNTS_PER_SECOND,
        seconds,
        CONTACTS + "/count?",
        places);
    trial.latency(
        "page",
        "a page of 100 of one of them",
        PAGES_PER_SECOND,
        seconds,
        CONTACTS + "?limit=100&",
        places);
    trial.latency(
        "search",
        "a page of a name and a surname",
        PAGES_PER_SECOND,
        seconds,
        CONTACTS + "?limit=100&",
        ContactsTrial.names(people));
    csv(api, places);
    optOut(api);
  }

  /** The selection whose size is nearest to a million. */
  private void csv(Api api, List<String> places) throws IOException {
    var nearest = places.getFirst();
    var size = 0L;
    for (var place : places) {
      var count =
          ContactsTrial.JSON.readTree(api.get(CONTACTS + "/count?" + place)).path("count").asLong();
      if (Math.abs(count - MILLION) < Math.abs(size - MILLION)) {
        nearest = place;
        size = count;
      }
    }
    var began = System.nanoTime();
    var bytes = 0L;
    try (var answer = api.csv(CONTACTS + "?" + nearest)) {
      var buffer = new byte[1 << 16];
      for (var read = answer.read(buffer); read >= 0; read = answer.read(buffer)) {
        bytes += read;
      }
    }
    var taken = ContactsTrial.since(began);
    shell.say(
        "%,11d %-48s %8.2f s (%,d MB)".formatted(size, "contacts as CSV", taken, bytes >> 20));
    results.put("csv_rows", size).put("csv_seconds", taken);
  }

  private void optOut(Api api) throws IOException {
    var numbers = new ArrayList<String>();
    var cursor = "";
    while (numbers.size() < OPT_OUTS) {
      var page =
          ContactsTrial.JSON.readTree(
              api.get(CONTACTS + "?opted_out=false&limit=" + SAMPLE + cursor));
      page.path("items").forEach(person -> numbers.add(person.path("phone_e164").asText()));
      if (page.path("next_cursor").isNull()) {
        break;
      }
      cursor = "&cursor=" + ContactsTrial.encoded(page.path("next_cursor").asText());
    }
    var began = System.nanoTime();
    api.send(
        "POST",
        "/api/v1/opt-outs?method=LIST&reason=measured",
        "text/plain",
        String.join("\n", numbers));
    var taken = ContactsTrial.since(began);
    shell.say(
        "%,11d %-48s %8.2f s".formatted(numbers.size(), "opt out, with their history", taken));
    results.put("opt_outs", numbers.size()).put("opt_out_seconds", taken);
  }
}
