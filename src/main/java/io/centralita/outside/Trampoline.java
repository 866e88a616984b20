package io.centralita.outside;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a task on the thread that hands it in, without waking another; a task handed in by a task is
 * run after it, not within it, so that a long chain of them needs no deep stack. For short tasks
 * that never block, handed in by whoever holds no lock. Thread-safe.
 */
public enum Trampoline implements Executor {
  TRAMPOLINE;

  private static final Logger log = LoggerFactory.getLogger(Trampoline.class);

  private static final ThreadLocal<ArrayDeque<Runnable>> waiting = new ThreadLocal<>();

  @Override
  public void execute(Runnable task) {
    var others = waiting.get();
    if (others != null) {
      others.add(task);
      return;
    }
    others = new ArrayDeque<>();
    waiting.set(others);
    try {
      for (var next = task; next != null; next = others.poll()) {
        run(next);
      }
    } finally {
      waiting.remove();
    }
  }

  /** A task that throws is no reason to lose those behind it. */
  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("a task failed", e);
    }
  }
}
