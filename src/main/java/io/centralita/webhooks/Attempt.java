package io.centralita.webhooks;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a delivery.
 *
 * @param status of the answer; null where none came
 * @param error what went wrong, in words; empty where nothing did
 * @param retryAfter how long the receiver wants to be left alone; zero where it says nothing
 */
record Attempt(
    Instant at, @Nullable Integer status, Duration latency, String error, Duration retryAfter) {
  private static final int GONE = 410;

  boolean succeeded() {
    return error.isEmpty();
  }

  /** The receiver says that there is nobody any more. */
  boolean gone() {
    return status != null && status == GONE;
  }
}
