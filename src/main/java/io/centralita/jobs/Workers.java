package io.centralita.jobs;

import io.centralita.actor.Inspection;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** A run's children: one for each window under way, each holding one of the node's slots. */
final class Workers {
  private final RunKind kind;
  private final String id;
  private final ActorContext<RunCommand> context;
  private final ActorRef<Pace.Message> pace;

  /** A window under way, and how it goes. */
  private static final class Child {
    final ActorRef<WindowWorker.Message> worker;
    final Instant since;
    int tries = 1;

    Child(ActorRef<WindowWorker.Message> worker, Instant since) {
      this.worker = worker;
      this.since = since;
    }
  }

  private final Map<Integer, Child> byWindow = new HashMap<>();
  private final SortedMap<Integer, String> waiting = new TreeMap<>();
  private int slotsAsked;
  private long spawned;

  Workers(RunKind kind, String id, ActorContext<RunCommand> context, ActorRef<Pace.Message> pace) {
    this.kind = kind;
    this.id = id;
    this.context = context;
    this.pace = pace;
  }

  /** Asks for as many slots as there are windows to be done at once. */
  void proceed(RunState state) {
    if (state.status() != RunState.Status.PROCESSING) {
      return;
    }
    var open = state.windows() - state.round().done().size() - byWindow.size();
    var wanted = Math.min(open, kind.windowsAtOnce() - byWindow.size());
    while (slotsAsked < wanted) {
      slotsAsked++;
      pace.tell(new Pace.Request(state.owner(), context.getSelf()));
    }
  }

  /** Takes the slot that was asked for, or gives it back where no window needs it any more. */
  void granted(RunState state, Instant now) {
    var window = next(state);
    if (window < 0 || byWindow.size() >= kind.windowsAtOnce()) {
      giveBack();
      return;
    }
    slotsAsked = Math.max(0, slotsAsked - 1);
    var task = new WindowWorker.Task(kind, id, window, state, context.getSelf());
    // Numbered, because a stopped child of the same window may not be quite gone yet.
    var name = "window-" + window + "-" + spawned++;
    byWindow.put(window, new Child(context.spawn(WindowWorker.create(task), name), now));
  }

  /** Does without a slot that was asked for. */
  void giveBack() {
    slotsAsked = Math.max(0, slotsAsked - 1);
    pace.tell(new Pace.Release(context.getSelf()));
  }

  /**
   * The first window that is neither finished nor under way, of the lane that has the fewest under
   * way: one that stands still keeps those that it has, and no more. -1 where there is none.
   */
  private int next(RunState state) {
    if (state.status() != RunState.Status.PROCESSING) {
      return -1;
    }
    var best = -1;
    var fewest = Integer.MAX_VALUE;
    var size = state.windows() / state.lanes();
    for (var lane = 0; lane < state.lanes(); lane++) {
      var from = lane * size;
      var to = lane == state.lanes() - 1 ? state.windows() : from + size;
      var window = next(state, from);
      var underWay = byWindow.keySet().stream().filter(one -> one >= from && one < to).count();
      if (window < to && underWay < fewest) {
        best = window;
        fewest = (int) underWay;
      }
    }
    return best;
  }

  private int next(RunState state, int from) {
    var window = state.round().done().nextAbsent(from);
    while (byWindow.containsKey(window)) {
      window = state.round().done().nextAbsent(window + 1);
    }
    return window;
  }

  /** Since when the window was under way; empty where it was not. */
  Optional<Instant> finished(int window) {
    waiting.remove(window);
    var child = byWindow.remove(window);
    if (child != null) {
      pace.tell(new Pace.Release(context.getSelf()));
    }
    return Optional.ofNullable(child).map(done -> done.since);
  }

  void failed(int window) {
    var child = byWindow.get(window);
    if (child != null) {
      child.tries++;
    }
  }

  /** The windows under way, as an operator sees them. */
  List<Inspection.Child> children() {
    return byWindow.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            entry ->
                new Inspection.Child(
                    "window " + entry.getKey(),
                    entry.getValue().since,
                    entry.getValue().tries,
                    waiting.getOrDefault(entry.getKey(), "")))
        .toList();
  }

  /** Notes why a window does not move; true where that changes what is to be shown. */
  boolean waits(int window, String reason) {
    var before = waiting();
    if (reason.isEmpty() || !byWindow.containsKey(window)) {
      waiting.remove(window);
    } else {
      waiting.put(window, reason);
    }
    return !before.equals(waiting());
  }

  /**
   * Why nothing moves: empty unless every window under way waits for something. The first one's
   * reason is told, for the others may wait for it.
   */
  String waiting() {
    return waiting.isEmpty() || waiting.size() < byWindow.size()
        ? ""
        : waiting.values().iterator().next();
  }

  void stopAll() {
    byWindow.forEach(
        (_, child) -> {
          context.stop(child.worker);
          pace.tell(new Pace.Release(context.getSelf()));
        });
    byWindow.clear();
    waiting.clear();
    pace.tell(new Pace.Withdraw(context.getSelf()));
    slotsAsked = 0;
  }
}
