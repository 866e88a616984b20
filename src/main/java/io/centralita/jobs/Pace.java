package io.centralita.jobs;

import io.centralita.outside.FairQueue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * How many windows of one kind a node works on at once, shared evenly between owners: an owner of a
 * hundred runs gets as many turns as the owner of one. Bounds the memory that runs at work can
 * take; who waits needs no slot, and keeps little ({@link Workers}).
 */
final class Pace extends AbstractMatchingBehavior<Pace.Message> {

  sealed interface Message {}

  /** Asks for one slot; answered by {@link RunCommand.Granted} when it is the owner's turn. */
  record Request(String owner, ActorRef<RunCommand> run) implements Message {}

  /** Gives one slot back. */
  record Release(ActorRef<RunCommand> run) implements Message {}

  /** Forgets what the run asked for and has not been granted. */
  record Withdraw(ActorRef<RunCommand> run) implements Message {}

  /** What operators hold back, from now on. */
  record Held(List<Hold> holds) implements Message {}

  private record Gone(ActorRef<RunCommand> run) implements Message {}

  private final ActorContext<Message> context;
  private final FairQueue<ActorRef<RunCommand>> queue = new FairQueue<>();
  private final Map<ActorRef<RunCommand>, Integer> held = new HashMap<>();
  private final Map<ActorRef<RunCommand>, String> owners = new HashMap<>();
  private final Map<ActorRef<RunCommand>, Hold> told = new HashMap<>();
  private List<Hold> holds = List.of();
  private boolean holdsKnown;
  private int free;

  private Pace(ActorContext<Message> context, int slots, boolean holdsKnown) {
    super(context);
    this.context = context;
    this.free = slots;
    this.holdsKnown = holdsKnown;
  }

  /** Grants at once. */
  static Behavior<Message> create(int slots) {
    return Behaviors.setup(context -> new Pace(context, slots, true));
  }

  /** Grants nothing before it has been told what is held: a start must not undo a pause. */
  static Behavior<Message> heldAtFirst(int slots) {
    return Behaviors.setup(context -> new Pace(context, slots, false));
  }

  @Override
  public Behavior<Message> onMessage(Message message) {
    switch (message) {
      case Request r -> {
        if (owners.put(r.run(), r.owner()) == null) {
          context.watchWith(r.run(), new Gone(r.run()));
        }
        var hold = Hold.of(holds, r.owner());
        if (hold.isPresent()) {
          tell(r.run(), hold.get());
        } else {
          queue.add(r.owner(), r.run());
        }
      }
      case Release r -> release(r.run());
      case Withdraw w -> queue.removeIf(w.run()::equals);
      case Held h -> held(h.holds());
      case Gone g -> {
        owners.remove(g.run());
        told.remove(g.run());
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

  private void held(List<Hold> now) {
    holds = now;
    holdsKnown = true;
    queue.removeIf(run -> Hold.of(holds, owners.getOrDefault(run, "")).isPresent());
    owners.forEach(
        (run, owner) -> {
          var hold = Hold.of(holds, owner);
          if (hold.isPresent()) {
            if (!hold.get().equals(told.get(run))) {
              tell(run, hold.get());
            }
          } else if (told.remove(run) != null) {
            run.tell(new RunCommand.Held(null));
          }
        });
  }

  /** A run that is held gives its slots back, and asks anew when it is told that it may go on. */
  private void tell(ActorRef<RunCommand> run, Hold hold) {
    told.put(run, hold);
    run.tell(new RunCommand.Held(hold.pause()));
  }

  private void grant() {
    while (holdsKnown && free > 0 && !queue.isEmpty()) {
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
