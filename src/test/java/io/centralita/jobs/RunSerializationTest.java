package io.centralita.jobs;

import com.typesafe.config.ConfigFactory;
import io.centralita.actor.Cause;
import io.centralita.actor.CborSerializable;
import io.centralita.jobs.RunEvent.Cancelled;
import io.centralita.jobs.RunEvent.Extended;
import io.centralita.jobs.RunEvent.Failed;
import io.centralita.jobs.RunEvent.Paused;
import io.centralita.jobs.RunEvent.Reopened;
import io.centralita.jobs.RunEvent.Resumed;
import io.centralita.jobs.RunEvent.WindowFinished;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is journalled, kept as a snapshot or sent to another node comes back as it was. */
final class RunSerializationTest {
  private static final ActorTestKit kit =
      ActorTestKit.create(
          ConfigFactory.parseString("pekko.actor.provider = local")
              .withFallback(ConfigFactory.load()));
  private static final Instant AT = Instant.parse("2026-01-06T12:00:00.123456Z");
  private static final Cause ANA = new Cause("ana", "why", "r1");

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  static List<CborSerializable> values() {
    var events =
        List.of(
            new Extended("ana", 500, 5, 250_000, ANA, AT),
            new WindowFinished(0, Map.of("FOUND", 400L, "FAILED", 100L), false, AT),
            new WindowFinished(499, Map.of("FOUND", 500L), true, AT),
            new Paused(ANA, AT.plusSeconds(60), AT),
            new Resumed(ANA, AT),
            new Failed("broken", AT),
            new Reopened(true, Map.of(), ANA, AT),
            new Reopened(false, Map.of("FOUND", 3L), ANA, AT),
            new Cancelled(ANA, AT));
    var states = new ArrayList<CborSerializable>(events);
    var state = RunState.EMPTY;
    states.add(state);
    for (var event : events) {
      state = state.apply(event);
      states.add(state);
    }
    states.add(Progress.of("1", 7, state, 1.5, "waiting"));
    return states;
  }

  @ParameterizedTest
  @MethodSource("values")
  void value_writtenAndRead_isTheSame(CborSerializable value) {
    kit.serializationTestKit().verifySerialization(value, true);
  }
}
