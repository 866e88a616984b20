package io.centralita.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class KeyCacheTest {
  private static final Optional<Principal> ANA =
      Optional.of(new Principal("k1", "ana", Scope.USER));

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final AtomicInteger loads = new AtomicInteger();
  private final KeyCache cache = new KeyCache(now::get, Duration.ofSeconds(2), 3);

  private Optional<Principal> get(String hash, Optional<Principal> stored) {
    return Node.done(
        cache.get(
            hash,
            () -> {
              loads.incrementAndGet();
              return CompletableFuture.completedStage(stored);
            }));
  }

  @Test
  void get_againWithinTwoSeconds_asksOnce() {
    get("a", ANA);
    assertEquals(ANA, get("a", Optional.empty()));
    assertEquals(1, loads.get());

    now.set(Instant.EPOCH.plusSeconds(2));

    assertEquals(Optional.empty(), get("a", Optional.empty()));
    assertEquals(2, loads.get());
  }

  @Test
  void get_halfwayToBeingForgotten_loadsAnewAndKeepsNobodyWaiting() {
    get("a", ANA);
    now.set(Instant.EPOCH.plusMillis(1500));
    var answer = new CompletableFuture<Optional<Principal>>();

    assertEquals(ANA, Node.done(cache.get("a", () -> counted(answer))));
    assertEquals(ANA, Node.done(cache.get("a", () -> counted(answer))));
    assertEquals(2, loads.get());

    answer.complete(Optional.empty());
    now.set(Instant.EPOCH.plusMillis(2000));
    assertEquals(Optional.empty(), get("a", Optional.empty()));
  }

  @Test
  void get_halfwayAndThatFails_isHeardOfWhenItIsForgotten() {
    get("a", ANA);
    now.set(Instant.EPOCH.plusMillis(1500));
    CompletableFuture<Optional<Principal>> failed =
        CompletableFuture.failedFuture(new IllegalStateException("no database"));

    assertEquals(ANA, Node.done(cache.get("a", () -> counted(failed))));
    now.set(Instant.EPOCH.plusMillis(2000));

    var later = cache.get("a", () -> counted(failed)).toCompletableFuture();
    assertTrue(later.isCompletedExceptionally());
  }

  @Test
  void get_floodOfWrongKeys_doesNotPushOutTheRightOnes() {
    get("a", ANA);
    for (var i = 0; i < 100; i++) {
      get("wrong" + i, Optional.empty());
    }

    assertEquals(ANA, get("a", Optional.empty()));
  }

  @Test
  void get_manyAtOnce_asksOnce() {
    var answer = new CompletableFuture<Optional<Principal>>();
    var first = cache.get("a", () -> counted(answer));
    var second = cache.get("a", () -> counted(answer));
    answer.complete(ANA);

    assertEquals(ANA, Node.done(first));
    assertEquals(ANA, Node.done(second));
    assertEquals(1, loads.get());
  }

  @Test
  void clear_whileAnAnswerIsAwaited_doesNotRememberIt() {
    var answer = new CompletableFuture<Optional<Principal>>();
    var before = cache.get("a", () -> answer);
    cache.clear();
    answer.complete(ANA);

    assertEquals(ANA, Node.done(before));
    assertEquals(Optional.empty(), get("a", Optional.empty()));
  }

  @Test
  void get_failure_isNotRemembered() {
    cache.get("a", () -> CompletableFuture.failedStage(new IllegalStateException("away")));

    assertEquals(ANA, get("a", ANA));
  }

  private CompletionStage<Optional<Principal>> counted(
      CompletionStage<Optional<Principal>> answer) {
    loads.incrementAndGet();
    return answer;
  }
}
