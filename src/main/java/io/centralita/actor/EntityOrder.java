package io.centralita.actor;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/**
 * What an operator may tell any entity. An entity has one command that carries an order, and
 * answers it with an exhaustive switch. Orders never leave the JVM: they come from the entity's own
 * node.
 */
public sealed interface EntityOrder {

  /** Tell what you are and what you are at. */
  record Inspect(ActorRef<Inspection> replyTo) implements EntityOrder {}

  /**
   * Leave memory, where nothing is lost by it. Refused by an entity that would no longer do what it
   * is there for; the reply is a sentence.
   *
   * @param dryRun only say what would happen
   */
  record Passivate(boolean dryRun, ActorRef<StatusReply<String>> replyTo) implements EntityOrder {}

  /**
   * Begin again from the journal, children too; the reply is a sentence.
   *
   * @param dryRun only say what would happen
   */
  record Restart(boolean dryRun, ActorRef<StatusReply<String>> replyTo) implements EntityOrder {}

  /** Thrown by an entity that was told to restart, and caught by its supervisor. */
  final class RestartRequested extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RestartRequested() {
      super("an operator asked for it", null, false, false);
    }
  }
}
