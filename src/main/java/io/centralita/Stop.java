package io.centralita;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A stop under way, and what is left of the time that all of it may take. */
final class Stop {
  private static final Logger log = LoggerFactory.getLogger(Stop.class);

  /** What a close gets that comes when the time is over. */
  private static final Duration LEAST = Duration.ofMillis(200);

  private static final Duration FOR_WORK = Duration.ofSeconds(2);

  private final long deadline;

  private Stop(long deadline) {
    this.deadline = deadline;
  }

  static Stop within(Duration limit) {
    return new Stop(System.nanoTime() + limit.toNanos());
  }

  /** What is left, or a moment where nothing is. */
  Duration left() {
    var left = Duration.ofNanos(deadline - System.nanoTime());
    return left.compareTo(LEAST) < 0 ? LEAST : left;
  }

  /** Closes it; where that takes longer than what is left it is interrupted, and goes on alone. */
  void close(AutoCloseable resource) {
    var name = resource.getClass().getSimpleName();
    var closing =
        new FutureTask<>(
            () -> {
              resource.close();
              return true;
            });
    Thread.ofPlatform().daemon().name("stop-" + name).start(closing);
    try {
      closing.get(left().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      log.warn("{} did not stop cleanly", name, e.getCause());
    } catch (TimeoutException _) {
      log.warn("{} did not stop in time, and is left", name);
      closing.cancel(true);
    } catch (InterruptedException _) {
      closing.cancel(true);
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Ends the work of a pool: what runs is interrupted and has a moment to end, what is queued is
   * dropped. Nobody waits for either any more.
   */
  static void end(ExecutorService pool) {
    var _ = pool.shutdownNow();
    try {
      if (!pool.awaitTermination(FOR_WORK.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("work does not end, and is left");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
