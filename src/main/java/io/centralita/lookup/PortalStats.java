package io.centralita.lookup;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/** What the portal was asked and how it answered, counted since the start. */
public final class PortalStats {

  /** What is counted, apart from the statuses and the failures. */
  public enum Count {
    ASKED,
    FOUND,
    UNKNOWN,
    FAILED,
    CANCELLED,
    TRIES_LOST,
    UNOPENED,
    THROTTLED,
    BLOCKED,
    DETOURS,
    WAITED,
    RENEWED,
    SESSIONS_OPENED,
    SESSIONS_CLOSED
  }

  /**
   * The counts at one moment.
   *
   * @param statuses how often each HTTP status came, of all three steps
   * @param failures how often a call got no usable answer, by kind
   * @param down whether the portal answers nobody now
   */
  public record Snapshot(
      Map<Count, Long> counts,
      Map<Integer, Long> statuses,
      Map<String, Long> failures,
      boolean down) {

    /** One of the counts. */
    public long of(Count count) {
      return counts.getOrDefault(count, 0L);
    }

    /** Sessions opened and not yet closed. */
    public long sessions() {
      return of(Count.SESSIONS_OPENED) - of(Count.SESSIONS_CLOSED);
    }
  }

  private final BooleanSupplier down;
  private final Map<Count, LongAdder> counts = new ConcurrentHashMap<>();
  private final Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

  PortalStats(BooleanSupplier down) {
    this.down = down;
  }

  void add(Count count) {
    add(counts, count);
  }

  void status(int status) {
    add(statuses, status);
  }

  void failure(String kind) {
    add(failures, kind);
  }

  private static <K> void add(Map<K, LongAdder> map, K key) {
    map.computeIfAbsent(key, _ -> new LongAdder()).increment();
  }

  /** The counts now. */
  public Snapshot snapshot() {
    return new Snapshot(copy(counts), copy(statuses), copy(failures), down.getAsBoolean());
  }

  private static <K extends Comparable<K>> Map<K, Long> copy(Map<K, LongAdder> map) {
    var copy = new TreeMap<K, Long>();
    map.forEach((key, adder) -> copy.put(key, adder.sum()));
    return copy;
  }
}
