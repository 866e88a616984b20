package io.centralita.http;

import static org.apache.pekko.http.javadsl.server.Directives.completeOK;
import static org.apache.pekko.http.javadsl.server.Directives.respondWithHeader;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.marshalling.sse.EventStreamMarshalling;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.sse.ServerSentEvent;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Server-sent events. Every open stream ends when the node begins to stop: none would end by
 * itself, and the server waits for requests under way.
 */
public final class EventStream {
  // Below the server's idle time-out and what proxies usually allow.
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final SharedKillSwitch untilStop = KillSwitches.shared("event-streams");

  public EventStream(ActorSystem<?> system) {
    CoordinatedShutdown.get(system)
        .addTask(
            CoordinatedShutdown.PhaseBeforeServiceUnbind(),
            "end-event-streams",
            () -> {
              untilStop.shutdown();
              return CompletableFuture.completedStage(Done.getInstance());
            });
  }

  /** Answers with one event of this name for each value, the value's JSON as its data. */
  public Route of(String event, Source<?, NotUsed> values) {
    var events =
        values
            .map(value -> ServerSentEvent.create(Json.text(value), event))
            .via(untilStop.flow())
            .keepAlive(HEARTBEAT, ServerSentEvent::heartbeat);
    // nginx would gather the events and send them late.
    return respondWithHeader(
        RawHeader.create("X-Accel-Buffering", "no"),
        () -> completeOK(events, EventStreamMarshalling.toEventStream()));
  }
}
