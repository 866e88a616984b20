package io.centralita.jobs;

import io.centralita.outside.FairQueue;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * How many windows of one kind a node works on at once, shared evenly between owners: an owner of a
 * hundred runs gets as many turns as the owner of one. Bounds the memory that runs can take.
 */
final class Pace extends AbstractMatchingBehavior<Pace.Message> {

  sealed interface Message {}

  /** Asks for one slot; answered by {@link RunCommand.Granted} when it is the owner's turn. */
  record Request(String owner, ActorRef<RunCommand> run) implements Message {}

  /** Gives one slot back. */
  record Release(ActorRef<RunCommand> run) implements Message {}

  /** Forgets what the run asked for and has not been granted. */
  record Withdraw(ActorRef<RunCommand> run) implements Message {}

  private record Gone(ActorRef<RunCommand> run) implements Message {}

  private final ActorContext<Message> context;
  private final FairQueue<ActorRef<RunCommand>> queue = new FairQueue<>();
  private final Map<ActorRef<RunCommand>, Integer> held = new HashMap<>();
  private final java.util.Set<ActorRef<RunCommand>> watched = new java.util.HashSet<>();
  private int free;

  private Pace(ActorContext<Message> context, int slots) {
    super(context);
    this.context = context;
    this.free = slots;
  }

  static Behavior<Message> create(int slots) {
    return Behaviors.setup(context -> new Pace(context, slots));
  }

  @Override
  public Behavior<Message> onMessage(Message message) {
    switch (message) {
      case Request r -> {
        if (watched.add(r.run())) {
          context.watchWith(r.run(), new Gone(r.run()));
        }
        queue.add(r.owner(), r.run());
      }
      case Release r -> release(r.run());
      case Withdraw w -> queue.removeIf(w.run()::equals);
      case Gone g -> {
        watched.remove(g.run());
        queue.removeIf(g.run()::equals);
        free += held.getOrDefault(g.run(), 0);
        held.remove(g.run());
      }
    }
    grant();
    return this;
  }

  private void release(ActorRef<RunCommand> run) {
    if (held.containsKey(run)) {
      free++;
      held.computeIfPresent(run, (_, slots) -> slots == 1 ? null : slots - 1);
    }
  }

  private void grant() {
    while (free > 0 && !queue.isEmpty()) {
      queue
          .poll()
          .ifPresent(
              run -> {
                free--;
                held.merge(run, 1, Integer::sum);
                run.tell(RunCommand.Granted.SLOT);
              });
    }
  }
}
