package io.centralita.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.embedded.DataDir;
import io.centralita.tables.XlsxWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How fast contacts are drawn into files. */
@Command(
    name = "extraction",
    description = {
      "Measures how long contacts take to be drawn and written into a file: 1,000 and 10,000 of each"
          + " kind of selection, 10,000 to the finished workbook, 100,000, fifty extractions at once;"
          + " and how long people wait who ask how many are left.",
      "",
      "The contacts are made up, and imported first. With --running they are those of a node that has"
          + " some: what is drawn there stays drawn, and counts towards the day's limits."
    },
    footer = {
      "",
      "Examples:",
      "  ./centralita bench extraction --rows 1000000",
      "  ./centralita bench extraction --running --url http://127.0.0.1:8800"
    })
final class BenchExtractionCommand implements Callable<Integer> {
  private static final Path FOLDER = Path.of(".centralita-bench-files");
  private static final String EXTRACTIONS = "/api/v1/extractions";
  private static final List<Integer> AMOUNTS = List.of(1_000, 10_000);
  private static final int LARGEST = 100_000;
  private static final int COLUMNS = 7;
  private static final int AT_ONCE = 50;
  private static final int LOOK_EVERY_MS = 20;
  private static final int ASKED_PER_SECOND = 100;
  private static final int MOST_ROWS = 40_000_000;

  private final Shell shell;
  private final BenchReport results = new BenchReport("extraction");

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Rows of the made-up file. Default: 5000000.")
  private int rows = 5_000_000;

