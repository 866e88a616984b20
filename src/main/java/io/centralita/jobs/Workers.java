package io.centralita.jobs;

import io.centralita.actor.Inspection;
import io.centralita.jobs.RunCommand.Waiting;
import io.centralita.jobs.RunCommand.WindowFailed;
import io.centralita.jobs.RunCommand.WindowLeft;
import io.centralita.jobs.RunCommand.WindowReady;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * A run's children: one for each window under way, each with one of the node's slots while it gets
 * on.
 *
 * <p>A slot is for work, and who waits may wait for ever. A window that failed gives its slot back
 * and is not tried again before it has one. A lane in which nothing moves and something waits gives
 * all its slots back, and keeps the first window that waits, which notices when the wait is over:
 * the others are given up and done later. That window asks for a slot as soon as it moves, and does
 * not stop for it: what it holds is in memory already. So beyond the slots at most one window of
 * each such lane goes on.
 */
final class Workers {
  private final RunKind kind;
  private final String id;
  private final ActorContext<RunCommand> context;
  private final ActorRef<Pace.Message> pace;

  private enum Going {
    MOVES,
    WAITS,
    FAILS
  }

  /** A window under way, and how it goes. */
  private static final class Child {
    final long number;
    final ActorRef<WindowWorker.Message> worker;
    final Instant since;
    int tries = 1;
    Going going = Going.MOVES;
    String reason = "";
    boolean hasSlot = true;
    boolean ready; // to begin with a try, as soon as it has a slot
    boolean givenUp;

    Child(long number, ActorRef<WindowWorker.Message> worker, Instant since) {
      this.number = number;
      this.worker = worker;
      this.since = since;
    }

    boolean wantsSlot() {
      return !hasSlot && !givenUp && (ready || going == Going.MOVES);
    }

    boolean is(Going one) {
      return !givenUp && going == one;
    }
  }

  /** An equal part of the windows, from the one up to the other, which is not in it. */
  private record Lane(int from, int to) {
    static List<Lane> of(RunState state) {
      var size = state.windows() / state.lanes();
      return IntStream.range(0, state.lanes())
          .mapToObj(
              lane ->
                  new Lane(
                      lane * size, lane == state.lanes() - 1 ? state.windows() : (lane + 1) * size))
          .toList();
    }
  }

  private final TreeMap<Integer, Child> byWindow = new TreeMap<>();
  private int slotsAsked;
  private long spawned;

  Workers(RunKind kind, String id, ActorContext<RunCommand> context, ActorRef<Pace.Message> pace) {
    this.kind = kind;
    this.id = id;
    this.context = context;
    this.pace = pace;
  }

  /** Gives back the slots of whoever waits, and asks for as many as can be made use of. */
  void proceed(RunState state) {
    if (state.status() != RunState.Status.PROCESSING) {
      return;
    }
    Lane.of(state).forEach(this::rest);
    var wanted = byWindow.values().stream().filter(Child::wantsSlot).count() + next(state).size();
    while (slotsAsked < wanted) {
      slotsAsked++;
      pace.tell(new Pace.Request(state.owner(), context.getSelf()));
    }
  }

  private void rest(Lane lane) {
    var first = standstill(lane);
    if (first.isEmpty()) {
      return;
    }
    byWindow
        .subMap(lane.from(), lane.to())
        .forEach(
            (window, child) -> {
              if (child.is(Going.WAITS)) {
                release(child);
                if (window != first.getAsInt()) {
                  child.givenUp = true;
                  child.worker.tell(WindowWorker.Order.GIVE_UP);
                }
              }
            });
  }

  /** The first window that waits, of a lane in which nothing moves. */
  private OptionalInt standstill(Lane lane) {
    var underWay = byWindow.subMap(lane.from(), lane.to());
    return underWay.values().stream().anyMatch(child -> child.is(Going.MOVES))
        ? OptionalInt.empty()
        : underWay.entrySet().stream()
            .filter(entry -> entry.getValue().is(Going.WAITS))
            .mapToInt(entry -> entry.getKey())
            .findFirst();
  }

  /**
   * Uses the slot that was asked for: for a window under way that has none, else for the next one.
   * Gives it back where nobody needs it any more.
   */
  void granted(RunState state, Instant now) {
    var child = byWindow.values().stream().filter(Child::wantsSlot).findFirst();
    var next = next(state);
    if (child.isEmpty() && next.isEmpty()) {
      giveBack();
      return;
    }
    slotsAsked = Math.max(0, slotsAsked - 1);
    if (child.isPresent()) {
      child.get().hasSlot = true;
      go(child.get());
    } else {
      begin(state, next.getFirst(), now);
    }
  }

