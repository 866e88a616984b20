package io.centralita.lookup;

import io.centralita.outside.Gate.Lane;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Look-ups that wait until a session is given back: people's go first, then one of each owner in
 * turn. Thread-safe.
 */
final class SessionWaiters {
  /** Somebody who waits; told apart by identity. */
  private static final class Waiter {
    final String owner;
    final CompletableFuture<Void> given = new CompletableFuture<>();

    Waiter(String owner) {
      this.owner = owner;
    }
  }

  // All guarded by this
  private final Set<Waiter> urgent = new LinkedHashSet<>();
  private final Map<String, Set<Waiter>> ordinary = new LinkedHashMap<>();

  /** One more; it is forgotten when it completes, or is cancelled. */
  CompletableFuture<Void> add(String owner, Lane lane) {
    var comer = new Waiter(owner);
    synchronized (this) {
      switch (lane) {
        case URGENT -> urgent.add(comer);
        case ORDINARY -> ordinary.computeIfAbsent(owner, _ -> new LinkedHashSet<>()).add(comer);
      }
    }
    var _ = comer.given.whenComplete((_, _) -> forget(comer));
    return comer.given;
  }

  private synchronized void forget(Waiter gone) {
    urgent.remove(gone);
    var his = ordinary.get(gone.owner);
    if (his != null && his.remove(gone) && his.isEmpty()) {
      ordinary.remove(gone.owner);
    }
  }

  /** Lets one go on, of the owners that the condition names. */
  void releaseOne(Predicate<String> owners) {
    var next = next(owners);
    while (next.isPresent() && !next.get().given.complete(null)) { // cancelled just now
      next = next(owners);
    }
  }

  private synchronized Optional<Waiter> next(Predicate<String> owners) {
    var person = urgent.stream().filter(one -> owners.test(one.owner)).findFirst();
    if (person.isPresent()) {
      urgent.remove(person.get());
      return person;
    }
    var turn = ordinary.keySet().stream().filter(owners).findFirst();
    if (turn.isEmpty()) {
      return Optional.empty();
    }
    var his = Objects.requireNonNull(ordinary.remove(turn.get()));
    var next = his.iterator().next();
    his.remove(next);
    if (!his.isEmpty()) {
      ordinary.put(turn.get(), his); // behind all others
    }
    return Optional.of(next);
  }
}
