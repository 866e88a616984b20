package io.centralita.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

final class TrampolineTest {
  private final Executor trampoline = Trampoline.TRAMPOLINE;
  private final List<String> done = new ArrayList<>();

  @Test
  void execute_byATask_runsItAfterThatTask() {
    trampoline.execute(
        () -> {
          trampoline.execute(() -> done.add("inner"));
          done.add("outer");
        });
    done.add("after");

    assertEquals(List.of("outer", "inner", "after"), done);
  }

  @Test
  void execute_aLongChain_needsNoDeepStack() {
    var caller = Thread.currentThread();
    step(200_000, caller);
    assertEquals(List.of("end"), done);
  }

  private void step(int left, Thread caller) {
    assertSame(caller, Thread.currentThread());
    trampoline.execute(
        () -> {
          if (left == 0) {
            done.add("end");
          } else {
            step(left - 1, caller);
          }
        });
  }

  @Test
  void execute_taskThatThrows_losesNoOther() {
    trampoline.execute(
        () -> {
          trampoline.execute(() -> done.add("next"));
          throw new IllegalStateException("a bug");
        });
    trampoline.execute(() -> done.add("later"));

    assertEquals(List.of("next", "later"), done);
  }
}
