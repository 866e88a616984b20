package io.centralita.proxy;

import io.centralita.outside.Gate;
import io.centralita.outside.Gate.Lane;
import io.centralita.outside.Gate.Ticket;
import io.centralita.proxy.Exits.NoExitException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This node's calls through one proxy: each is let in by the proxy's limits, which hold over the
 * whole cluster, while it has any. Nobody waits for that for ever, nor calls through a proxy that
 * is set aside meanwhile. Thread-safe.
 */
final class Calls {
  private static final String SET_ASIDE = "the proxy was set aside";

  private final Set<Visit<?>> waiting = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Gate gate;
  private volatile Duration patience = Duration.ZERO;

  /**
   * From now on calls enter by this gate.
   *
   * @param now null where nothing limits them any more; then those go on, too, that wait already
   * @param longest how long a call waits to be let in
   */
  void enterBy(@Nullable Gate now, Duration longest) {
    patience = longest;
    gate = now;
    look();
  }

  /** Whether the proxy is in use may have changed: who waits in vain leaves. */
  void look() {
    waiting.forEach(Visit::look);
  }

  /** Calls that wait to be let in. */
  int waiting() {
    return waiting.size();
  }

  /**
   * Makes a call when it is let in. While it waits, it can be cancelled.
   *
   * @param inUse whether it may still be made; where it may not, or has waited too long, the stage
   *     fails with {@link NoExitException}, and no call was made
   */
  <T> CompletionStage<T> call(
      String owner, Lane lane, BooleanSupplier inUse, Supplier<CompletionStage<T>> call) {
    var entered = gate;
    if (entered == null) {
      return inUse.getAsBoolean()
          ? call.get()
          : CompletableFuture.failedFuture(new NoExitException(SET_ASIDE));
    }
    var visit = new Visit<T>(entered, owner, lane, inUse, call);
    waiting.add(visit);
    visit.ticket.enter();
    visit.look(); // at what changed just now, perhaps before it was among those who wait
    visit.waitAtMost(patience);
    return visit.result;
  }

  /** A call that waits at the gate, or was let in. */
  private final class Visit<T> {
    final Gate entered;
    final BooleanSupplier inUse;
    final Supplier<CompletionStage<T>> call;
    final CompletableFuture<T> result = new CompletableFuture<>();
    final Ticket ticket;

    Visit(
        Gate entered,
        String owner,
        Lane lane,
        BooleanSupplier inUse,
        Supplier<CompletionStage<T>> call) {
      this.entered = entered;
      this.inUse = inUse;
      this.call = call;
      this.ticket = entered.ticket(owner, lane, () -> make(well -> entered.leave(owner, well)));
    }

    /** Leaves the queue where it must not wait any longer, or need not. */
    void look() {
      if (!inUse.getAsBoolean()) {
        leave(SET_ASIDE);
      } else if (gate != entered && ticket.cancel()) {
        make(_ -> {});
      }
    }

    void waitAtMost(Duration longest) {
      if (!waiting.contains(this)) {
        return;
      }
      var over =
          new CompletableFuture<Void>()
              .completeOnTimeout(null, longest.toMillis(), TimeUnit.MILLISECONDS);
      var _ =
          over.thenRun(
              () ->
                  leave("the proxy's own limit let no call in for " + longest.toSeconds() + " s"));
      var _ =
          result.whenComplete(
              (_, _) -> {
                over.cancel(false);
                if (ticket.cancel()) { // somebody cancelled it
                  waiting.remove(this);
                }
              });
    }

    private void leave(String why) {
      if (ticket.cancel()) {
        waiting.remove(this);
        result.completeExceptionally(new NoExitException(why));
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
      if (!inUse.getAsBoolean()) {
        return CompletableFuture.failedFuture(new NoExitException(SET_ASIDE));
      }
      try {
        return call.get();
      } catch (RuntimeException e) {
        return CompletableFuture.failedFuture(e);
      }
    }
  }
}
