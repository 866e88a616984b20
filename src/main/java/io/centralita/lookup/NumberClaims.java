package io.centralita.lookup;

import io.centralita.cache.Cache;
import io.centralita.db.Batches;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which node of the cluster asks for a number, in Redis: the first to claim it asks, and leaves the
 * answer there for a moment, for those who wanted the number at the same time. What is claimed
 * during one round trip goes with the next. Where Redis is gone everybody's claim is granted.
 *
 * <p>A claim lasts for seconds and is renewed while its node lives, so nobody waits long for the
 * dead.
 */
final class NumberClaims {

  /** What a claim came to. */
  sealed interface Claimed {
    /**
     * This node is to ask, and to {@link #settle} it.
     *
     * @param token told apart from every other claim of this node's, of the same number too
     */
    record Granted(int number, long token) implements Claimed {}

    /** Nobody has claimed it; whoever asks need not tell anybody. */
    enum Free implements Claimed {
      FREE
    }

    /** Another node is asking. */
    enum Taken implements Claimed {
      TAKEN
    }

    /** The answer is known already. */
    record Known(Finding finding) implements Claimed {}
  }

  /**
   * A wish to ask.
   *
   * @param sinceMs an answer older than this does not do, nor one from before the number was wanted
   * @param cacheDoes whether an answer from the cache does, which says only roughly how old it is
   */
  record Claim(int number, long sinceMs, boolean cacheDoes) {}

  private static final Logger log = LoggerFactory.getLogger(NumberClaims.class);

  static final Duration LASTS = Duration.ofSeconds(5);
  static final Duration ANSWER_LASTS = Duration.ofSeconds(10);
  private static final Duration RENEWED_EVERY = Duration.ofSeconds(2);
  private static final int LARGEST_BATCH = 500;

  private static final String CLAIM =
      """
      local texts = {}
      for i = 1, #KEYS / 2 do
        local claim = KEYS[2 * i - 1]
        local known = ARGV[3 * i + 1] == '1' and redis.call('GET', KEYS[2 * i])
        local present = redis.call('GET', claim)
        if known then
          texts[i] = 'k' .. redis.call('PTTL', KEYS[2 * i]) .. ' ' .. known
        elseif present and string.sub(present, 1, 1) == 'a'
            and tonumber(string.sub(present, 2, 14)) >= tonumber(ARGV[3 * i]) then
          texts[i] = present
        elseif present and string.sub(present, 1, 1) == 'c'
            and string.sub(present, 1, #ARGV[1]) ~= ARGV[1] then
          texts[i] = 'c'
        else
          redis.call('SET', claim, ARGV[1] .. ARGV[3 * i + 2], 'PX', ARGV[2])
          texts[i] = ''
        end
      end
      return texts
      """;

  // A claim that ran out meanwhile may be another's by now, or a later one of this node's.
  private static final String SETTLE =
      """
      for i = 1, #KEYS do
        if redis.call('GET', KEYS[i]) == ARGV[2 * i] then
          if ARGV[2 * i + 1] == '' then
            redis.call('DEL', KEYS[i])
          else
            redis.call('SET', KEYS[i], ARGV[2 * i + 1], 'PX', ARGV[1])
          end
        end
      end
      return {}
      """;

  private static final String RENEW =
      """
      for i = 1, #KEYS do
        if redis.call('GET', KEYS[i]) == ARGV[i + 1] then
          redis.call('PEXPIRE', KEYS[i], ARGV[1])
        end
      end
      return {}
      """;

  /** A wish, and what it gets where it is granted. */
  private record Wish(Claim claim, Claimed.Granted granted, CompletableFuture<Claimed> claimed) {}

  private record Settled(Claimed.Granted claim, String text) {}

  private final Cache cache;
  private final OperatorCatalogue operators;
  private final String mine;
  private final BooleanSupplier alone;
  private final ScheduledExecutorService scheduler;
  private final InstantSource clock;
  private final Batches<Wish> wishes = new Batches<>(LARGEST_BATCH, this::claimAll);
  private final Batches<Settled> settled = new Batches<>(LARGEST_BATCH, this::settleAll);

  /** What this node claims, by token. */
  private final Map<Long, Claimed.Granted> held = new HashMap<>(); // guarded by itself

  private final AtomicLong tokens = new AtomicLong();

  private boolean renewing; // guarded by held

