package io.centralita.actor;

import io.centralita.actor.EntityOrder.Inspect;
import io.centralita.actor.EntityOrder.Passivate;
import io.centralita.actor.EntityOrder.Restart;
import io.centralita.actor.EntityOrder.RestartRequested;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.javadsl.SignalHandlerBuilder;

/**
 * An entity under operators' eyes, at one moment: what each type answers for itself. What all do
 * alike is here, too.
 *
 * @param inspection what it says of itself
 * @param stays why it may not leave memory, as a sentence; empty where it may
 * @param again what becomes of its work when it begins again, as a clause
 * @param passivate lets it leave memory
 * @param lastWords answers those who would wait in vain when it begins again
 */
public record Overseen(
    Supplier<Inspection> inspection,
    String stays,
    String again,
    Runnable passivate,
    Runnable lastWords) {

  /**
   * An entity that is in {@link LiveEntities} for as long as it lives, and begins again where an
   * operator asks for it.
   *
   * @param ordered makes a command of an operator's order
   * @param entity the entity, given where it keeps its numbers
   */
  public static <C> Behavior<C> behavior(
      LiveEntities live,
      EntityTypeKey<C> key,
      Class<C> commands,
      String id,
      Function<EntityOrder, C> ordered,
      Function<Vitals, Behavior<C>> entity) {
    return Behaviors.setup(
        outer -> {
          var self = outer.getSelf();
          var vitals = live.begin(key.name(), id, self, order -> self.tell(ordered.apply(order)));
          return vitals.watching(
              commands,
              Behaviors.supervise(entity.apply(vitals))
                  .onFailure(
                      RestartRequested.class,
                      SupervisorStrategy.restart().withLoggingEnabled(false)));
        });
  }

  /** Notes when the entity begins again because its journal is away. */
  public static <S> SignalHandlerBuilder<S> watch(SignalHandlerBuilder<S> signals, Vitals vitals) {
    return signals
        .onSignal(
            RecoveryFailed.class,
            (_, signal) -> vitals.restarting("the journal cannot be read: " + signal.failure()))
        .onSignal(
            JournalPersistFailed.class,
            (_, signal) -> vitals.restarting("the journal cannot be written: " + signal.failure()));
  }

  /** Does as it is told, and answers; does not return where it begins again. */
  public void obey(EntityOrder order, Vitals vitals) {
    switch (order) {
      case Inspect o -> o.replyTo().tell(inspection.get());
      case Passivate o when !stays.isEmpty() -> o.replyTo().tell(StatusReply.error(stays));
      case Passivate o -> {
        if (!o.dryRun()) {
          passivate.run();
        }
        o.replyTo().tell(StatusReply.success("it leaves memory"));
      }
      case Restart o -> {
        o.replyTo().tell(StatusReply.success("it begins again from its journal; " + again));
        if (!o.dryRun()) {
          var asked = new RestartRequested();
          lastWords.run();
          vitals.restarting(String.valueOf(asked.getMessage()));
          throw asked;
        }
      }
    }
  }
}
