package io.centralita.outside;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Waiting items of several owners, served in turn: one of each owner, then the next of each. How
 * many items an owner has waiting does not change how often it is served. Not thread-safe.
 */
public final class FairQueue<T> {
  private final Map<String, ArrayDeque<T>> byOwner = new LinkedHashMap<>();
  private int size;

  public void add(String owner, T item) {
    byOwner.computeIfAbsent(owner, _ -> new ArrayDeque<>()).add(item);
    size++;
  }

  /** Takes the next item of the owner whose turn it is. */
  public Optional<T> poll() {
    return poll(_ -> true);
  }

  /**
   * Takes the next item of the first in turn whom the condition names; where it names none, of the
   * first.
   */
  public Optional<T> poll(Predicate<String> preferred) {
    if (byOwner.isEmpty()) {
      return Optional.empty();
    }
    var owner =
        byOwner.keySet().stream()
            .filter(preferred)
            .findFirst()
            .orElseGet(() -> byOwner.keySet().iterator().next());
    var items = Objects.requireNonNull(byOwner.get(owner));
    var item = items.remove();
    size--;
    byOwner.remove(owner);
    if (!items.isEmpty()) {
      byOwner.put(owner, items); // behind all others
    }
    return Optional.of(item);
  }

  /** Takes one item out, wherever it stands; false where it is not waiting. */
  public boolean remove(String owner, T item) {
    var items = byOwner.get(owner);
    if (items == null || !items.remove(item)) {
      return false;
    }
    size--;
    if (items.isEmpty()) {
      byOwner.remove(owner);
    }
    return true;
  }

  /** Takes out everything that the condition names. */
  public void removeIf(Predicate<T> condition) {
    for (Iterator<ArrayDeque<T>> owners = byOwner.values().iterator(); owners.hasNext(); ) {
      var items = owners.next();
      var before = items.size();
      items.removeIf(condition);
      size -= before - items.size();
      if (items.isEmpty()) {
        owners.remove();
      }
    }
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }
}
