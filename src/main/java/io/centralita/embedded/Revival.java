package io.centralita.embedded;

import io.centralita.outside.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a server of ours again whenever its process ends before we told it to. */
final class Revival implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Revival.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30), 2);
  private static final Duration LIVED_WELL = Duration.ofMinutes(1);

  private final String name;
  private final Supplier<Optional<ProcessHandle>> process;
  private final Runnable start;
  private volatile boolean closed;
  private Thread watcher = Thread.currentThread();

  private Revival(String name, Supplier<Optional<ProcessHandle>> process, Runnable start) {
    this.name = name;
    this.process = process;
    this.start = start;
  }

  /**
   * Watches a server that runs.
   *
   * @param process the server's process, where there is one
   * @param start starts the server where nobody else has in the meantime, and returns when it
   *     answers
   */
  static Revival of(String name, Supplier<Optional<ProcessHandle>> process, Runnable start) {
    var revival = new Revival(name, process, start);
    revival.watcher = Thread.ofVirtual().name("watch-" + name).start(revival::watch);
    return revival;
  }

  private void watch() {
    var attempt = -1;
    while (!closed) {
      var since = System.nanoTime();
      process.get().ifPresent(running -> running.onExit().join());
      if (System.nanoTime() - since > LIVED_WELL.toNanos()) {
        attempt = -1;
      }
      if (!sleep(BACKOFF.delay(++attempt, RandomGenerator.getDefault()))) {
        return;
      }
      try {
        log.warn("{} has ended by itself and is started again", name);
        start.run();
      } catch (RuntimeException e) {
        log.error("{} could not be started again; the next try follows", name, e);
      }
    }
  }

  private boolean sleep(Duration wait) {
    try {
      Thread.sleep(wait);
      return !closed;
    } catch (InterruptedException _) {
      return false; // closed
    }
  }

  /** No longer starts anything; returns when a start under way has ended. */
  @Override
  public void close() {
    closed = true;
    watcher.interrupt();
    try {
      watcher.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
