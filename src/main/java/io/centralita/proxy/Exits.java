package io.centralita.proxy;

import io.centralita.outside.Gate.Lane;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The ways out of this node. Thread-safe. */
public interface Exits {

  /** No way out can be used just now; {@link #usable} says when to ask again. */
  final class NoExitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param reason for people
     */
    public NoExitException(String reason) {
      super(reason, null, false, false);
    }
  }

  /** Straight, without a proxy. */
  Exits DIRECT =
      new Exits() {
        @Override
        public CompletionStage<Lease> borrow(String owner) {
          return CompletableFuture.completedFuture(Lease.DIRECT);
        }

        @Override
        public CompletionStage<Void> usable(String owner, Lane lane, Consumer<String> waiting) {
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public boolean hasOwn(String owner) {
          return false;
        }
      };

  /**
   * A session for this user's calls, through the proxies assigned to him first, else through shared
   * ones. Fails with {@link NoExitException} where none is usable.
   */
  CompletionStage<Lease> borrow(String owner);

  /**
   * Completes when there is a usable way for this user; at once where there is one. Whoever no
   * longer wants to know cancels it. Where many wait for few sessions, some go on at a time.
   *
   * @param lane which goes first
   * @param waiting is told why there is none, at first and whenever that changes, unless sessions
   *     that this node has do the user's work; must not block
   */
  CompletionStage<Void> usable(String owner, Lane lane, Consumer<String> waiting);

  /** Whether a usable way is this user's own, so that he need not take a shared one. */
  boolean hasOwn(String owner);
}
