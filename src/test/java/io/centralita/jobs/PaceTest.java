package io.centralita.jobs;

import io.centralita.actor.Cause;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A node with one slot, and an operator who holds everybody. */
final class PaceTest {
  private static final ActorTestKit kit =
      ActorTestKit.create(
          com.typesafe.config.ConfigFactory.parseString("pekko.actor.provider = local")
              .withFallback(com.typesafe.config.ConfigFactory.load()));
  private static final Hold EVERYBODY =
      new Hold("", new Cause("op", "all", ""), Instant.EPOCH, null);

  private final ActorRef<Pace.Message> pace = kit.spawn(Pace.create(1));
  private final TestProbe<RunCommand> one = kit.createTestProbe();
  private final TestProbe<RunCommand> other = kit.createTestProbe();

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void slotThatIsGivenBackUnderAHold_isGrantedToNobodyWhoIsHeld() {
    pace.tell(new Pace.Request("ana", one.getRef()));
    pace.tell(new Pace.Request("eva", other.getRef()));
    one.expectMessage(RunCommand.Granted.SLOT);

    pace.tell(new Pace.Held(List.of(EVERYBODY)));
    pace.tell(new Pace.Release(one.getRef()));
    pace.tell(new Pace.Held(List.of()));

    other.expectMessage(new RunCommand.Held(EVERYBODY.pause()));
    other.expectMessage(new RunCommand.Held(null));
    pace.tell(new Pace.Request("eva", other.getRef())); // as a run does that may go on
    other.expectMessage(RunCommand.Granted.SLOT);
    other.expectNoMessage();
  }
}
