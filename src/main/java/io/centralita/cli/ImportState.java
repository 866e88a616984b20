package io.centralita.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An import as the API shows it; fields that a command does not need are left out. */
record ImportState(
    long id,
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
    String waiting,
    String failure,
    FileState.@Nullable Paused pause) {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  static ImportState parse(String json) {
    try {
      return JSON.readValue(json, ImportState.class);
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
        rows,
        read,
        status,
        read,
        duplicates,
        rejected,
        Map.of(),
        waiting.isEmpty() ? null : waiting,
        pause,
        rowsPerSecond,
        secondsLeft);
  }
}
