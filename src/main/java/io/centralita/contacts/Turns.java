package io.centralita.contacts;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Lets the windows of each import be stored in their order, while they are read side by side: so
 * which of two rows with the same number comes first is the file's affair and not chance's.
 * Thread-safe.
 */
final class Turns {
  private final Map<Integer, Import> imports = new HashMap<>();

  private static final class Import {
    int next;
    final Map<Integer, CompletableFuture<Void>> waiting = new HashMap<>();
  }

  /**
   * Completes when all windows before this one are stored. Whoever waits no longer may cancel it.
   *
   * @param stored how many windows are stored, by the ledger: another node may have stored them
   */
  CompletableFuture<Void> turn(int importId, int window, int stored) {
    synchronized (this) {
      var one = imports.computeIfAbsent(importId, _ -> new Import());
      one.next = Math.max(one.next, stored);
      if (one.next < window) {
        return one.waiting.computeIfAbsent(window, _ -> new CompletableFuture<>()).copy();
      }
    }
    return CompletableFuture.completedFuture(null);
  }

  /** The window is stored: the next one's turn has come. */
  void stored(int importId, int window) {
    CompletableFuture<Void> next;
    synchronized (this) {
      var one = imports.computeIfAbsent(importId, _ -> new Import());
      one.next = Math.max(one.next, window + 1);
      next = one.waiting.remove(one.next);
    }
    if (next != null) {
      next.complete(null);
    }
  }
}
