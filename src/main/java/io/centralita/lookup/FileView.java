package io.centralita.lookup;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.centralita.jobs.Progress;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file as the API shows it: what the older API shows of it, and what that did not have.
 *
 * @param seed its fields stand among the others
 * @param subido numbers received
 * @param waiting why nothing moves, or why it failed; null where it moves
 * @param rate numbers per second, of late
 */
public record FileView(
    @JsonUnwrapped SeedFile seed,
    String user,
    long subido,
    long duplicates,
    long invalid,
    Map<String, Long> outcomes,
    @Nullable String waiting,
    @Nullable PauseView paused,
    double rate,
    @Nullable Long etaSeconds,
    int round) {

  private static final String NO_ANSWER =
      "its node does not answer just now; shown as it was stored last";

  /** As lists show it: how fast it is only its entity knows, and lists ask no entity. */
  record Listed(@JsonUnwrapped @JsonIgnoreProperties({"rate", "eta_seconds"}) FileView file) {}

  public record PauseView(
      String by, @Nullable String reason, @Nullable Instant until, Instant at) {}

  /** As the row has it. */
  static FileView of(Files.Row row) {
    return of(row, 0);
  }

  /** As the row has it, where the file's entity would know better and does not answer. */
  static FileView asStored(Files.Row row) {
    return of(row.waiting().isEmpty() ? row.withWaiting(NO_ANSWER) : row, 0);
  }

  /** As the file's entity has it now, which is never older than the row. */
  static FileView of(Files.Row row, Progress now) {
    return of(row.at(now), now.rate());
  }

  private static FileView of(Files.Row row, double rate) {
    var left = row.total() - row.dealtWith();
    var pause = row.pause();
    return new FileView(
        SeedFile.of(row),
        row.user(),
        row.received(),
        row.duplicates(),
        row.invalid(),
        outcomes(row),
        row.waiting().isEmpty() ? blank(row.failure()) : row.waiting(),
        pause == null
            ? null
            : new PauseView(pause.by(), blank(pause.reason()), pause.until(), pause.at()),
        Math.round(rate * 10) / 10.0,
        rate > 0 ? (long) Math.ceil(left / rate) : null,
        row.round());
  }

  private static Map<String, Long> outcomes(Files.Row row) {
    var outcomes = new LinkedHashMap<String, Long>();
    outcomes.put(Outcome.FOUND.name(), row.found());
    outcomes.put(Outcome.UNKNOWN.name(), row.unknown());
    outcomes.put(Outcome.FAILED.name(), row.failed());
    outcomes.put(Outcome.INVALID.name(), row.invalid());
    return outcomes;
  }

  private static @Nullable String blank(String text) {
    return text.isEmpty() ? null : text;
  }
}
