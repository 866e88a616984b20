package io.centralita.contacts;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Batches to be filled again: each has some thirty megabytes, which a collector would rather not
 * clear away every second. Thread-safe.
 */
final class Batches {
  private static final int MOST_IDLE = 4;

  private final Deque<ContactBatch> idle = new ArrayDeque<>();

  ContactBatch take(int importId) {
    ContactBatch batch;
    synchronized (this) {
      batch = idle.poll();
    }
    if (batch == null) {
      batch = new ContactBatch(ImportFolder.WINDOW);
    }
    batch.begin(importId);
    return batch;
  }

  synchronized void giveBack(ContactBatch batch) {
    if (idle.size() < MOST_IDLE) {
      idle.push(batch);
    }
  }
}
