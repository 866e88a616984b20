package io.centralita.extraction;

import io.centralita.contacts.Selection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An extraction, as the API has it.
 *
 * @param filter the selections it is drawn from, one a group
 * @param queuePosition how many large ones come before it; null where it does not wait for them
 * @param leftOut drawn, and not in the file
 * @param seed of the draw
 * @param size of the file, in bytes; null where there is none yet
 * @param expiresAt when the file goes
 */
record ExtractionView(
    int id,
    String user,
    String status,
    String type,
    String value,
    List<Selection> filter,
    int amount,
    int delivered,
    int leftOut,
    Map<String, Integer> byLada,
    String format,
    long seed,
    @Nullable Integer queuePosition,
    @Nullable Long size,
    @Nullable String sha256,
    @Nullable String numbersSha256,
    int downloads,
    Instant createdAt,
    @Nullable Instant finishedAt,
    @Nullable Instant drawnAt,
    @Nullable Instant deliveredAt,
    @Nullable Instant expiresAt,
    @Nullable Instant returnedAt,
    String waiting,
    String failure) {

  /**
   * @param kept how long files are kept
   */
  static ExtractionView of(ExtractionRow row, @Nullable Integer queuePosition, Duration kept) {
    var file = row.file();
    var deliveredAt = row.deliveredAt();
    return new ExtractionView(
        row.id(),
        row.user(),
        row.status().name().toLowerCase(Locale.ROOT),
        row.type().word(),
        row.value(),
        row.filter(),
        row.amount(),
        row.delivered(),
        row.leftOut(),
        row.byLada(),
        row.format().word(),
        row.seed(),
        queuePosition,
        file == null ? null : file.size(),
        file == null ? null : file.sha256(),
        file == null ? null : file.numbersSha256(),
        row.downloads(),
        row.createdAt(),
        row.finishedAt(),
        row.drawnAt(),
        deliveredAt,
        deliveredAt == null ? null : deliveredAt.plus(kept),
        row.returnedAt(),
        row.waiting(),
        row.failure());
  }
}
