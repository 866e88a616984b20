package io.centralita.ops;

import io.centralita.actor.CborSerializable;
import io.centralita.actor.EntityOrder;
import io.centralita.actor.Inspection;
import io.centralita.actor.Vitals;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What one node's {@link NodeAgent} may be asked by any node. */
sealed interface NodeMessage extends CborSerializable {

  /** How is the node? */
  record Describe(ActorRef<Report> replyTo) implements NodeMessage {}

  /** Which of the node's entities stand out? */
  record StandOut(int most, ActorRef<Board> replyTo) implements NodeMessage {}

  /** Does it live here, and what does it say of itself? */
  record Look(String type, String id, ActorRef<Seen> replyTo) implements NodeMessage {}

  /** Do this to it, if it lives here. */
  record Do(Verb verb, String type, String id, boolean dryRun, ActorRef<Done> replyTo)
      implements NodeMessage {}

  /** The operators' pauses have changed. */
  record HoldsChanged() implements NodeMessage {}

  /** From the agent to itself: an order to an entity, whose own protocol it does not know. */
  record PassOn(Vitals entity, EntityOrder order) implements NodeMessage {}

  /** A safe verb on one entity. */
  enum Verb {
    PASSIVATE,
    RESTART
  }

  /**
   * A node as it sees itself.
   *
   * @param cpu how much of the machine's processors the process uses, 0 to 1
   * @param heapUsed bytes
   * @param entities by type
   * @param shards by type
   */
  record Report(
      String version,
      Instant startedAt,
      double cpu,
      int processors,
      long heapUsed,
      long heapMost,
      Map<String, Integer> entities,
      Map<String, Integer> shards)
      implements CborSerializable {}

  /** Entities that stand out, the most so first. */
  record Board(
      List<Vitals.Snapshot> slowest,
      List<Vitals.Snapshot> busiest,
      List<Vitals.Snapshot> mostRestarted)
      implements CborSerializable {}

  /**
   * @param vitals null where it does not live here
   * @param inspection null where it does not live here, or does not answer
   */
  record Seen(Vitals.@Nullable Snapshot vitals, @Nullable Inspection inspection)
      implements CborSerializable {}

  /**
   * What became of a verb.
   *
   * @param live whether the entity lives here
   * @param effect what it does, or would; empty where it refuses
   * @param refusal why not; empty where it does
   */
  record Done(boolean live, String effect, String refusal) implements CborSerializable {
    static final Done ELSEWHERE = new Done(false, "", "");
  }
}
