package io.centralita.jobs;

import io.centralita.actor.EntityKind;
import io.centralita.actor.MailboxTimes;
import io.centralita.jobs.RunState.Status;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSource;
import org.jspecify.annotations.Nullable;

/** All runs of one kind, wherever in the cluster each of them lives. */
public final class Runs {

  /** A run that was moved to another node has forgotten who watches it. */
  private static final Duration WATCH_AGAIN = Duration.ofSeconds(10);

  private final ActorSystem<?> system;
  private final ClusterSharding sharding;
  private final RunKind kind;
  private final Timeouts timeouts;

  /**
   * How long is waited for a run.
   *
   * @param answer by those who tell it something
   * @param view by those who only look, and can do with its row
   */
  public record Timeouts(Duration answer, Duration view) {}

  private Runs(ActorSystem<?> system, ClusterSharding sharding, RunKind kind, Timeouts timeouts) {
    this.system = system;
    this.sharding = sharding;
    this.kind = kind;
    this.timeouts = timeouts;
  }

  /**
   * Lets runs of this kind live on this node.
   *
   * @param slots windows of this kind that this node works on at once
   */
  public static Runs init(
      ActorContext<?> guardian, RunKind kind, int slots, Timeouts timeouts, Oversight oversight) {
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
    return new Runs(system, sharding, kind, timeouts);
  }

  /**
   * Tells a run something and gives its answer. A refusal fails the stage with {@link
   * StatusReply.ErrorMessage}.
   */
  public CompletionStage<Progress> ask(
      String id, Function<ActorRef<StatusReply<Progress>>, RunCommand> command) {
    return ref(id).askWithStatus(command::apply, timeouts.answer());
  }

  /**
   * How far a run is, as it says itself; empty where it does not answer soon, as while it moves to
   * another node: then its row has to do.
   */
  public CompletionStage<Optional<Progress>> now(String id) {
    return ref(id)
        .<Progress>askWithStatus(RunCommand.Get::new, timeouts.view())
        .handle(Runs::orSilent);
  }

  private static Optional<Progress> orSilent(
      @Nullable Progress progress, @Nullable Throwable failure) {
    if (progress != null) {
      return Optional.of(progress);
    }
    var cause = failure instanceof CompletionException e ? e.getCause() : failure;
    if (cause instanceof TimeoutException) {
      return Optional.empty();
    }
    throw failure instanceof CompletionException e ? e : new CompletionException(failure);
  }

  /** A run's progress now, and whenever it changes, until it is completed or removed. */
  public Source<Progress, NotUsed> progress(String id) {
    return ActorSource.<Progress>actorRef(
            _ -> false, _ -> Optional.empty(), 4, OverflowStrategy.dropHead())
        .watchTermination(
            (watcher, ended) -> {
              var again =
                  system
                      .scheduler()
                      .scheduleAtFixedRate(
                          Duration.ZERO,
                          WATCH_AGAIN,
                          () -> ref(id).tell(new RunCommand.Watch(watcher)),
                          system.executionContext());
              ended.whenComplete((_, _) -> again.cancel());
              return NotUsed.getInstance();
            })
        .takeWhile(progress -> progress.status() != Status.CANCELLED)
        .takeWhile(progress -> progress.status() != Status.COMPLETED, true);
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
