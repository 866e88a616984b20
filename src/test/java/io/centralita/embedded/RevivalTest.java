package io.centralita.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A server that is killed comes back, and one that was stopped does not. */
final class RevivalTest {
  private final LinkedBlockingQueue<Process> started = new LinkedBlockingQueue<>();
  private volatile Process running = launch();

  private static Process launch() {
    try {
      return new ProcessBuilder(List.of("sleep", "600")).start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void start() {
    running = launch();
    started.add(running);
  }

  private Optional<ProcessHandle> process() {
    return Optional.of(running.toHandle()).filter(ProcessHandle::isAlive);
  }

  @Test
  void killedServer_isStartedAgain_untilTheRevivalIsClosed() throws Exception {
    var revival = Revival.of("sleep", this::process, this::start);
    running.destroyForcibly();
    var second = started.poll(10, TimeUnit.SECONDS);
    assertTrue(second != null && second.isAlive());

    revival.close();
    second.destroyForcibly().waitFor();
    assertEquals(0, started.size());
  }

  @Test
  void embeddedRedis_killed_answersAgainAtTheSameAddress() throws Exception {
    var path = Path.of("target", "test-data", "revival").toAbsolutePath();
    try (var dataDir = DataDir.open(path);
        var redis = EmbeddedRedis.start(dataDir);
        var _ = redis.keepRunning();
        var client = RedisClient.create(redis.url())) {
      var first = processId(client);
      var process = ProcessHandle.of(first).orElseThrow();
      assertTrue(process.destroyForcibly());
      process.onExit().join();

      assertNotEquals(first, processId(client));
    }
  }

  /** Asks until there is an answer. */
  private static long processId(RedisClient client) {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try (var connection = client.connect()) {
        var line =
            connection.sync().info("server").lines().filter(l -> l.startsWith("process_id:"));
        return Long.parseLong(line.findFirst().orElseThrow().substring("process_id:".length()));
      } catch (RedisException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }
}
