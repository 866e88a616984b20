package io.centralita.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FairQueueTest {
  private final FairQueue<String> queue = new FairQueue<>();

  @Test
  void poll_severalOwners_takesTurnsWhateverTheirNumber() {
    for (var i = 0; i < 4; i++) {
      queue.add("ana", "a" + i);
    }
    queue.add("bea", "b0");
    queue.add("carla", "c0");

    assertEquals(List.of("a0", "b0", "c0", "a1", "a2", "a3"), drained());
  }

  @Test
  void poll_ownerWhoComesBack_standsBehindTheOthers() {
    queue.add("ana", "a0");
    queue.add("bea", "b0");
    assertEquals("a0", queue.poll().orElseThrow());

    queue.add("ana", "a1");

    assertEquals(List.of("b0", "a1"), drained());
  }

  @Test
  void remove_takesOutOneAndCountsIt() {
    queue.add("ana", "a0");
    queue.add("ana", "a1");

    assertTrue(queue.remove("ana", "a0"));
    assertFalse(queue.remove("ana", "a0"));
    assertFalse(queue.remove("bea", "a1"));

    assertEquals(1, queue.size());
    assertEquals(List.of("a1"), drained());
    assertTrue(queue.isEmpty());
  }

  @Test
  void removeIf_leavesNoEmptyOwnerBehind() {
    queue.add("ana", "x");
    queue.add("bea", "y");

    queue.removeIf("x"::equals);

    assertEquals(1, queue.size());
    assertEquals(List.of("y"), drained());
  }

  private List<String> drained() {
    var items = new ArrayList<String>();
    for (var item = queue.poll(); item.isPresent(); item = queue.poll()) {
      items.add(item.get());
    }
    return items;
  }
}
