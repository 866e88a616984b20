package io.centralita.jobs;

import io.centralita.actor.CborSerializable;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a run is, as others see it.
 *
 * @param revision grows with every event; of two views the one with the higher revision is newer
 * @param rate items dealt with in a second, over the last ten seconds or so; 0 while nothing moves
 * @param waiting why nothing moves although the run may; empty where it moves
 */
public record Progress(
    String id,
    long revision,
    RunState.Status status,
    int windows,
    long items,
    int round,
    Map<String, Long> counts,
    RunState.@Nullable Pause pause,
    @Nullable Instant finishedAt,
    double rate,
    String waiting,
    String failure)
    implements CborSerializable {

  static Progress of(String id, long revision, RunState state, double rate, String waiting) {
    return new Progress(
        id,
        revision,
        state.status(),
        state.windows(),
        state.items(),
        state.round().number(),
        state.round().counts(),
        state.pause(),
        state.finishedAt(),
        rate,
        waiting,
        state.failure());
  }

  /** The items dealt with, whatever their outcome. */
  public long dealtWith() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
