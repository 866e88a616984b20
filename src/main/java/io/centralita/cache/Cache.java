package io.centralita.cache;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Texts by key, in Redis, for a while. Where Redis is gone everything is absent and nothing is
 * kept: no method fails, and the first failure and the return are logged.
 */
public final class Cache implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Cache.class);
  private static final Duration CONNECT_AGAIN = Duration.ofSeconds(2);

  /**
   * The ways to Redis.
   *
   * @param single for one key at a time: whoever asks for it is not to wait behind a thousand
   */
  private record Connections(
      StatefulRedisConnection<String, String> single,
      StatefulRedisConnection<String, String> batches) {

    RedisAsyncCommands<String, String> forKeys(int count) {
      return (count == 1 ? single : batches).async();
    }
  }

  /** A text, and when it is forgotten; {@link Instant#MAX} where never. */
  public record Kept(String text, Instant until) {}

  // One MGET, and behind the values the milliseconds that each has left, as one text: asked for one
  // by one they would take longer than all the rest.
  private static final String VALUES_AND_TIMES =
      """
      local answer = redis.call('MGET', unpack(KEYS))
      local left = {}
      for i = 1, #KEYS do
        left[i] = answer[i] and redis.call('PTTL', KEYS[i]) or -2
      end
      answer[#answer + 1] = table.concat(left, ' ')
      return answer
      """;

  // One command: a thousand of their own would cost this side more than Redis.
  private static final String PUT =
      """
      for i = 1, #KEYS do
        redis.call('SET', KEYS[i], ARGV[2 * i - 1], 'PX', ARGV[2 * i])
      end
      return {'kept'}
      """;

  private final RedisClient client;
  private final ScheduledExecutorService scheduler;
  private final AtomicBoolean gone = new AtomicBoolean();
  private volatile @Nullable Connections connections;
  private volatile boolean closed;

  private Cache(RedisClient client, ScheduledExecutorService scheduler) {
    this.client = client;
    this.scheduler = scheduler;
  }

  /**
   * A cache that connects in the background, now and whenever the connection is lost.
   *
   * @param timeout how long an answer is waited for before the key counts as absent
   */
  public static Cache open(String url, Duration timeout, ScheduledExecutorService scheduler) {
    var client = RedisClient.create(RedisURI.create(url));
    client.setOptions(
        ClientOptions.builder()
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .socketOptions(SocketOptions.builder().connectTimeout(Duration.ofSeconds(2)).build())
            .timeoutOptions(TimeoutOptions.enabled(timeout))
            .build());
    var cache = new Cache(client, scheduler);
    cache.connect(url);
    return cache;
  }

  private void connect(String url) {
    if (closed) {
      return;
    }
    var at = RedisURI.create(url);
    var _ =
        client
            .connectAsync(StringCodec.UTF8, at)
            .thenCompose(single -> besides(single, at))
            .whenComplete(
                (connected, failure) -> {
                  if (connected != null) {
                    connections = connected;
                    back();
                  } else {
                    lost(failure);
                    var _ =
                        scheduler.schedule(
                            () -> connect(url), CONNECT_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
                  }
                });
  }

  private CompletionStage<Connections> besides(
      StatefulRedisConnection<String, String> single, RedisURI at) {
    return client
        .connectAsync(StringCodec.UTF8, at)
        .thenApply(batches -> new Connections(single, batches))
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                var _ = single.closeAsync();
              }
            });
  }

  /** What is kept under those keys that have something. One round trip, for a few thousand keys. */
  public CompletionStage<Map<String, Kept>> getAll(List<String> keys) {
    var redis = connections;
    if (redis == null || keys.isEmpty()) {
      return CompletableFuture.completedFuture(Map.of());
    }
    return redis
        .forKeys(keys.size())
        .<List<Object>>eval(VALUES_AND_TIMES, ScriptOutputType.MULTI, keys.toArray(String[]::new))
        .handle((answer, failure) -> failure == null ? present(keys, answer) : absent(failure));
  }

  private Map<String, Kept> present(List<String> keys, List<Object> answer) {
    back();
    var now = Instant.now();
    var left = String.valueOf(answer.getLast()).split(" ", -1);
    var found = HashMap.<String, Kept>newHashMap(keys.size());
    for (var i = 0; i < keys.size(); i++) {
      if (answer.get(i) instanceof String text) {
        var millis = Long.parseLong(left[i]);
        found.put(keys.get(i), new Kept(text, millis < 0 ? Instant.MAX : now.plusMillis(millis)));
      }
    }
    return found;
  }

  private Map<String, Kept> absent(Throwable failure) {
    lost(failure);
    return Map.of();
  }

  /** Keeps the texts until their times; true where Redis has them all. One round trip. */
  public CompletionStage<Boolean> putAll(Map<String, Kept> values) {
    var redis = connections;
    if (redis == null || values.isEmpty()) {
      return CompletableFuture.completedFuture(values.isEmpty());
    }
    var now = Instant.now();
    var keys = new ArrayList<String>(values.size());
    var texts = new ArrayList<String>(2 * values.size());
    values.forEach(
        (key, kept) -> {
          var left = Duration.between(now, kept.until());
          if (left.isPositive()) {
            keys.add(key);
            texts.add(kept.text());
            texts.add(Long.toString(Math.max(1, left.toMillis())));
          }
        });
    return run(PUT, keys, texts).thenApply(kept -> keys.isEmpty() || !kept.isEmpty());
  }

  /**
   * Runs a script, which returns a text for each of what it works on: several steps as one, in one
   * round trip. Empty where Redis is gone.
   */
  public CompletionStage<List<String>> run(String script, List<String> keys, List<String> values) {
    var redis = connections;
    if (redis == null || keys.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    CompletionStage<List<Object>> answered;
    try {
      answered =
          redis
              .forKeys(keys.size())
              .eval(
                  script,
                  ScriptOutputType.MULTI,
                  keys.toArray(String[]::new),
                  values.toArray(String[]::new));
    } catch (RuntimeException e) {
      lost(e);
      return CompletableFuture.completedFuture(List.of());
    }
    return answered.handle(
        (texts, failure) -> {
          if (failure != null) {
            lost(failure);
            return List.of();
          }
          back();
          return texts.stream().map(String::valueOf).toList();
        });
  }

  /** Whether Redis answered when it was last asked. */
  public boolean isPresent() {
    return connections != null && !gone.get();
  }

  private void lost(Throwable failure) {
    if (!closed && gone.compareAndSet(false, true)) {
      var cause = failure.getCause() == null ? failure : failure.getCause();
      log.warn("Redis does not answer; going on without it: {}", cause.toString());
    }
  }

  private void back() {
    if (gone.compareAndSet(true, false)) {
      log.info("Redis answers again");
    }
  }

  @Override
  public void close() {
    closed = true;
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
