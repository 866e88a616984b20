package io.centralita.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.centralita.http.ProblemException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class RoomTest {
  /** Room for a hundred numbers. */
  private final Room room = new Room(100 * 4 * 64);

  private static Delivery delivery(int numbers, int invalid) {
    var delivery = new Delivery(10_000);
    for (var i = 0; i < numbers; i++) {
      delivery.add(Integer.toString(600_000_000 + i));
    }
    for (var i = 0; i < invalid; i++) {
      delivery.add("no number " + i);
    }
    return delivery;
  }

  private CompletableFuture<String> with(Delivery delivery, CompletableFuture<String> work) {
    return room.with(delivery, () -> work).toCompletableFuture();
  }

  @Test
  void with_whileThereIsRoom_doesTheWork_elseRefuses() {
    var first = new CompletableFuture<String>();
    var _ = with(delivery(60, 10), first);

    var refused =
        assertThrows(
            ProblemException.class,
            () -> with(delivery(21, 0), CompletableFuture.completedFuture("")));
    assertEquals(503, refused.problem().status());
    assertEquals("done", with(delivery(20, 0), CompletableFuture.completedFuture("done")).join());

    first.complete("");
    assertEquals("done", with(delivery(100, 0), CompletableFuture.completedFuture("done")).join());
  }

  @Test
  void with_workThatFails_givesItsRoomBack() {
    var _ =
        with(delivery(80, 0), CompletableFuture.failedFuture(new IllegalStateException("failed")));
    assertThrows(
        IllegalStateException.class,
        () ->
            room.with(
                delivery(80, 0),
                () -> {
                  throw new IllegalStateException("failed at once");
                }));

    assertEquals("done", with(delivery(80, 0), CompletableFuture.completedFuture("done")).join());
  }

  @Test
  void with_moreThanAllTheRoom_getsAllOfIt() {
    var large = new CompletableFuture<String>();
    var _ = with(delivery(500, 0), large);

    assertThrows(
        ProblemException.class, () -> with(delivery(1, 0), CompletableFuture.completedFuture("")));
    large.complete("");
    assertEquals("done", with(delivery(1, 0), CompletableFuture.completedFuture("done")).join());
  }
}
