package io.centralita.cli;

import io.centralita.tables.Tables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a file of results says as a whole.
 *
 * @param operators how many numbers each operator has
 * @param sources where the answers came from
 */
record Summary(Map<String, Long> operators, Map<String, Long> sources) {
  private static final int BAR = 24;

  /** Counts a downloaded file of results, whatever it is called. */
  static Summary of(Path results, Api.Format format) throws IOException {
    var operators = new HashMap<String, Long>();
    var sources = new HashMap<String, Long>();
    try (var rows = Tables.open(results, "results." + format.ending())) {
      var header = rows.next();
      if (header == null) {
        return new Summary(Map.of(), Map.of());
      }
      var operator = header.cells().indexOf("operator");
      var source = header.cells().indexOf("source");
      for (var row = rows.next(); row != null; row = rows.next()) {
        count(operators, row.cell(operator));
        count(sources, row.cell(source));
      }
    }
    return new Summary(Map.copyOf(operators), Map.copyOf(sources));
  }

  private static void count(Map<String, Long> counts, String key) {
    if (!key.isEmpty()) {
      counts.merge(key, 1L, Long::sum);
    }
  }

  /** A table of the operators by count, then the outcomes and sources. */
  List<String> lines(FileState file, boolean unicode) {
    var lines = new ArrayList<String>();
    var longest = operators.keySet().stream().mapToInt(String::length).max().orElse(0);
    var most = operators.values().stream().mapToLong(Long::longValue).max().orElse(1);
    var all = operators.values().stream().mapToLong(Long::longValue).sum();
    for (var operator : byCount(operators)) {
      var count = operator.getValue();
      var bar = (unicode ? "▇" : "#").repeat((int) Math.ceilDiv(count * BAR, most));
      lines.add(
          String.format(
              Locale.ROOT,
              "  %-" + Math.max(8, longest) + "s  %,9d  %5.1f %%  %s",
              operator.getKey(),
              count,
              100.0 * count / all,
              bar));
    }
    if (!lines.isEmpty()) {
      lines.add("");
    }
    lines.add("  outcomes  " + counts(file.outcomes()));
    lines.add("  sources   " + (sources.isEmpty() ? "none" : counts(sources)));
    lines.add(
        "  received  %s in all deliveries: %s repeated, %s not Spanish mobiles"
            .formatted(
                ProgressLine.number(file.subido()),
                ProgressLine.number(file.duplicates()),
                ProgressLine.number(file.invalid())));
    return lines;
  }

  private static String counts(Map<String, Long> counts) {
    return String.join(
        ", ",
        byCount(counts).stream()
            .map(count -> count.getKey() + " " + ProgressLine.number(count.getValue()))
            .toList());
  }

  private static List<Map.Entry<String, Long>> byCount(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .toList();
  }
}
