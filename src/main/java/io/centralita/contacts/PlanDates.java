package io.centralita.contacts;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Pattern;

/** The days on which numbering plans are published, as the authority counts and writes them. */
final class PlanDates {
  static final ZoneId ZONE = ZoneId.of("America/Mexico_City");

  /** No plan is older. */
  static final LocalDate FIRST = LocalDate.of(2000, 1, 1);

  /** {@code pnn_Publico_01_11_2026.csv}, and the same the other way round. */
  private static final Pattern IN_NAME =
      Pattern.compile(
          "(?<!\\d)(?:(?<day>\\d\\d)[_-](?<month>\\d\\d)[_-](?<year>\\d{4})|(?<y>\\d{4})[_-](?<m>\\d\\d)[_-](?<d>\\d\\d))(?!\\d)");

  private PlanDates() {}

  /** The day that a file's name tells. */
  static Optional<LocalDate> inName(String name) {
    var found = IN_NAME.matcher(name);
    if (!found.find()) {
      return Optional.empty();
    }
    return found.group("day") == null
        ? of(found.group("y"), found.group("m"), found.group("d"))
        : of(found.group("year"), found.group("month"), found.group("day"));
  }

  private static Optional<LocalDate> of(String year, String month, String day) {
    try {
      return Optional.of(
          LocalDate.of(Integer.parseInt(year), Integer.parseInt(month), Integer.parseInt(day)));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
