package io.centralita.proxy;

import io.centralita.outside.Gate;
import io.centralita.outside.Gate.Lane;
import io.centralita.outside.Gate.Ticket;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This node's calls through one proxy: each is let in by the proxy's limits, which hold over the
 * whole cluster, while it has any. Thread-safe.
 */
final class Calls {
  private final Set<Visit<?>> waiting = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Gate gate;

  /**
   * From now on calls enter by this gate.
   *
   * @param now null where nothing limits them any more; then those go on, too, that wait already
   */
  void enterBy(@Nullable Gate now) {
    gate = now;
    if (now == null) {
      waiting.forEach(Visit::goOn);
    }
  }

  /** Makes a call when it is let in. */
  <T> CompletionStage<T> call(String owner, Lane lane, Supplier<CompletionStage<T>> call) {
    var entered = gate;
    if (entered == null) {
      return call.get();
    }
    var visit = new Visit<T>(entered, owner, call);
    waiting.add(visit);
    visit.ticket = entered.enter(owner, lane, visit::admitted);
    if (gate == null) { // taken away just now, perhaps before there was a ticket
      visit.goOn();
    }
    return visit.result;
  }

  /** A call that waits at the gate, or was let in. */
  private final class Visit<T> {
    final Gate entered;
    final String owner;
    final Supplier<CompletionStage<T>> call;
    final CompletableFuture<T> result = new CompletableFuture<>();
    volatile @Nullable Ticket ticket;

    Visit(Gate entered, String owner, Supplier<CompletionStage<T>> call) {
      this.entered = entered;
      this.owner = owner;
      this.call = call;
    }

    void admitted() {
      make(well -> entered.leave(owner, well));
    }

    /** Leaves the queue and begins, unless it has begun already. */
    void goOn() {
      var held = ticket;
      if (held != null && held.cancel()) {
        make(_ -> {});
      }
    }

    private void make(Consumer<Boolean> over) {
      waiting.remove(this);
      var _ =
          made()
              .whenComplete(
                  (value, failure) -> {
                    over.accept(failure == null);
                    if (failure == null) {
                      result.complete(value);
                    } else {
                      result.completeExceptionally(failure);
                    }
                  });
    }

    private CompletionStage<T> made() {
      try {
        return call.get();
      } catch (RuntimeException e) {
        return CompletableFuture.failedFuture(e);
      }
    }
  }
}
