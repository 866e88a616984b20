package io.centralita.lookup;

import io.centralita.http.ProblemException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * How many numbers may be on their way into files at once: as many as a quarter of the heap holds.
 */
final class Room {
  /** A number in the sets of a delivery and of the file that it goes into; measured. */
  private static final int BYTES_OF_A_NUMBER = 64;

  /** A text that is no number takes as much as so many numbers. */
  private static final int INVALID_COUNTS = 2;

  private final int size;
  private final Semaphore free;

  /**
   * @param heap bytes
   */
  Room(long heap) {
    this.size = (int) Math.min(Integer.MAX_VALUE, heap / 4 / BYTES_OF_A_NUMBER);
    this.free = new Semaphore(size);
  }

  /**
   * Does the work with a delivery while there is room for it. One that alone is larger than the
   * room gets all of it.
   *
   * @throws ProblemException (503) where others have taken it
   */
  <T> CompletionStage<T> with(Delivery delivery, Supplier<CompletionStage<T>> work) {
    var weight = delivery.numbers().size() + (long) INVALID_COUNTS * delivery.invalid().size();
    var taken = (int) Math.min(size, weight);
    if (!free.tryAcquire(taken)) {
      throw ProblemException.unavailable(
          "more numbers are being stored than this node has room for", Duration.ofSeconds(5));
    }
    try {
      return work.get().whenComplete((_, _) -> free.release(taken));
    } catch (RuntimeException | Error e) {
      free.release(taken);
      throw e;
    }
  }
}
