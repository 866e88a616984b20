package io.centralita.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** One request after another, at even distances, until it is closed; how long each one took. */
final class Latencies implements AutoCloseable {

  /** A request. */
  interface Call {
    void make() throws IOException;
  }

  /**
   * In milliseconds.
   *
   * @param failed requests without an answer
   */
  record Summary(int count, double p50, double p95, double p99, int failed) {}

  private final ConcurrentLinkedQueue<Double> milliseconds = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<IOException> failures = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean closed;

  private Latencies(int perSecond, Call call) {
    thread = Thread.ofPlatform().daemon().unstarted(() -> run(perSecond, call));
  }

  static Latencies of(int perSecond, Call call) {
    var latencies = new Latencies(perSecond, call);
    latencies.thread.start();
    return latencies;
  }

  private void run(int perSecond, Call call) {
    var begun = System.nanoTime();
    for (var i = 0L; !closed; i++) {
      var due = begun + i * 1_000_000_000L / perSecond;
      LockSupport.parkNanos(due - System.nanoTime());
      try {
        call.make();
        // From when it was due: a request that the one before it kept waiting has waited, too
        milliseconds.add((System.nanoTime() - due) / 1e6);
      } catch (IOException e) {
        failures.add(e);
      } catch (Refusal e) {
        failures.add(new IOException(e));
      }
    }
  }

  Summary summary() {
    return summary(List.of(this));
  }

  /** Of several series together. */
  static Summary summary(List<Latencies> series) {
    List<Double> sorted =
        series.stream().flatMap(one -> one.milliseconds.stream()).sorted().toList();
    var failed = series.stream().mapToInt(one -> one.failures.size()).sum();
    return sorted.isEmpty()
        ? new Summary(0, 0, 0, 0, failed)
        : new Summary(sorted.size(), at(sorted, 50), at(sorted, 95), at(sorted, 99), failed);
  }

  private static double at(List<Double> sorted, int percent) {
    var index = Math.min(sorted.size() - 1, sorted.size() * percent / 100);
    return Math.round(sorted.get(index) * 10) / 10.0;
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
