package io.centralita.lookup;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Why no answers come: to one owner, as long as anything of his is parked, or to anybody.
 * Thread-safe; listeners hear of changes only, and must not block.
 */
final class Standstills {

  /** Who listens, and what he heard last. */
  private static final class Listener {
    final String owner;
    volatile String heard = "";

    Listener(String owner) {
      this.owner = owner;
    }
  }

  private static final class Owner {
    int parked;
    String reason = "";
  }

  private final Supplier<String> general;
  private final Map<Consumer<String>, Listener> listeners = new ConcurrentHashMap<>();
  private final Map<String, Owner> owners = new HashMap<>(); // guarded by this
  private volatile boolean told;

  /**
   * @param general why nobody gets an answer now, empty where somebody does; asked for again
   *     whenever something happens
   */
  Standstills(Supplier<String> general) {
    this.general = general;
  }

  /** Why this owner gets no answers; empty where he does. */
  synchronized String of(String owner) {
    var own = owners.get(owner);
    return own == null || own.reason.isEmpty() ? general.get() : own.reason;
  }

  /** Tells the listener, until it is removed; at once where there is something to tell. */
  void listen(String owner, Consumer<String> listener) {
    var one = new Listener(owner);
    listeners.put(listener, one);
    tell(listener, one);
  }

  void unlisten(Consumer<String> listener) {
    listeners.remove(listener);
  }

  /**
   * One more of this owner's waits.
   *
   * @param reason why there is no way for him; empty where there is one
   */
  void parked(String owner, String reason) {
    synchronized (this) {
      var own = owners.computeIfAbsent(owner, _ -> new Owner());
      own.parked++;
      own.reason = reason.isEmpty() ? own.reason : reason;
    }
    changed();
  }

  /** One of his waits no longer. */
  void unparked(String owner) {
    synchronized (this) {
      owners.computeIfPresent(owner, (_, own) -> --own.parked == 0 ? null : own);
    }
    changed();
  }

  /** Why there is no way for this owner, of whom something is parked. */
  void because(String owner, String reason) {
    synchronized (this) {
      var own = owners.get(owner);
      if (own == null || own.reason.equals(reason)) {
        return;
      }
      own.reason = reason;
    }
    changed();
  }

  /** Something happened that may be the reason, or the end, of a standstill. */
  void changed() {
    listeners.forEach(this::tell);
  }

  /** An answer came: whoever was told of a standstill may hear that it is over. */
  void answered() {
    if (told) {
      changed();
      told = listeners.values().stream().anyMatch(one -> !one.heard.isEmpty());
    }
  }

  private void tell(Consumer<String> listener, Listener one) {
    var now = of(one.owner);
    synchronized (one) {
      if (one.heard.equals(now)) {
        return;
      }
      one.heard = now;
      told = true;
      listener.accept(now);
    }
  }
}
