package io.centralita.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class StandstillsTest {
  private final AtomicInteger asked = new AtomicInteger();
  private final Standstills standstills =
      new Standstills(
          () -> {
            asked.incrementAndGet();
            return "";
          });
  private final List<String> heard = new ArrayList<>();

  @Test
  void because_reasonChangesAndIsTakenBack_isHeardOnceEach() {
    standstills.listen("ana", heard::add);
    standstills.parked("ana", "all open");
    standstills.parked("ana", "all open");

    standstills.because("ana", "disabled");
    standstills.because("ana", "");

    assertEquals(List.of("all open", "disabled", ""), heard);
  }

  @Test
  void because_reasonThatIsKnown_disturbsNobody() {
    standstills.listen("eva", heard::add);
    standstills.parked("ana", "all open");
    asked.set(0);

    standstills.because("ana", "all open");

    assertEquals(0, asked.get());
  }

  @Test
  void unparked_theLastOne_endsTheOwnersStandstill() {
    standstills.listen("ana", heard::add);
    standstills.parked("ana", "all open");
    standstills.parked("ana", "");

    standstills.unparked("ana");
    assertEquals("all open", standstills.of("ana"));
    standstills.unparked("ana");

    assertEquals(List.of("all open", ""), heard);
  }
}
