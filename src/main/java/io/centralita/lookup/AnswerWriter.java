package io.centralita.lookup;

import io.centralita.cache.Cache;
import io.centralita.lookup.LookupResults.Fresh;
import io.centralita.outside.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes answers durable as they come: in PostgreSQL first, then in the cache. What arrives while
 * one batch is being written makes the next, so batches are as large as the load and no answer
 * waits for a clock. While the database is away the batch is tried again; nothing is dropped.
 *
 * <p>Bounded by its callers: each waits for its answer to be durable before it asks for more.
 */
final class AnswerWriter {
  private static final Logger log = LoggerFactory.getLogger(AnswerWriter.class);
  private static final int LARGEST_BATCH = 1000;

  /** How long the cache keeps an answer, from when it was given: 2,592,000 s. */
  static final Duration TIME_TO_LIVE = Duration.ofDays(30);

  private record Pending(Fresh answer, CompletableFuture<Operator> durable) {}

  private final LookupResults results;
  private final Cache cache;
  private final Backoff backoff;
  private final ScheduledExecutorService scheduler;
  private final ArrayDeque<Pending> queue = new ArrayDeque<>();
  private boolean writing;

  AnswerWriter(
      LookupResults results, Cache cache, Backoff backoff, ScheduledExecutorService scheduler) {
    this.results = results;
    this.cache = cache;
    this.backoff = backoff;
    this.scheduler = scheduler;
  }

  /**
   * Completes when the answer is in PostgreSQL; then, and never before, it counts as given. Gives
   * the operator as the catalogue has it, so that thousands of answers share one.
   */
  CompletionStage<Operator> write(Fresh answer) {
    var pending = new Pending(answer, new CompletableFuture<>());
    synchronized (this) {
      queue.add(pending);
      if (writing) {
        return pending.durable();
      }
      writing = true;
    }
    writeNext();
    return pending.durable();
  }

  private void writeNext() {
    var batch = new ArrayList<Pending>();
    synchronized (this) {
      while (!queue.isEmpty() && batch.size() < LARGEST_BATCH) {
        batch.add(queue.remove());
      }
      if (batch.isEmpty()) {
        writing = false;
        return;
      }
    }
    write(batch, 1);
  }

  private void write(List<Pending> batch, int attempt) {
    results
        .save(batch.stream().map(Pending::answer).toList())
        .whenComplete(
            (_, failure) -> {
              if (failure == null) {
                remember(batch);
                writeNext(); // while those who waited go on
                batch.forEach(
                    one -> one.durable().complete(results.catalogued(one.answer().operator())));
              } else {
                var delay = backoff.delay(attempt, RandomGenerator.getDefault());
                log.warn(
                    "{} answers could not be stored and are tried again in {} ms: {}",
                    batch.size(),
                    delay.toMillis(),
                    failure.toString());
                var _ =
                    scheduler.schedule(
                        () -> write(batch, attempt + 1), delay.toMillis(), TimeUnit.MILLISECONDS);
              }
            });
  }

  private void remember(List<Pending> batch) {
    var values = HashMap.<String, Cache.Kept>newHashMap(batch.size());
    for (var pending : batch) {
      var answer = pending.answer();
      values.put(key(answer.number()), kept(answer.operator(), answer.answeredAt()));
    }
    var _ = cache.putAll(values);
  }

  /** The cache's key for a number. */
  static String key(int number) {
    return "phone:" + number;
  }

  /**
   * An answer as the cache keeps it. Other programs read the operator's name there and nothing
   * else, so it is the time left that says when the answer was given.
   */
  static Cache.Kept kept(Operator operator, Instant answeredAt) {
    return new Cache.Kept(operator.label(), answeredAt.plus(TIME_TO_LIVE));
  }

  /**
   * When an answer was given that the cache keeps; now, where somebody else keeps it for longer.
   */
  static Instant answeredAt(Cache.Kept kept, Instant now) {
    return kept.until().isAfter(now.plus(TIME_TO_LIVE)) ? now : kept.until().minus(TIME_TO_LIVE);
  }
}
