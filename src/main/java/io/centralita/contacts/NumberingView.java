package io.centralita.contacts;

import io.centralita.jobs.Progress;
import io.centralita.jobs.RunPause;
import io.centralita.jobs.RunState.Status;
import io.centralita.phone.NumberingFile.BadRow;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A numbering plan, as the API has it.
 *
 * @param rows good ones of its file; {@code ranges} is what they were merged to
 * @param overlaps rows that took the place of earlier ones
 * @param badRows rows that were left out; {@code firstBad} are the first hundred of them
 */
record NumberingView(
    int id,
    LocalDate date,
    boolean inForce,
    String user,
    Instant loadedAt,
    String file,
    String sha256,
    long rows,
    int ranges,
    long overlaps,
    long badRows,
    List<BadRow> firstBad,
    Reclassified reclassification) {

  /**
   * How far the contacts are brought into line with it.
   *
   * @param contacts about how many there are
   * @param checked how many were looked at; {@code changed} are some of these
   * @param contactsPerSecond over the last ten seconds; 0 where nothing moves
   * @param secondsLeft at that rate; null where it does not move
   */
  record Reclassified(
      String status,
      long contacts,
      long checked,
      long changed,
      double contactsPerSecond,
      @Nullable Long secondsLeft,
      @Nullable Instant finishedAt,
      String waiting,
      String failure,
      @Nullable RunPause pause) {}

  static NumberingView of(NumberingStore.Row row) {
    return of(row, 0);
  }

  static NumberingView of(NumberingStore.Row stored, Progress progress) {
    return of(stored.at(progress), progress.rate());
  }

  private static NumberingView of(NumberingStore.Row row, double rate) {
    var now = row.standing();
    var checked = now.changed() + now.unchanged();
    var moves = now.status() == Status.PROCESSING && rate > 0;
    return new NumberingView(
        row.id(),
        row.date(),
        row.inForce(),
        row.user(),
        row.loadedAt(),
        row.file(),
        row.sha256(),
        row.rows(),
        row.ranges(),
        row.overlaps(),
        row.badRows(),
        row.firstBad(),
        new Reclassified(
            now.status().name().toLowerCase(Locale.ROOT),
            now.contacts(),
            checked,
            now.changed(),
            moves ? Math.round(rate * 10) / 10.0 : 0,
            moves ? Math.round(Math.max(0, now.contacts() - checked) / rate) : null,
            now.finishedAt(),
            now.waiting(),
            now.failure(),
            now.pause()));
  }
}