  private void begin(RunState state, int window, Instant now) {
    var number = spawned++;
    var task = new WindowWorker.Task(kind, id, window, number, state, context.getSelf());
    // Numbered, because a stopped child of the same window may not be quite gone yet.
    var worker = context.spawn(WindowWorker.create(task), "window-" + window + "-" + number);
    byWindow.put(window, new Child(number, worker, now));
  }

  private static void go(Child child) {
    if (child.ready && child.hasSlot) {
      child.ready = false;
      child.worker.tell(WindowWorker.Order.GO);
    }
  }

  private void release(Child child) {
    if (child.hasSlot) {
      child.hasSlot = false;
      pace.tell(new Pace.Release(context.getSelf()));
    }
  }

  /** Does without a slot that was asked for. */
  void giveBack() {
    slotsAsked = Math.max(0, slotsAsked - 1);
    pace.tell(new Pace.Release(context.getSelf()));
  }

  /**
   * The windows that may begin, as many as there may be, in this order: each is the first that is
   * neither finished nor under way, of the lane that then has the fewest under way. One that stands
   * still begins with nothing behind the window that waits.
   */
  private List<Integer> next(RunState state) {
    if (state.status() != RunState.Status.PROCESSING) {
      return List.of();
    }
    var lanes = Lane.of(state);
    var underWay = new TreeSet<>(byWindow.keySet());
    var next = new ArrayList<Integer>();
    while (underWay.size() < kind.windowsAtOnce()) {
      var best = -1;
      var fewest = Integer.MAX_VALUE;
      for (var lane : lanes) {
        var window = next(state, underWay, lane.from());
        var busy = underWay.subSet(lane.from(), lane.to()).size();
        if (window < standstill(lane).orElse(lane.to()) && busy < fewest) {
          best = window;
          fewest = busy;
        }
      }
      if (best < 0) {
        break;
      }
      underWay.add(best);
      next.add(best);
    }
    return next;
  }

  private static int next(RunState state, Set<Integer> underWay, int from) {
    var window = state.round().done().nextAbsent(from);
    while (underWay.contains(window)) {
      window = state.round().done().nextAbsent(window + 1);
    }
    return window;
  }

  /** Since when the window was under way; empty where it was not. */
  Optional<Instant> finished(int window) {
    var child = byWindow.remove(window);
    if (child != null) {
      release(child);
    }
    return Optional.ofNullable(child).map(done -> done.since);
  }

  /** A child is about to try its window, for the first time or once more. */
  void ready(WindowReady c) {
    child(c.window(), c.child())
        .ifPresent(
            child -> {
              child.ready = true;
              go(child);
            });
  }

  void failed(WindowFailed c) {
    child(c.window(), c.child())
        .ifPresent(
            child -> {
              child.tries++;
              child.going = Going.FAILS;
              child.reason = "an error, tried again: " + c.failure();
              release(child);
            });
  }

  /** Notes why a window does not move, or that it does. */
  void waits(Waiting c) {
    child(c.window(), c.child())
        .ifPresent(
            child -> {
              child.going = c.reason().isEmpty() ? Going.MOVES : Going.WAITS;
              child.reason = c.reason();
            });
  }

  /** A window that was given up has nothing under way any more. */
  void left(WindowLeft c) {
    child(c.window(), c.child())
        .ifPresent(
            child -> {
              byWindow.remove(c.window());
              release(child);
            });
  }

  /** Empty where the child has been stopped meanwhile: its window may have another. */
  private Optional<Child> child(int window, long number) {
    return Optional.ofNullable(byWindow.get(window)).filter(child -> child.number == number);
  }

  /** The windows under way, as an operator sees them. */
  List<Inspection.Child> children() {
    return byWindow.entrySet().stream()
        .map(
            entry ->
                new Inspection.Child(
                    "window " + entry.getKey(),
                    entry.getValue().since,
                    entry.getValue().tries,
                    entry.getValue().reason))
        .toList();
  }

  /**
   * Why nothing moves: empty unless every window under way waits for something. The first one's
   * reason is told, for the others may wait for it.
   */
  String waiting() {
    var reasons =
        byWindow.values().stream()
            .filter(child -> !child.givenUp)
            .map(child -> child.reason)
            .toList();
    return reasons.isEmpty() || reasons.contains("") ? "" : reasons.getFirst();
  }

  void stopAll() {
    byWindow
        .values()
        .forEach(
            child -> {
              context.stop(child.worker);
              release(child);
            });
    byWindow.clear();
    pace.tell(new Pace.Withdraw(context.getSelf()));
    slotsAsked = 0;
  }
}
