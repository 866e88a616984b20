package io.centralita.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.actor.EntityKind;
import io.centralita.http.Json;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.jspecify.annotations.Nullable;

/** A run's state as operators read it: windows as ranges, not as bits. */
record RunView(
    RunState.Status status,
    String owner,
    int windows,
    long items,
    Round round,
    RunState.@Nullable Pause pause,
    @Nullable Instant finishedAt,
    String failure) {

  record Round(
      int number,
      int fresh,
      @Nullable Instant since,
      int done,
      String doneWindows,
      String unsettledWindows,
      Map<String, Long> counts) {}

  static JsonNode state(RunState state) {
    var round = state.round();
    return Json.MAPPER.valueToTree(
        new RunView(
            state.status(),
            state.owner(),
            state.windows(),
            state.items(),
            new Round(
                round.number(),
                round.fresh(),
                round.since(),
                round.done().size(),
                round.done().ranges(),
                round.unsettled().ranges(),
                new java.util.TreeMap<>(round.counts())),
            state.pause(),
            state.finishedAt(),
            state.failure()));
  }

  static EntityKind kind(
      EntityTypeKey<RunCommand> key, String pausing, EntityKind.Projection projection) {
    return new EntityKind(
        key,
        Arrays.stream(RunState.Status.values()).map(Enum::name).toList(),
        pausing,
        projection,
        new EntityKind.Replay<>(
            RunState.EMPTY,
            RunEvent.class,
            RunState::apply,
            RunView::state,
            Json.MAPPER::valueToTree));
  }
}
