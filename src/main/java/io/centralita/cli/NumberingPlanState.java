package io.centralita.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A numbering plan as the API shows it; fields that a command does not need are left out. */
record NumberingPlanState(
    long id,
    String date,
    boolean inForce,
    String user,
    String file,
    long rows,
    int ranges,
    long overlaps,
    long badRows,
    List<Bad> firstBad,
    Reclassified reclassification) {

  /** A row that was left out. */
  record Bad(long line, String reason) {}

  /** How far the contacts are brought into line with it. */
  record Reclassified(
      String status,
      long contacts,
      long checked,
      long changed,
      double contactsPerSecond,
      @Nullable Long secondsLeft,
      String waiting,
      String failure,
      FileState.@Nullable Paused pause) {}

  /** The answer to a file that was sent. */
  record Loaded(long id, boolean loaded, @Nullable Long inForce, NumberingPlanState plan) {
    static Loaded parse(String json) {
      return NumberingPlanState.parse(json, Loaded.class);
    }
  }

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  static NumberingPlanState parse(String json) {
    return parse(json, NumberingPlanState.class);
  }

  private static <T> T parse(String json, Class<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new CommandFailure("the answer is not what a node of Centralita says: see --url", e);
    }
  }

  /** For the same progress line that files of numbers have. */
  FileState asProgress() {
    return new FileState(
        id,
        user,
        file,
        Math.max(reclassification.contacts(), reclassification.checked()),
        reclassification.checked(),
        reclassification.status(),
        reclassification.checked(),
        0,
        0,
        Map.of(),
        reclassification.waiting().isEmpty() ? null : reclassification.waiting(),
        reclassification.pause(),
        reclassification.contactsPerSecond(),
        reclassification.secondsLeft());
  }
}
