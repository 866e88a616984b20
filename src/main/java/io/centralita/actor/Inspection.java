package io.centralita.actor;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/**
 * What an entity says of itself when it is asked.
 *
 * @param stateName one of its kind's states
 * @param state whole, as JSON
 * @param sequenceNr of the last event it has seen
 * @param timers that will wake it
 * @param children what it has others do
 * @param inFlight what was begun and has no durable result yet
 * @param stash commands that it holds back until an event is written
 */
public record Inspection(
    String stateName,
    JsonNode state,
    long sequenceNr,
    List<Timer> timers,
    List<Child> children,
    List<InFlight> inFlight,
    long stash)
    implements CborSerializable {

  public record Timer(String name, Instant due) implements CborSerializable {}

  /**
   * A child actor.
   *
   * @param name what it does, such as {@code window 12}
   * @param tries 1 while nothing went wrong
   * @param waiting what it waits for; empty where it works
   */
  public record Child(String name, Instant since, int tries, String waiting)
      implements CborSerializable {}

  public record InFlight(String what, long count) implements CborSerializable {}
}
