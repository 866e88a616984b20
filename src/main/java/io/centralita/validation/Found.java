package io.centralita.validation;

import io.centralita.scoring.Evidence.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a platform was found to say of a number.
 *
 * @param phone E.164 without the plus
 * @param details a JSON object; null where there is no more
 * @param method how it was found out
 * @param responseTimeMs of the call; -1 where there was none
 * @param attempts calls that it took
 * @param expiresAt from when on it is asked for anew
 */
record Found(
    long phone,
    Check platform,
    Status status,
    @Nullable String details,
    String method,
    int responseTimeMs,
    int attempts,
    Instant validatedAt,
    Instant expiresAt) {

  /** Whether there is an account in use; null where nothing is known. */
  @Nullable Boolean isActive() {
    return status.saysSomething() ? (Boolean) (status == Status.ACTIVE) : null;
  }

  Found withAttempts(int calls) {
    return new Found(
        phone, platform, status, details, method, responseTimeMs, calls, validatedAt, expiresAt);
  }
}
