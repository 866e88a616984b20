package io.centralita.lookup;

import io.centralita.cache.Cache;
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
    /** This node is to ask, and to {@link #settle} it. */
    enum Granted implements Claimed {
      GRANTED
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
        local known = ARGV[2 * i + 2] == '1' and redis.call('GET', KEYS[2 * i])
        local present = redis.call('GET', claim)
        if known then
          texts[i] = 'k' .. redis.call('PTTL', KEYS[2 * i]) .. ' ' .. known
        elseif present and string.sub(present, 1, 1) == 'a'
            and tonumber(string.sub(present, 2, 14)) >= tonumber(ARGV[2 * i + 1]) then
          texts[i] = present
        elseif present and string.sub(present, 1, 1) == 'c' and present ~= ARGV[1] then
          texts[i] = 'c'
        else
          redis.call('SET', claim, ARGV[1], 'PX', ARGV[2])
          texts[i] = ''
        end
      end
      return texts
      """;

  // A claim that ran out meanwhile may be another's by now.
  private static final String SETTLE =
      """
      for i = 1, #KEYS do
        if redis.call('GET', KEYS[i]) == ARGV[1] then
          if ARGV[i + 2] == '' then
            redis.call('DEL', KEYS[i])
          else
            redis.call('SET', KEYS[i], ARGV[i + 2], 'PX', ARGV[2])
          end
        end
      end
      return {}
      """;

  private static final String RENEW =
      """
      for i = 1, #KEYS do
        if redis.call('GET', KEYS[i]) == ARGV[1] then
          redis.call('PEXPIRE', KEYS[i], ARGV[2])
        end
      end
      return {}
      """;

  private record Wish(Claim claim, CompletableFuture<Claimed> claimed) {}

  private record Settled(int number, String text) {}

  private final Cache cache;
  private final OperatorCatalogue operators;
  private final String mine;
  private final BooleanSupplier alone;
  private final ScheduledExecutorService scheduler;
  private final InstantSource clock;
  private final Batches<Wish> wishes = new Batches<>(LARGEST_BATCH, this::claimAll);
  private final Batches<Settled> settled = new Batches<>(LARGEST_BATCH, this::settleAll);

  /** The numbers claimed, each with how many of this node's questions share its claim. */
  private final Map<Integer, Integer> held = new HashMap<>(); // guarded by itself

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
    this.mine = "c" + node;
    this.alone = alone;
    this.scheduler = scheduler;
    this.clock = clock;
  }

  /** Whether there is anybody to share with. */
  boolean isAlone() {
    return alone.getAsBoolean();
  }

  CompletionStage<Claimed> claim(Claim claim) {
    var wish = new Wish(claim, new CompletableFuture<>());
    wishes.add(wish);
    return wish.claimed();
  }

  /** The answer, if any was to be had, for those who wait elsewhere; the claim is given up. */
  void settle(int number, Finding finding) {
    release(number, ClaimText.of(finding));
  }

  /** Nothing came of it: the claim is given up, and the next may ask. */
  void giveUp(int number) {
    release(number, "");
  }

  // A question that was withdrawn may end while a later one for the same number is under way.
  private void release(int number, String text) {
    synchronized (held) {
      var sharing = held.getOrDefault(number, 0);
      if (sharing > 1) {
        held.put(number, sharing - 1);
      }
      if (sharing != 1) {
        return;
      }
      held.remove(number);
    }
    settled.add(new Settled(number, text));
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
                if (claim != null && !claim.text().equals(mine)) {
                  states.put(number, ClaimText.read(claim.text(), operators, clock.instant()));
                }
              }
              return states;
            });
  }

  private CompletionStage<?> claimAll(List<Wish> batch) {
    var keys = new ArrayList<String>(2 * batch.size());
    var values = new ArrayList<String>(2 * batch.size() + 2);
    values.add(mine);
    values.add(Long.toString(LASTS.toMillis()));
    for (var wish : batch) {
      keys.add(key(wish.claim().number()));
      keys.add(AnswerWriter.key(wish.claim().number()));
      values.add(Long.toString(wish.claim().sinceMs()));
      values.add(wish.claim().cacheDoes() ? "1" : "0");
    }
    return cache.run(CLAIM, keys, values).thenAccept(texts -> claimed(batch, texts));
  }

  private void claimed(List<Wish> batch, List<String> texts) {
    for (var i = 0; i < batch.size(); i++) {
      var state = texts.isEmpty() ? Claimed.Granted.GRANTED : read(texts.get(i));
      if (state == Claimed.Granted.GRANTED) {
        hold(batch.get(i).claim().number());
      }
      batch.get(i).claimed().complete(state);
    }
  }

  /** Who cannot read what stands there asks itself. */
  private Claimed read(String text) {
    try {
      return text.isEmpty()
          ? Claimed.Granted.GRANTED
          : ClaimText.read(text, operators, clock.instant());
    } catch (RuntimeException e) {
      log.warn("a claim in Redis cannot be read: {}", e.getClass().getSimpleName());
      return Claimed.Granted.GRANTED;
    }
  }

  private void hold(int number) {
    synchronized (held) {
      held.merge(number, 1, Integer::sum);
      if (!renewing) {
        renewing = true;
        renewLater();
      }
    }
  }

  private CompletionStage<?> settleAll(List<Settled> batch) {
    var values = new ArrayList<String>(batch.size() + 2);
    values.add(mine);
    values.add(Long.toString(ANSWER_LASTS.toMillis()));
    batch.forEach(one -> values.add(one.text()));
    return cache.run(SETTLE, batch.stream().map(one -> key(one.number())).toList(), values);
  }

  private void renewLater() {
    var _ = scheduler.schedule(this::renew, RENEWED_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void renew() {
    List<Integer> numbers;
    synchronized (held) {
      numbers = List.copyOf(held.keySet());
      if (numbers.isEmpty()) {
        renewing = false;
        return;
      }
    }
    cache
        .run(
            RENEW,
            numbers.stream().map(NumberClaims::key).toList(),
            List.of(mine, Long.toString(LASTS.toMillis())))
        .whenComplete((_, _) -> renewLater());
  }

  private static String key(int number) {
    return "claim:" + number;
  }
}
