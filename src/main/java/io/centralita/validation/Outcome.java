package io.centralita.validation;

import io.centralita.scoring.Evidence.Status;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What became of a validation, as a job counts it: a platform and a status, in one word. */
final class Outcome {
  private Outcome() {}

  /** Such as {@code whatsapp.ACTIVE}. */
  static String of(Check platform, Status status) {
    return Codes.word(platform) + "." + status;
  }

  /** Those that another try would not better. */
  static Set<String> settled() {
    return Arrays.stream(Check.values())
        .flatMap(
            platform ->
                Stream.of(
                    of(platform, Status.ACTIVE),
                    of(platform, Status.INACTIVE),
                    of(platform, Status.NOT_FOUND)))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** How many validations of any platform came to one of these. */
  static long sum(Map<String, Long> counts, Set<Status> statuses) {
    return Arrays.stream(Check.values())
        .flatMap(platform -> statuses.stream().map(status -> of(platform, status)))
        .mapToLong(outcome -> counts.getOrDefault(outcome, 0L))
        .sum();
  }
}
