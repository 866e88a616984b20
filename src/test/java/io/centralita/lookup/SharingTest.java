package io.centralita.lookup;

import static io.centralita.lookup.Person.numbers;
import static io.centralita.lookup.Person.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.TestNode;
import io.centralita.simulators.Faults;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several people at once: one call for one number, and even turns. */
final class SharingTest {
  private static final int SMALL = 40;

  private final Person ana = Person.fresh();
  private final Person bob = Person.fresh();

  @AfterEach
  void healthyPortal() {
    TestNode.PORTAL.faults(Faults.NONE);
  }

  private static long askedInAll() {
    return TestNode.PORTAL.stats().asked();
  }

  @Test
  void oneNumber_inTwoFilesAndByHand_isOneCall() {
    TestNode.PORTAL.faults(Faults.NONE.withLatency(300, 300));
    var number = numbers(1);

    var files =
        List.of(
            CompletableFuture.supplyAsync(() -> ana.file("a.csv", number)),
            CompletableFuture.supplyAsync(() -> bob.file("b.csv", number)));
    var byHand = ok(bob.api().get("/api/v1/numbers/" + number.getFirst()));

    assertEquals(Person.operatorOf(number.getFirst()), byHand.get("operator").asText());
    assertEquals(1, ana.completed(files.get(0).join()).get("outcomes").get("FOUND").asInt());
    assertEquals(1, bob.completed(files.get(1).join()).get("outcomes").get("FOUND").asInt());
    assertEquals(1, Person.asked(number.getFirst()));
  }

  @Test
  void smallFile_besideAnothersLargeOne_hasItsTurns_andANumberByHandOvertakesBoth() {
    TestNode.PORTAL.faults(Faults.NONE.withLatency(20, 20));
    var large = ana.file("large.csv", numbers(3000));
    TestNode.until(() -> ana.view(large).get("progres").asInt() > 0);

    // Hundreds of ana's numbers stand in the queue by now.
    var smalls = numbers(SMALL);
    var small = bob.file("small.csv", smalls);
    TestNode.until(() -> smalls.stream().anyMatch(number -> Person.asked(number) > 0));
    var atItsBeginning = askedInAll();
    TestNode.until(() -> smalls.stream().allMatch(number -> Person.asked(number) > 0));
    var meanwhile = askedInAll() - atItsBeginning;
    assertTrue(meanwhile <= 4 * SMALL, meanwhile + " calls for " + SMALL + " numbers");

    var before = askedInAll();
    ok(bob.api().get("/api/v1/numbers/" + numbers(1).getFirst()));
    var overtaken = askedInAll() - before;
    assertTrue(overtaken <= 20L * TestNode.CALLS_AT_ONCE, overtaken + " calls before one by hand");

    bob.completed(small);
    assertEquals("processing", ana.view(large).get("status").asText());
    ana.api().delete("/api/v1/files/" + large);
  }

  @Test
  void fiveHundredNumbers_besideAnothersHundredThousand_takeAtMostThreeTimesAsLong() {
    TestNode.PORTAL.faults(Faults.NONE.withLatency(10, 10));
    var alone = secondsFor(numbers(500));
    var large = ana.file("large.csv", numbers(100_000));
    TestNode.until(() -> ana.view(large).get("progres").asInt() > 0);

    var beside = secondsFor(numbers(500));

    assertTrue(beside <= 3 * alone, beside + " s beside a large file, " + alone + " s alone");
    assertEquals("processing", ana.view(large).get("status").asText());
    ana.api().delete("/api/v1/files/" + large);
  }

  private double secondsFor(List<String> numbers) {
    var began = System.nanoTime();
    bob.done("small-" + began + ".csv", numbers);
    return (System.nanoTime() - began) / 1e9;
  }
}
