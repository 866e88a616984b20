package io.centralita.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file as the API shows it; fields that a command does not need are left out.
 *
 * @param total distinct numbers to look up
 * @param progres numbers dealt with
 * @param subido numbers received
 * @param rate numbers per second, of late
 * @param etaSeconds null where it cannot be said
 * @param waiting why nothing moves; null where it does
 */
record FileState(
    long id,
    String user,
    String file,
    long total,
    long progres,
    String status,
    long subido,
    long duplicates,
    long invalid,
    Map<String, Long> outcomes,
    @Nullable String waiting,
    @Nullable Paused paused,
    double rate,
    @Nullable Long etaSeconds) {

  /** Who stopped the file, and why where that was said. */
  record Paused(String by, @Nullable String reason) {}

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private record Created(long id) {}

  /** The id in the answer to an upload. */
  static long createdId(String json) {
    return parse(json, Created.class).id();
  }

  static FileState parse(String json) {
    return parse(json, FileState.class);
  }

  private static <T> T parse(String json, Class<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new CommandFailure("the answer is not what a node of Centralita says: see --url", e);
    }
  }

  boolean isCompleted() {
    return status.equals("completed");
  }

  /** Whether nothing more will happen by itself. */
  boolean isOver() {
    return switch (status) {
      case "completed", "failed", "cancelled" -> true;
      default -> false;
    };
  }

  /** The part that is done, 0 to 1. */
  double done() {
    if (total == 0) {
      return isCompleted() ? 1 : 0;
    }
    return Math.min(1, (double) progres / total);
  }

  /** Why nothing moves; empty where it does. */
  String standstill() {
    if (paused != null) {
      var reason = paused.reason();
      return "paused by " + paused.by() + (reason == null ? "" : ": " + reason);
    }
    return waiting == null ? "" : "waiting: " + waiting;
  }
}
