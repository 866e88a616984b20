package io.centralita.db;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Items that are sent together: what comes while one batch is under way makes the next. So batches
 * are as large as the load, and nothing waits for a clock.
 */
public final class Batches<T> {
  private final int largest;
  private final Function<List<T>, CompletionStage<?>> send;
  private final ArrayDeque<T> queue = new ArrayDeque<>();
  private boolean sending;

  /**
   * @param send sends a batch and completes, however it went, when the next may go
   */
  public Batches(int largest, Function<List<T>, CompletionStage<?>> send) {
    this.largest = largest;
    this.send = send;
  }

  public void add(T item) {
    synchronized (this) {
      queue.add(item);
      if (sending) {
        return;
      }
      sending = true;
    }
    sendNext();
  }

  private void sendNext() {
    var batch = new ArrayList<T>();
    synchronized (this) {
      while (!queue.isEmpty() && batch.size() < largest) {
        batch.add(queue.remove());
      }
      if (batch.isEmpty()) {
        sending = false;
        return;
      }
    }
    send.apply(batch).whenComplete((_, _) -> sendNext());
  }
}
