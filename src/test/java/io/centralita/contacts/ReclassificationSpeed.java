package io.centralita.contacts;

import static io.centralita.contacts.Store.done;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.centralita.access.Users;
import io.centralita.jobs.RunKind;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * How fast a million contacts are brought into line with a plan of 75,000 ranges, and how fast a
 * number is found in it. No test of a build: {@code mvn test -Dtest=ReclassificationSpeed}.
 */
final class ReclassificationSpeed {
  private static final int PEOPLE = 1_000_000;
  private static final int RANGE = 4_000;

  private static String plan(int shift) {
    var rows = new ArrayList<String>();
    for (var city = 1; city <= Store.CITIES; city++) {
      var first = Store.lada(city) * 10_000_000L + 2_000_000;
      for (var i = 0; i < 250; i++) {
        rows.add(
            "%d-%d %s Carrier %d"
                .formatted(
                    first + (long) i * RANGE,
                    first + (long) i * RANGE + RANGE - 1,
                    (i + city) % 3 == 0 ? "FIJO" : "MPP",
                    1 + (i + shift) % 50));
      }
    }
    return NumberingPlanFile.of(rows);
  }

  private static void say(String what, long count, long since) {
    var seconds = (System.nanoTime() - since) / 1e9;
    System.out.printf("%s: %,d in %.2f s, %,.0f/s%n", what, count, seconds, count / seconds);
  }

  @Test
  void run() throws Exception {
    try (var store = new Store().fill(PEOPLE)) {
      store.sql("UPDATE contacts SET kind = 0, carrier = 0", "VACUUM FULL contacts");
      store.count();
      var user = done(new Users(store.db).idOf("ana"));
      var load = new NumberingLoad(store.db);
      var plans = new NumberingPlans(store.db);
      for (var shift = 0; shift < 2; shift++) {
        var text = plan(shift);
        var begun = System.nanoTime();
        var content = NumberingPlanFile.loaded(text);
        say("rows read of the plan's file", content.rows(), begun);
        begun = System.nanoTime();
        var date = LocalDate.of(2020, 1, 1 + shift);
        var order = new NumberingLoad.Order(user, date, "f", "" + shift, content);
        var plan = ((NumberingLoad.Added.New) done(load.add(order, false))).id();
        say("ranges kept", content.plan().size(), begun);
        begun = System.nanoTime();
        var current = plans.current();
        say("ranges brought to memory", current.ranges().size(), begun);
        find(current);
        var changed =
            runAll(store, plans, plan, shift == 0 ? "from unknown" : "to another carrier");
        assertEquals(PEOPLE, changed);
        assertEquals(0, runAll(store, plans, plan, "nothing to change"));
      }
    }
  }

  private static void find(NumberingPlans.Plan plan) {
    var random = new SplittableRandom(1);
    var phones = new long[1_000_000];
    for (var i = 0; i < phones.length; i++) {
      phones[i] = Store.phone(random.nextInt(PEOPLE));
    }
    for (var round = 0; round < 3; round++) {
      var begun = System.nanoTime();
      var sum = 0;
      for (var phone : phones) {
        sum += plan.line(phone).kind();
      }
      var nanos = (System.nanoTime() - begun) / (double) phones.length;
      System.out.printf("a number is found in %.0f ns (%d)%n", nanos, sum);
    }
  }

  private static long runAll(Store store, NumberingPlans plans, int plan, String what) {
    var slices = done(Slices.of(store.db, plan, Reclassification.SLICE));
    var work = new Reclassification(store.db, plans);
    var next = new AtomicInteger();
    var begun = System.nanoTime();
    var workers =
        IntStream.range(0, 2) // as a run has windows under way
            .mapToObj(
                _ ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          var changed = 0L;
                          for (var i = next.getAndIncrement();
                              i < slices.windows();
                              i = next.getAndIncrement()) {
                            var window =
                                new RunKind.Window(
                                    "" + plan, "ana", i, 1, 1, null, () -> false, _ -> {}, _ -> {});
                            changed +=
                                done(work.run(window))
                                    .counts()
                                    .getOrDefault(Reclassification.CHANGED, 0L);
                          }
                          return changed;
                        }))
            .toList();
    var changed = workers.stream().mapToLong(CompletableFuture::join).sum();
    say(what, PEOPLE, begun);
    return changed;
  }
}
