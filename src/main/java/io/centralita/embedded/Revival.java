package io.centralita.embedded;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a server of ours again whenever its process ends before we told it to. */
final class Revival implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Revival.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(200);
  private static final int DOUBLINGS = 7; // up to half a minute
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
      if (!awaitEnd()) {
        return;
      }
      if (System.nanoTime() - since > LIVED_WELL.toNanos()) {
        attempt = -1;
      }
      if (!sleep(FIRST_WAIT.multipliedBy(1L << Math.min(++attempt, DOUBLINGS)))) {
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

  /** False where it was closed meanwhile. */
  private boolean awaitEnd() {
    try {
      var running = process.get();
      if (running.isPresent()) {
        running.get().onExit().get();
      }
      return !closed;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a process's end cannot fail", e);
    } catch (InterruptedException _) {
      return false;
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
