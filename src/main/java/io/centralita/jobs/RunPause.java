package io.centralita.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.centralita.http.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a run stands still, as its row and the API have it.
 *
 * @param by who paused it
 * @param until when it goes on by itself; null for not before it is told to
 */
public record RunPause(String by, String reason, Instant at, @Nullable Instant until) {

  /** Null where the run is not paused. */
  public static @Nullable RunPause of(Progress progress) {
    var pause = progress.pause();
    return pause == null
        ? null
        : new RunPause(pause.cause().by(), pause.cause().reason(), pause.at(), pause.until());
  }

  /** Of a row's column {@code pause}. */
  public static @Nullable RunPause read(ResultSet row, int column) throws SQLException {
    @Nullable String json = row.getString(column);
    try {
      return json == null ? null : Json.MAPPER.readValue(json, RunPause.class);
    } catch (JsonProcessingException e) {
      throw new SQLException("a run's pause cannot be read", e);
    }
  }
}
