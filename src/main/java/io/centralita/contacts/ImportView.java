package io.centralita.contacts;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.centralita.jobs.Progress;
import io.centralita.jobs.RunPause;
import io.centralita.jobs.RunState.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An import, as the API has it.
 *
 * @param rows row numbers from the first to the last: about what there is to read
 * @param read rows read and stored: imported, updated, duplicates and rejected together
 * @param rowsPerSecond while it runs over the last ten seconds, later over all of it
 * @param secondsLeft at that rate; null where it does not move
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record ImportView(
    int id,
    String user,
    String file,
    String status,
    long rows,
    long read,
    long imported,
    long updated,
    long duplicates,
    long rejected,
    double rowsPerSecond,
    @Nullable Long secondsLeft,
    Instant createdAt,
    @Nullable Instant finishedAt,
    @Nullable Instant undoneAt,
    @Nullable String undo,
    String waiting,
    String failure,
    @Nullable RunPause pause,
    SideTables.@Nullable Taken sideTables) {

  static ImportView of(Imports.Row row) {
    return of(row, row.finishedAt() == null ? 0 : overall(row));
  }

  static ImportView of(Imports.Row stored, Progress progress) {
    var row = stored.at(progress);
    return of(row, row.status() == Status.PROCESSING ? progress.rate() : overall(row));
  }

  private static double overall(Imports.Row row) {
    var end = row.finishedAt();
    return end == null
        ? 0
        : read(row) * 1000.0 / Math.max(1, Duration.between(row.createdAt(), end).toMillis());
  }

  private static long read(Imports.Row row) {
    return row.imported() + row.updated() + row.duplicates() + row.rejected();
  }

  private static ImportView of(Imports.Row row, double rate) {
    var read = read(row);
    var moves = row.status() == Status.PROCESSING && rate > 0;
    return new ImportView(
        row.id(),
        row.user(),
        row.file(),
        row.status().name().toLowerCase(Locale.ROOT),
        row.rows(),
        read,
        row.imported(),
        row.updated(),
        row.duplicates(),
        row.rejected(),
        Math.round(rate * 10) / 10.0,
        moves ? Math.round(Math.max(0, row.rows() - read) / rate) : null,
        row.createdAt(),
        row.finishedAt(),
        row.undoneAt(),
        row.undo() == null ? null : row.undo().name().toLowerCase(Locale.ROOT),
        row.waiting(),
        row.failure(),
        row.pause(),
        row.sideTables());
  }
}
