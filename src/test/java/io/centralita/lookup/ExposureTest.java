package io.centralita.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.lookup.Asking.Asked;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Windows of one file that may have three numbers exposed between them. */
final class ExposureTest {
  private static final Operator OPERATOR = new Operator("DIGI", "DIGI", "01");
  private static final Finding FOUND = Finding.found(OPERATOR, Source.SCRAPING, 1);
  private static final Finding UNKNOWN = Finding.of(new Answer.Unknown("none"), 1);

  private final Exposure exposure = new Exposure(3);
  private final List<CompletableFuture<Finding>> begun = new ArrayList<>();
  private int withdrawn;

  private CompletableFuture<Finding> ask(Exposure.Window window) {
    return ask(window, 1);
  }

  /** Asks so many times, and gives the last. */
  private CompletableFuture<Finding> ask(Exposure.Window window, int times) {
    return window.ask(Collections.nCopies(times, this::begin)).getLast();
  }

  private Asked begin() {
    var answer = new CompletableFuture<Finding>();
    begun.add(answer);
    return new Asked(answer, () -> withdrawn++, () -> "");
  }

  @Test
  void ask_moreThanMayBeExposed_waitsForADurableAnswer() {
    var window = exposure.window("1");
    var last = ask(window, 4);
    assertEquals(3, begun.size());

    begun.get(1).complete(FOUND);
    assertEquals(4, begun.size());
    begun.get(3).complete(FOUND);
    assertEquals(FOUND, last.join());
  }

  @Test
  void ask_answersThatAreNotStored_stayExposedUntilTheirWindowIs() {
    var first = exposure.window("1");
    var second = exposure.window("1");
    var _ = ask(first, 2);
    var _ = ask(second);
    var last = ask(second);

    begun.forEach(answer -> answer.complete(UNKNOWN));
    assertEquals(3, begun.size());
    assertFalse(last.isDone());

    first.close();
    assertEquals(4, begun.size());
  }

  @Test
  void ask_earlierWindow_isServedBeforeALaterOne() {
    var first = exposure.window("1");
    var second = exposure.window("1");
    var _ = ask(first, 2);
    var _ = ask(second);
    var ofFirst = ask(first);
    var ofSecond = ask(second);

    begun.get(0).complete(FOUND);
    begun.get(3).complete(FOUND);
    assertTrue(ofFirst.isDone());
    assertEquals(5, begun.size());
    begun.get(4).complete(FOUND);
    assertTrue(ofSecond.isDone());
  }

  @Test
  void ask_anotherFile_hasItsOwnBound() {
    var one = exposure.window("1");
    var other = exposure.window("2");
    var _ = ask(one, 5);
    var _ = ask(other, 5);
    assertEquals(6, begun.size());
  }

  @Test
  void withdraw_endsWhatWaitsAndWhatIsAsked_andMakesRoom() {
    var gone = exposure.window("1");
    var _ = ask(gone, 3);
    var waiting = ask(gone);
    var other = exposure.window("1");
    var _ = ask(other);

    gone.withdraw();

    assertTrue(waiting.isCancelled());
    assertEquals(3, withdrawn);
    assertEquals(4, begun.size());
    assertTrue(ask(gone).isCancelled());
  }

  @Test
  void ask_answersAtHand_doNotNest() {
    var window = exposure.window("1");
    var _ = ask(window, 3);
    var atHand = new Asked(CompletableFuture.completedFuture(FOUND), () -> {}, () -> "");
    var findings = window.ask(Collections.nCopies(100_000, () -> atHand));
    begun.getFirst().complete(FOUND);
    assertTrue(findings.getLast().isDone());
  }

  @Test
  void ask_byTwoWindowsAtOnce_withoutADurableAnswer_bothEnd() throws Exception {
    for (var round = 0; round < 2000; round++) {
      var both = new Exposure(100);
      var windows =
          Stream.of(both.window("1"), both.window("1"))
              .map(
                  window ->
                      CompletableFuture.runAsync(
                          () -> {
                            var atHand =
                                new Asked(
                                    CompletableFuture.completedFuture(UNKNOWN), () -> {}, () -> "");
                            var findings = window.ask(Collections.nCopies(100, () -> atHand));
                            findings.forEach(CompletableFuture::join);
                            window.close();
                          },
                          task -> Thread.ofVirtual().start(task)))
              .toList();
      for (var window : windows) {
        window.get(20, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void ask_thatThrows_failsItsQuestion_andHoldsUpNoOther() {
    var window = exposure.window("1");
    Supplier<Asked> broken =
        () -> {
          throw new IllegalStateException("a bug");
        };

    var findings = window.ask(List.of(broken, this::begin));

    assertTrue(findings.getFirst().isCompletedExceptionally());
    begun.getFirst().complete(FOUND);
    assertEquals(FOUND, findings.getLast().join());
  }

  @Test
  void withdraw_whileItsNumbersAreBegun_withdrawsEachOnce() throws Exception {
    for (var round = 0; round < 1000; round++) {
      var window = new Exposure(30).window("1");
      var some = new AtomicInteger();
      var gone = new AtomicInteger();
      Supplier<Asked> begin =
          () -> {
            some.incrementAndGet();
            return new Asked(new CompletableFuture<>(), gone::incrementAndGet, () -> "");
          };

      var asking = CompletableFuture.runAsync(() -> window.ask(Collections.nCopies(60, begin)));
      window.withdraw();
      asking.get(20, TimeUnit.SECONDS);

      assertEquals(some.get(), gone.get());
    }
  }
}
