package io.centralita.jobs;

import io.centralita.actor.EntityKind;
import io.centralita.actor.MailboxTimes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.pattern.StatusReply;

/** All runs of one kind, wherever in the cluster each of them lives. */
public final class Runs {
  private final ClusterSharding sharding;
  private final RunKind kind;
  private final Duration askTimeout;

  private Runs(ClusterSharding sharding, RunKind kind, Duration askTimeout) {
    this.sharding = sharding;
    this.kind = kind;
    this.askTimeout = askTimeout;
  }

  /**
   * Lets runs of this kind live on this node.
   *
   * @param slots windows of this kind that this node works on at once
   */
  public static Runs init(
      ActorContext<?> guardian, RunKind kind, int slots, Duration askTimeout, Oversight oversight) {
    ActorSystem<?> system = guardian.getSystem();
    var pace =
        guardian.spawn(
            Pace.heldAtFirst(slots),
            "pace-" + kind.key().name(),
            DispatcherSelector.defaultDispatcher());
    oversight.holds().listen(holds -> pace.tell(new Pace.Held(holds)));
    var sharding = ClusterSharding.get(system);
    sharding.init(
        Entity.of(
                kind.key(),
                entity ->
                    Run.create(
                        kind,
                        entity.getEntityId(),
                        pace,
                        entity.getShard(),
                        oversight.live(),
                        InstantSource.system()))
            .withEntityProps(MailboxTimes.MEASURED)
            .withStopMessage(RunCommand.Stop.STOP));
    return new Runs(sharding, kind, askTimeout);
  }

  /**
   * Tells a run something and gives its answer. A refusal fails the stage with {@link
   * StatusReply.ErrorMessage}.
   */
  public CompletionStage<Progress> ask(
      String id, Function<ActorRef<StatusReply<Progress>>, RunCommand> command) {
    return ask(id, command, askTimeout);
  }

  /** As {@link #ask(String, Function)}, for those who would rather do without than wait so long. */
  public CompletionStage<Progress> ask(
      String id, Function<ActorRef<StatusReply<Progress>>, RunCommand> command, Duration timeout) {
    return ref(id).askWithStatus(command::apply, timeout);
  }

  public void tell(String id, RunCommand command) {
    ref(id).tell(command);
  }

  /**
   * These runs as operators see them.
   *
   * @param pausing how one is paused, as a sentence
   * @param projection the rows that the kind's view writes
   */
  public EntityKind entityKind(String pausing, EntityKind.Projection projection) {
    return RunView.kind(kind.key(), pausing, projection);
  }

  private EntityRef<RunCommand> ref(String id) {
    return sharding.entityRefFor(kind.key(), id);
  }
}