  /**
   * @param node a name that no other node has
   * @param alone whether the cluster has no other node, so that there is nobody to ask beside
   */
  NumberClaims(
      Cache cache,
      OperatorCatalogue operators,
      String node,
      BooleanSupplier alone,
      ScheduledExecutorService scheduler,
      InstantSource clock) {
    this.cache = cache;
    this.operators = operators;
    this.mine = "c" + node + "#";
    this.alone = alone;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /** Whether there is anybody to share with. */
  boolean isAlone() {
    return alone.getAsBoolean();
  }

  CompletionStage<Claimed> claim(Claim claim) {
    var granted = new Claimed.Granted(claim.number(), tokens.incrementAndGet());
    var wish = new Wish(claim, granted, new CompletableFuture<>());
    wishes.add(wish);
    return wish.claimed();
  }

  /** The answer, if any was to be had, for those who wait elsewhere; the claim is given up. */
  void settle(Claimed.Granted claim, Finding finding) {
    release(claim, ClaimText.of(finding));
  }

  /** Nothing came of it: the claim is given up, and the next may ask. */
  void giveUp(Claimed.Granted claim) {
    release(claim, "");
  }

  private void release(Claimed.Granted claim, String text) {
    synchronized (held) {
      held.remove(claim.token());
    }
    settled.add(new Settled(claim, text));
  }

  /**
   * How the claims of other nodes stand: taken or answered. A number of which nothing is said may
   * be claimed again.
   */
  CompletionStage<Map<Integer, Claimed>> look(List<Integer> numbers) {
    return cache
        .getAll(numbers.stream().map(NumberClaims::key).toList())
        .thenApply(
            kept -> {
              var states = HashMap.<Integer, Claimed>newHashMap(numbers.size());
              for (var number : numbers) {
                var claim = kept.get(key(number));
                if (claim != null && !claim.text().startsWith(mine)) {
                  states.put(number, ClaimText.read(claim.text(), operators, clock.instant()));
                }
              }
              return states;
            });
  }

  private CompletionStage<?> claimAll(List<Wish> batch) {
    var keys = new ArrayList<String>(2 * batch.size());
    var values = new ArrayList<String>(3 * batch.size() + 2);
    values.add(mine);
    values.add(Long.toString(LASTS.toMillis()));
    for (var wish : batch) {
      keys.add(key(wish.claim().number()));
      keys.add(AnswerWriter.key(wish.claim().number()));
      values.add(Long.toString(wish.claim().sinceMs()));
      values.add(wish.claim().cacheDoes() ? "1" : "0");
      values.add(Long.toString(wish.granted().token()));
    }
    return cache.run(CLAIM, keys, values).thenAccept(texts -> claimed(batch, texts));
  }

  private void claimed(List<Wish> batch, List<String> texts) {
    for (var i = 0; i < batch.size(); i++) {
      var wish = batch.get(i);
      var granted = texts.isEmpty() || texts.get(i).isEmpty();
      if (granted) {
        hold(wish.granted());
      }
      wish.claimed().complete(granted ? wish.granted() : read(texts.get(i)));
    }
  }

  /** Who cannot read what stands there asks itself. */
  private Claimed read(String text) {
    try {
      return ClaimText.read(text, operators, clock.instant());
    } catch (RuntimeException e) {
      log.warn("a claim in Redis cannot be read: {}", e.getClass().getSimpleName());
      return Claimed.Free.FREE;
    }
  }

  private void hold(Claimed.Granted claim) {
    synchronized (held) {
      held.put(claim.token(), claim);
      if (!renewing) {
        renewing = true;
        renewLater();
      }
    }
  }

  private CompletionStage<?> settleAll(List<Settled> batch) {
    var keys = new ArrayList<String>(batch.size());
    var values = new ArrayList<String>(2 * batch.size() + 1);
    values.add(Long.toString(ANSWER_LASTS.toMillis()));
    for (var one : batch) {
      keys.add(key(one.claim().number()));
      values.add(text(one.claim()));
      values.add(one.text());
    }
    return cache.run(SETTLE, keys, values);
  }

  private void renewLater() {
    var _ = scheduler.schedule(this::renew, RENEWED_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void renew() {
    List<Claimed.Granted> claims;
    synchronized (held) {
      claims = List.copyOf(held.values());
      if (claims.isEmpty()) {
        renewing = false;
        return;
      }
    }
    var values = new ArrayList<String>(claims.size() + 1);
    values.add(Long.toString(LASTS.toMillis()));
    claims.forEach(claim -> values.add(text(claim)));
    cache
        .run(RENEW, claims.stream().map(claim -> key(claim.number())).toList(), values)
        .whenComplete((_, _) -> renewLater());
  }

  /** What stands in Redis for it. */
  private String text(Claimed.Granted claim) {
    return mine + claim.token();
  }

  private static String key(int number) {
    return "claim:" + number;
  }
}
