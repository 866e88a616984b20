package io.centralita.validation;

import io.centralita.http.Json;
import io.centralita.scoring.Evidence.Status;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a validator says of one number.
 *
 * @param details a JSON object; null where it says no more
 * @param retryAfter how long it wants to be left alone with this number; zero where it says nothing
 */
record Verdict(Status status, @Nullable String details, Duration retryAfter) {

  static Verdict of(Status status) {
    return new Verdict(status, null, Duration.ZERO);
  }

  /** The same, with this JSON object. */
  Verdict with(String json) {
    return new Verdict(status, json, retryAfter);
  }

  /** The same, with what is known of the line. */
  Verdict with(LineDetails line) {
    return with(line.json());
  }

  /** The same, saying why. */
  Verdict because(String why) {
    return with(Json.text(Map.of("error", why)));
  }
}
