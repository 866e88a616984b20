package io.centralita.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Who a key is, remembered for a moment, so that a busy client costs no query for each request.
 * Keys that are none are remembered apart: a flood of them cannot push out those that are.
 * Thread-safe.
 */
final class KeyCache {
  private record Known(Optional<Principal> principal, Instant until) {}

  private final InstantSource clock;
  private final Duration keep;
  private final int bound;
  private final Map<String, Known> valid = new ConcurrentHashMap<>();
  private final Map<String, Known> wrong = new ConcurrentHashMap<>();
  private final Map<String, CompletionStage<Optional<Principal>>> loading =
      new ConcurrentHashMap<>();

  // What was asked before the cache was emptied must not be remembered after.
  private final AtomicLong generation = new AtomicLong();

  /**
   * @param bound the most keys remembered of each kind
   */
  KeyCache(InstantSource clock, Duration keep, int bound) {
    this.clock = clock;
    this.keep = keep;
    this.bound = bound;
  }

  /** What is remembered of this hash, else what {@code load} says; one load serves all who wait. */
  CompletionStage<Optional<Principal>> get(
      String hash, Supplier<CompletionStage<Optional<Principal>>> load) {
    var known = fresh(valid, hash).or(() -> fresh(wrong, hash));
    if (known.isPresent()) {
      return CompletableFuture.completedStage(known.get().principal());
    }
    var startedIn = generation.get();
    var stage = loading.computeIfAbsent(hash, _ -> load.get());
    return stage.whenComplete(
        (principal, failure) -> {
          if (failure == null && generation.get() == startedIn) {
            remember(hash, principal);
          }
          loading.remove(hash, stage);
        });
  }

  void clear() {
    generation.incrementAndGet();
    valid.clear();
    wrong.clear();
    loading.clear();
  }

  private Optional<Known> fresh(Map<String, Known> known, String hash) {
    return Optional.ofNullable(known.get(hash))
        .filter(entry -> clock.instant().isBefore(entry.until()));
  }

  private void remember(String hash, Optional<Principal> principal) {
    var known = principal.isPresent() ? valid : wrong;
    if (known.size() >= bound) {
      known.values().removeIf(entry -> !clock.instant().isBefore(entry.until()));
      if (known.size() >= bound) {
        known.clear();
      }
    }
    known.put(hash, new Known(principal, clock.instant().plus(keep)));
  }
}
