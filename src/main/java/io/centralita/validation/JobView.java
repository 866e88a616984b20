package io.centralita.validation;

import io.centralita.jobs.RunPause;
import io.centralita.jobs.RunState;
import io.centralita.scoring.Evidence.Status;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A validation job, as the API has it. A validation is one number on one platform.
 *
 * @param progress in percent
 * @param processedNumbers of which every platform has said what it says, and those that are no
 *     numbers
 * @param successfulValidations answered
 * @param failedValidations given up
 * @param unsupportedValidations on platforms that nobody is there to ask
 * @param segment whose contacts are asked about; null where numbers were given
 * @param maxCost what its calls may cost; null where as much as they do
 * @param cost what they have cost
 * @param byPlatform validations by status, of each platform
 */
record JobView(
    int id,
    UUID jobUuid,
    String name,
    String createdBy,
    List<String> platforms,
    String status,
    int progress,
    int totalNumbers,
    int processedNumbers,
    int invalidNumbers,
    int duplicateNumbers,
    long successfulValidations,
    long failedValidations,
    long unsupportedValidations,
    Map<String, Map<String, Long>> byPlatform,
    int batchSize,
    int maxConcurrent,
    int retryAttempts,
    @Nullable String segment,
    @Nullable BigDecimal maxCost,
    BigDecimal cost,
    Instant createdAt,
    @Nullable Instant finishedAt,
    @Nullable RunPause pause,
    String waiting,
    String failure) {

  private static final int ALL = 100;
  private static final Set<Status> SUCCESSFUL =
      Set.of(Status.ACTIVE, Status.INACTIVE, Status.NOT_FOUND);
  private static final Set<Status> FAILED = Set.of(Status.ERROR, Status.RATE_LIMITED);

  static JobView of(JobRow row) {
    var valid = row.totalNumbers() - row.invalidNumbers();
    var byPlatform = byPlatform(row);
    var slowest =
        byPlatform.values().stream()
            .mapToLong(counts -> counts.values().stream().mapToLong(Long::longValue).sum())
            .min()
            .orElse(0);
    var dealt = row.counts().values().stream().mapToLong(Long::longValue).sum();
    var wanted = (long) valid * row.platforms().size();
    return new JobView(
        row.id(),
        row.uuid(),
        row.name(),
        row.user(),
        row.platforms().stream().map(Codes::word).toList(),
        word(row.status()),
        wanted == 0 ? ALL : (int) (ALL * dealt / wanted),
        row.totalNumbers(),
        (int) slowest + row.invalidNumbers(),
        row.invalidNumbers(),
        row.duplicateNumbers(),
        Outcome.sum(row.counts(), SUCCESSFUL),
        Outcome.sum(row.counts(), FAILED),
        Outcome.sum(row.counts(), Set.of(Status.UNSUPPORTED)),
        byPlatform,
        row.batchSize(),
        row.maxConcurrent(),
        row.retryAttempts(),
        row.segment(),
        row.maxCostMicros() == null ? null : Price.amount(row.maxCostMicros()),
        Price.amount(row.spentMicros()),
        row.createdAt(),
        row.finishedAt(),
        row.pause(),
        row.waiting(),
        row.failure());
  }

  private static Map<String, Map<String, Long>> byPlatform(JobRow row) {
    var all = new LinkedHashMap<String, Map<String, Long>>();
    for (var platform : row.platforms()) {
      var counts = new TreeMap<String, Long>();
      for (var status : Status.values()) {
        var count = row.counts().get(Outcome.of(platform, status));
        if (count != null && count > 0) {
          counts.put(status.name().toLowerCase(Locale.ROOT), count);
        }
      }
      all.put(Codes.word(platform), counts);
    }
    return all;
  }

  /** The words that validation jobs have always had. */
  static String word(RunState.Status status) {
    return switch (status) {
      case PENDING -> "QUEUED";
      case PROCESSING -> "RUNNING";
      case PAUSED, COMPLETED, FAILED, CANCELLED -> status.name();
    };
  }
}
