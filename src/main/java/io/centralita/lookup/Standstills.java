package io.centralita.lookup;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Why no answers come: to anybody, or to one owner, whose own reason goes before. Thread-safe;
 * listeners hear of changes only, and must not block.
 */
final class Standstills {
  private final Map<Consumer<String>, String> ownerOf = new ConcurrentHashMap<>();
  private final Map<String, String> byOwner = new ConcurrentHashMap<>();
  private volatile String general = "";

  /** Why this owner gets no answers; empty where he does. */
  String of(String owner) {
    return byOwner.getOrDefault(owner, general);
  }

  /** Tells the listener, until it is removed; at once where there is something to tell. */
  void listen(String owner, Consumer<String> listener) {
    ownerOf.put(listener, owner);
    var now = of(owner);
    if (!now.isEmpty()) {
      listener.accept(now);
    }
  }

  void unlisten(Consumer<String> listener) {
    ownerOf.remove(listener);
  }

  /** What holds everybody up; an empty text when nothing does. */
  void tellAll(String reason) {
    if (!general.equals(reason)) {
      general = reason;
      ownerOf.forEach((listener, owner) -> listener.accept(of(owner)));
    }
  }

  /** What holds this owner up; an empty text when nothing does. */
  void tell(String owner, String reason) {
    var before = reason.isEmpty() ? byOwner.remove(owner) : byOwner.put(owner, reason);
    if (!reason.equals(before == null ? "" : before)) {
      ownerOf.forEach(
          (listener, his) -> {
            if (his.equals(owner)) {
              listener.accept(of(owner));
            }
          });
    }
  }
}
