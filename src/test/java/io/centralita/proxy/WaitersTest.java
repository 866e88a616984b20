package io.centralita.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.outside.Gate.Lane;
import io.centralita.proxy.ExitDesk.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class WaitersTest {
  private final Waiters waiters = new Waiters();
  private final List<String> told = new ArrayList<>();

  private CompletableFuture<Void> await(String owner, Lane lane) {
    var usable = new CompletableFuture<Void>();
    waiters.add(new Await(owner, lane, usable, why -> told.add(owner + ": " + why)), "all open");
    return usable;
  }

  private CompletableFuture<Void> await(String owner) {
    return await(owner, Lane.ORDINARY);
  }

  private static long done(List<CompletableFuture<Void>> some) {
    return some.stream().filter(CompletableFuture::isDone).count();
  }

  @Test
  void release_manyWait_letsSomeOfEachOwnerGoOn_personsFirst() {
    var anas = Stream.generate(() -> await("ana")).limit(10).toList();
    var evas = Stream.generate(() -> await("eva")).limit(2).toList();
    var persons = await("ana", Lane.URGENT);
    anas.getFirst().cancel(false);

    assertTrue(waiters.release(_ -> true, 3));

    assertTrue(persons.isDone());
    assertEquals(1 + 2, done(anas)); // the cancelled one takes nobody's turn
    assertEquals(2, done(evas));
    assertFalse(waiters.release(_ -> true, 10));
    assertTrue(waiters.isEmpty());
  }

  @Test
  void release_noWay_letsNobodyGoOn() {
    var anas = await("ana");

    assertFalse(waiters.release("eva"::equals, 3));

    assertFalse(anas.isDone());
    anas.cancel(false);
    waiters.tidy();
    assertTrue(waiters.isEmpty());
  }

  @Test
  void tell_reasonIsMadeOnceForAnOwner_andToldWhenItChanges() {
    var _ = await("ana");
    var _ = await("ana");
    var made = new ArrayList<String>();
    told.clear();

    for (var i = 0; i < 2; i++) {
      waiters.tell(
          owner -> {
            made.add(owner);
            return "disabled";
          });
    }

    assertEquals(List.of("ana", "ana"), made);
    assertEquals(List.of("ana: disabled", "ana: disabled"), told);
  }

  @Test
  void tell_reasonIsGone_takesItBack() {
    var _ = await("ana");
    waiters.tell(_ -> "disabled");
    told.clear();

    waiters.tell(_ -> "");

    assertEquals(List.of("ana: "), told);
  }
}
