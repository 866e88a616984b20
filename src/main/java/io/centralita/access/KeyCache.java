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
  private final Map<String, CompletableFuture<Optional<Principal>>> loading =
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

  /**
   * What is remembered of this hash, else what {@code load} says; one load serves all who wait.
   * What is halfway to being forgotten is loaded anew meanwhile, so that of a busy client's
   * requests none waits.
   */
  CompletionStage<Optional<Principal>> get(
      String hash, Supplier<CompletionStage<Optional<Principal>>> load) {
    var known = fresh(valid, hash).or(() -> fresh(wrong, hash));
    if (known.isEmpty()) {
      return load(hash, load);
    }
    var principal = known.get().principal();
    if (principal.isPresent()
        && !clock.instant().isBefore(known.get().until().minus(keep.dividedBy(2)))) {
      var _ = load(hash, load); // where it fails, whoever asks when this is forgotten hears of it
    }
    return CompletableFuture.completedStage(principal);
  }

  private CompletionStage<Optional<Principal>> load(
      String hash, Supplier<CompletionStage<Optional<Principal>>> load) {
    var startedIn = generation.get();
    var mine = new CompletableFuture<Optional<Principal>>();
    var present = loading.putIfAbsent(hash, mine);
    if (present != null) {
      return present;
    }
    CompletableFuture.completedStage(load)
        .thenCompose(Supplier::get) // so that one that throws fails like any other
        .whenComplete(
            (principal, failure) -> {
              if (failure == null && generation.get() == startedIn) {
                remember(hash, principal);
              }
              loading.remove(hash, mine);
              if (failure == null) {
                mine.complete(principal);
              } else {
                mine.completeExceptionally(failure);
              }
            });
    return mine;
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
