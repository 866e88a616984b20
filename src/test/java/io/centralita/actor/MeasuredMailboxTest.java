package io.centralita.actor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.dispatch.Envelope;
import org.junit.jupiter.api.Test;

final class MeasuredMailboxTest {
  private final ArrayList<Long> waits = new ArrayList<>();
  private final MailboxTimes times = new MailboxTimes();
  private final MeasuredMailbox.Queue queue = new MeasuredMailbox.Queue("UserFile", times);

  private void enqueue(int count) {
    for (var i = 0; i < count; i++) {
      queue.enqueue(ActorRef.noSender(), new Envelope(i, ActorRef.noSender()));
    }
  }

  @Test
  void dequeue_givesMessagesInOrder_andTimesOneIn32() {
    times.tell((type, nanos) -> waits.add(type.equals("UserFile") ? nanos : -1));
    for (var i = 0; i < 96; i++) {
      enqueue(1);
      var message = queue.dequeue();
      assertEquals(0, message == null ? -1 : message.message());
    }

    assertEquals(3, waits.size());
    assertTrue(waits.stream().allMatch(nanos -> nanos >= 0), waits::toString);
  }

  @Test
  void dequeue_whileOneIsTimed_timesNoOther() {
    times.tell((_, nanos) -> waits.add(nanos));
    enqueue(100);
    assertEquals(100, queue.numberOfMessages());

    while (queue.hasMessages()) {
      queue.dequeue();
    }

    assertEquals(1, waits.size());
    assertNull(queue.dequeue());
    assertFalse(queue.hasMessages());
  }
}
