package io.centralita.lookup;

import io.centralita.jobs.RunState.Status;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A file as the older API shows it.
 *
 * @param total distinct numbers to look up
 * @param progres numbers dealt with in this round: answered, none, or given up
 * @param conse counts the user's files, from 001
 */
public record SeedFile(
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
    double progressPercentage) {

  static SeedFile of(Files.Row row) {
    var state = state(row);
    return new SeedFile(
        row.id(),
        row.name(),
        row.total(),
        row.dealtWith(),
        String.format(Locale.ROOT, "%03d", row.conse()),
        row.createdAt(),
        row.finishedAt(),
        row.status() == Status.PROCESSING,
        state.name().toLowerCase(Locale.ROOT),
        state.display,
        percentage(row));
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
}