  @Option(
      names = "--times",
      paramLabel = "N",
      description = "How often each is done; the median counts. Default: 3.")
  private int times = 3;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "How long is asked how many are left. Default: 20.")
  private int seconds = 20;

  @Option(names = "--running", description = "Measure a node that runs, with the contacts it has.")
  private boolean running;

  @Mixin private NodeOptions node = new NodeOptions();

  BenchExtractionCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException {
    if (seconds < 1 || times < 1 || rows < 300_000 || rows > MOST_ROWS) {
      throw new Misuse("--seconds, --times: at least 1; --rows: from 300000 to " + MOST_ROWS);
    }
    if (running) {
      node.with(shell, this::measured);
    } else {
      try {
        Files.createDirectories(FOLDER);
        Files.deleteIfExists(FOLDER.resolve("first.db"));
        MadeContacts.write(FOLDER.resolve("first.db"), 0, rows);
        var options = BenchCluster.Options.ordinary(1).withImportFolder(FOLDER);
        try (var bench = BenchCluster.start(shell, options);
            var api = bench.api(bench.cluster().nodes().getFirst())) {
          new ContactsTrial(shell, api, results)
              .imported("first.db", "import", "rows imported", bench.gauge());
          measured(api);
          results.put("node_memory_mb", bench.gauge().mostMemory());
        }
      } finally {
        DataDir.delete(FOLDER);
      }
    }
    results.print(shell);
    return 0;
  }

  /** An order's body, but for the amount and the format. */
  private record Selection(String type, String value) {
    String query() {
      return "type=" + type + (value.isEmpty() ? "" : "&value=" + ContactsTrial.encoded(value));
    }
  }

  private boolean measured(Api api) throws IOException {
    var trial = new ContactsTrial(shell, api, results);
    var selections = selections(api, trial.people());
    extracted(api, trial, new Selection("premium", ""), AMOUNTS.getFirst(), "txt"); // warms up
    for (var selection : selections.entrySet()) {
      for (var amount : AMOUNTS) {
        if (available(api, selection.getValue()) < (long) times * amount) {
          shell.say("%,11d of %s: too few are left".formatted(amount, selection.getKey()));
        } else {
          drawn(api, trial, selection.getKey(), selection.getValue(), amount);
        }
      }
    }
    trial.latency(
        "availability",
        "how many are left of a selection",
        ASKED_PER_SECOND,
        seconds,
        ContactsTrial.CONTACTS + "/availability?",
        selections.values().stream().map(Selection::query).toList());
    finished(api, trial, selections.get("premium"), AMOUNTS.getLast(), times);
    finished(api, trial, selections.get("state"), LARGEST, 1);
    atOnce(api, trial);
    workbook();
    return true;
  }

  /** Of each type the place with the most contacts, among those of these people. */
  private static Map<String, Selection> selections(Api api, JsonNode people) throws IOException {
    var selections = new LinkedHashMap<String, Selection>();
    selections.put("premium", new Selection("premium", ""));
    for (var type : List.of("state", "city", "municipality")) {
      var field = type.equals("state") ? "state_code" : type;
      var values = new TreeSet<String>();
      people.forEach(person -> values.add(person.path(field).asText("")));
      var most = 0L;
      for (var value : values) {
        var selection = new Selection(type, value);
        var available = value.isEmpty() ? 0 : available(api, selection);
        if (available > most) {
          most = available;
          selections.put(type, selection);
        }
      }
    }
    return selections;
  }

  private static long available(Api api, Selection selection) throws IOException {
    try {
      var answer = api.get(ContactsTrial.CONTACTS + "/availability?" + selection.query());
      return ContactsTrial.JSON.readTree(answer).path("available").asLong();
    } catch (Refusal _) { // such as a municipality's name that several states have
      return 0;
    }
  }

  private void drawn(Api api, ContactsTrial trial, String name, Selection selection, int amount)
      throws IOException {
    var taken = new ArrayList<Long>();
    for (var i = 0; i < times; i++) {
      var view = extracted(api, trial, selection, amount, "txt");
      var ordered = Instant.parse(view.path("created_at").asText());
      taken.add(
          Duration.between(ordered, Instant.parse(view.path("drawn_at").asText())).toMillis());
    }
    var median = BenchReport.median(taken);
    shell.say(
        "%,11d %-48s %,8d ms, from the order until they are held"
            .formatted(amount, name + " " + selection.value(), median));
    results.put("draw_" + name + "_" + amount + "_ms", median);
  }

  private void finished(
      Api api, ContactsTrial trial, @Nullable Selection selection, int amount, int often)
      throws IOException {
    if (selection == null || available(api, selection) < (long) often * amount) {
      shell.say("%,11d as a workbook: too few are left".formatted(amount));
      return;
    }
    var taken = new ArrayList<Double>();
    var bytes = 0L;
    for (var i = 0; i < often; i++) {
      var began = System.nanoTime();
      bytes = extracted(api, trial, selection, amount, "xlsx").path("size").asLong();
      taken.add(ContactsTrial.since(began));
    }
    var median = BenchReport.median(taken);
    shell.say(
        "%,11d %-48s %8.2f s (%,d KB)"
            .formatted(amount, "from the order to the finished workbook", median, bytes >> 10));
    results.put("workbook_" + amount + "_seconds", median);
  }

  private static JsonNode extracted(
      Api api, ContactsTrial trial, Selection selection, int amount, String format)
      throws IOException {
    return trial.ended(ordered(api, selection, amount, format), LOOK_EVERY_MS);
  }

  private static String ordered(Api api, Selection selection, int amount, String format)
      throws IOException {
    var order = ContactsTrial.JSON.createObjectNode().put("type", selection.type());
    if (!selection.value().isEmpty()) {
      order.put("value", selection.value());
    }
    order.put("amount", amount).put("format", format);
    var answer = api.post(EXTRACTIONS, order.toString(), UUID.randomUUID().toString());
    return EXTRACTIONS + "/" + ContactsTrial.JSON.readTree(answer).path("id").asLong();
  }

  private void atOnce(Api api, ContactsTrial trial) throws IOException {
    var began = System.nanoTime();
    var paths = new ArrayList<String>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var orders = new ArrayList<Future<String>>();
      for (var i = 0; i < AT_ONCE; i++) {
        orders.add(
            threads.submit(
                () -> ordered(api, new Selection("premium", ""), AMOUNTS.getFirst(), "txt")));
      }
      for (var order : orders) {
        paths.add(order.get());
      }
    } catch (ExecutionException e) {
      throw new CommandFailure("an extraction of fifty at once could not be ordered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
    for (var path : paths) {
      trial.ended(path, LOOK_EVERY_MS);
    }
    var taken = ContactsTrial.since(began);
    var shared = shared(api, paths);
    shell.say(
        "%,11d %-48s %8.2f s, %d contacts in two of them"
            .formatted(AT_ONCE, "extractions of 1,000 at once", taken, shared));
    results.put("at_once", AT_ONCE).put("at_once_seconds", taken).put("at_once_shared", shared);
  }

  private static int shared(Api api, List<String> paths) throws IOException {
    var numbers = new HashSet<String>();
    var all = 0;
    for (var path : paths) {
      try (var file =
          new BufferedReader(
              new InputStreamReader(api.csv(path + "/file"), StandardCharsets.US_ASCII))) {
        for (var line = file.readLine(); line != null; line = file.readLine()) {
          numbers.add(line);
          all++;
        }
      }
    }
    return all - numbers.size();
  }

  /** What writes the files, by itself. */
  private void workbook() throws IOException {
    var taken = new ArrayList<Double>();
    for (var i = 0; i <= times; i++) {
      var began = System.nanoTime();
      try (var table = new XlsxWriter(OutputStream.nullOutputStream(), "Contacts")) {
        for (var row = 0; row < LARGEST; row++) {
          var number = Integer.toString(row);
          table.row(
              List.of(
                  "52551" + (2_000_000 + row),
                  "MARÍA HERNÁNDEZ " + number,
                  "CALLE MORELOS " + number,
                  "CENTRO",
                  "CUAUHTÉMOC",
                  "CIUDAD DE MÉXICO",
                  number));
        }
      }
      taken.add(ContactsTrial.since(began));
    }
    taken.removeFirst(); // its code was not compiled yet
    var median = BenchReport.median(taken);
    shell.say(
        "%,11d %-48s %8.2f s"
            .formatted(
                LARGEST, "rows of " + COLUMNS + " columns as a workbook, in memory", median));
    results.put("workbook_rows", LARGEST).put("workbook_rows_seconds", median);
  }
}
