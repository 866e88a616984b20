package io.centralita.proxy;

import io.centralita.outside.Gate.Lane;
import io.centralita.proxy.ExitDesk.Await;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Those who wait for a way out, by owner. Belongs to the {@link ExitDesk}. */
final class Waiters {

  private static final class Queue {
    final ArrayDeque<Await> awaits = new ArrayDeque<>();
    String told = "";
  }

  private final Map<String, Queue> byOwner = new HashMap<>();

  boolean isEmpty() {
    return byOwner.isEmpty();
  }

  boolean hasAnyOf(String owner) {
    return byOwner.containsKey(owner);
  }

  /**
   * Somebody more waits.
   *
   * @param why empty where there is nothing to tell
   */
  void add(Await await, String why) {
    var queue = byOwner.computeIfAbsent(await.owner(), _ -> new Queue());
    if (!why.equals(queue.told)) {
      tell(queue, why);
    }
    if (await.lane() == Lane.URGENT) {
      queue.awaits.addFirst(await);
    } else {
      queue.awaits.addLast(await);
    }
    if (!why.isEmpty()) {
      await.waiting().accept(why);
    }
  }

  /**
   * Lets go on who has a way, of each owner so many at most: there may be far fewer sessions than
   * look-ups that wait for them.
   *
   * @return whether more of them wait
   */
  boolean release(Predicate<String> hasWay, int most) {
    var more = false;
    var queues = byOwner.entrySet().iterator();
    while (queues.hasNext()) {
      var queue = queues.next();
      var awaits = queue.getValue().awaits;
      if (hasWay.test(queue.getKey())) {
        for (var left = most; left > 0 && !awaits.isEmpty(); ) {
          left -=
              awaits.removeFirst().usable().complete(null) ? 1 : 0; // or nobody wants it any more
        }
        more |= !awaits.isEmpty();
      }
      if (awaits.isEmpty()) {
        queues.remove();
      }
    }
    return more;
  }

  /**
   * Tells them why they wait, where that has changed.
   *
   * @param why an owner's calls have no way; empty where there is nothing to tell
   */
  void tell(UnaryOperator<String> why) {
    byOwner.forEach(
        (owner, queue) -> {
          var now = why.apply(owner);
          if (!now.equals(queue.told)) {
            tell(queue, now);
          }
        });
  }

  private static void tell(Queue queue, String why) {
    queue.told = why;
    queue.awaits.forEach(await -> await.waiting().accept(why)); // also that there is none any more
  }

  /** Forgets those who do not wait any more. */
  void tidy() {
    byOwner
        .values()
        .removeIf(
            queue -> {
              queue.awaits.removeIf(await -> await.usable().isDone());
              return queue.awaits.isEmpty();
            });
  }
}
