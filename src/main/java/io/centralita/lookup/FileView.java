package io.centralita.lookup;

import io.centralita.jobs.Progress;
import io.centralita.jobs.RunState.Status;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file as the API shows it: the older API's fields first, then what it did not have.
 *
 * @param total distinct numbers to look up
 * @param progres numbers dealt with in this round: answered, none, or given up
 * @param subido numbers received
 */
public record FileView(
    long id,
    String user,
    String file,
    long total,
    long progres,
    String conse,
    Instant created,
    @Nullable Instant finish,
    boolean active,
    String status,
    String statusDisplay,
    double progressPercentage,
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

  public record PauseView(
      String by, @Nullable String reason, @Nullable Instant until, Instant at) {}

  /** The older API's view of a file. */
  public record Seed(
      long id,
      String file,
      long total,
      long progres,
      String conse,
      Instant created,
      @Nullable Instant finish,
      boolean active,
      String status,
      String statusDisplay,
      double progressPercentage) {}

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
    var pause = now.pause();
    return of(
        new Files.Row(
            row.id(),
            row.user(),
            row.name(),
            row.conse(),
            row.createdAt(),
            row.received(),
            row.duplicates(),
            row.invalid(),
            Math.max(row.total(), now.items()), // more may have come since the row was read
            now.status(),
            now.round(),
            Files.count(now, Outcome.FOUND),
            Files.count(now, Outcome.UNKNOWN),
            Files.count(now, Outcome.FAILED),
            now.finishedAt(),
            now.waiting(),
            now.failure(),
            pause == null
                ? null
                : new Files.Pause(
                    pause.cause().by(), pause.cause().reason(), pause.at(), pause.until())),
        now.rate());
  }

  private static FileView of(Files.Row row, double rate) {
    var state = state(row);
    var left = row.total() - row.dealtWith();
    var outcomes = new LinkedHashMap<String, Long>();
    outcomes.put(Outcome.FOUND.name(), row.found());
    outcomes.put(Outcome.UNKNOWN.name(), row.unknown());
    outcomes.put(Outcome.FAILED.name(), row.failed());
    outcomes.put(Outcome.INVALID.name(), row.invalid());
    var pause = row.pause();
    return new FileView(
        row.id(),
        row.user(),
        row.name(),
        row.total(),
        row.dealtWith(),
        "%03d".formatted(row.conse()),
        row.createdAt(),
        row.finishedAt(),
        row.status() == Status.PROCESSING,
        state.name().toLowerCase(Locale.ROOT),
        state.display,
        percentage(row),
        row.received(),
        row.duplicates(),
        row.invalid(),
        outcomes,
        row.waiting().isEmpty() ? blank(row.failure()) : row.waiting(),
        pause == null
            ? null
            : new PauseView(pause.by(), blank(pause.reason()), pause.until(), pause.at()),
        Math.round(rate * 10) / 10.0,
        rate > 0 ? (long) Math.ceil(left / rate) : null,
        row.round());
  }

  Seed seed() {
    return new Seed(
        id,
        file,
        total,
        progres,
        conse,
        created,
        finish,
        active,
        status,
        statusDisplay,
        progressPercentage);
  }

  /** What the older API calls a file's state, by what it can see of it: its section 9.2. */
  private enum State {
    PENDING("Pendiente"),
    PROCESSING("Procesando"),
    PAUSED("Pausado"),
    COMPLETED("Completado");

    final String display;

    State(String display) {
      this.display = display;
    }
  }

  private static State state(Files.Row row) {
    return switch (row.status()) {
      case PROCESSING -> State.PROCESSING;
      case COMPLETED -> State.COMPLETED;
      case PENDING -> State.PENDING;
      case PAUSED, FAILED, CANCELLED -> row.dealtWith() > 0 ? State.PAUSED : State.PENDING;
    };
  }

  private static double percentage(Files.Row row) {
    if (row.total() == 0) {
      return row.status() == Status.COMPLETED ? 100 : 0;
    }
    return Math.floor(row.dealtWith() * 10_000.0 / row.total()) / 100;
  }

  private static @Nullable String blank(String text) {
    return text.isEmpty() ? null : text;
  }
}
