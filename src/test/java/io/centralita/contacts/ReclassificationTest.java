package io.centralita.contacts;

import static io.centralita.contacts.Store.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.access.Users;
import io.centralita.jobs.RunKind;
import io.centralita.phone.NumberingFile;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Contacts being brought into line with a plan, on a store of the test's own. */
final class ReclassificationTest {
  private static final int PEOPLE = 6_000;
  private static final LocalDate FIRST_DAY = LocalDate.of(2020, 1, 1);
  private static final AtomicInteger DAYS = new AtomicInteger();

  private static final String WAITING =
      "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";

  private static Store store;
  private static NumberingLoad load;
  private static NumberingPlans plans;
  private static long user;

  @BeforeAll
  static void start() throws Exception {
    store = new Store().fill(PEOPLE);
    load = new NumberingLoad(store.db);
    plans = new NumberingPlans(store.db);
    user = done(new Users(store.db).idOf("ana"));
  }

  @AfterAll
  static void stop() throws Exception {
    try (var connection = store.connect()) {
      connection.setAutoCommit(false);
      var sum = ContactCheck.run(connection, _ -> {}, new AtomicBoolean(true));
      assertTrue(sum.sound(), sum::toString); // whatever the tests did
    }
    store.close();
  }

  private static NumberingLoad.Order order(LocalDate date, String text) {
    return new NumberingLoad.Order(
        user, date, "f", "%064x".formatted(text.hashCode()), content(text));
  }

  private static NumberingFile.Loaded content(String text) {
    return NumberingPlanFile.loaded(text);
  }

  /** A plan with the latest date so far, which therefore is in force. */
  private static int plan(String text) {
    var date = FIRST_DAY.plusDays(DAYS.incrementAndGet());
    var added = done(load.add(order(date, text), false));
    return assertInstanceOf(NumberingLoad.Added.New.class, added).id();
  }

  /** Of each area, so many numbers from the first that the store has. */
  private static String ranges(int mobiles, int fixed) {
    var rows = new ArrayList<String>();
    for (var city = 1; city <= Store.CITIES; city++) {
      var first = Store.lada(city) * 10_000_000L + 2_000_000;
      rows.add("%d-%d MPP Carrier 7".formatted(first, first + mobiles - 1));
      rows.add("%d-%d FIJO Carrier 3".formatted(first + mobiles, first + mobiles + fixed - 1));
    }
    return NumberingPlanFile.of(rows);
  }

  private static RunKind.Window window(int plan, int number, BooleanSupplier cancelled) {
    return new RunKind.Window(
        Integer.toString(plan), "ana", number, 1, 1, null, cancelled, _ -> {}, _ -> {});
  }

  private static CompletionStage<RunKind.Finished> run(int plan, int number) {
    return new Reclassification(store.db, plans).run(window(plan, number, () -> false));
  }

  /** All windows of the plan's run, one after the other; how many contacts were changed. */
  private static long runAll(int plan) {
    return IntStream.range(0, Parts.COUNT)
        .mapToObj(number -> done(run(plan, number)).counts())
        .peek(counts -> assertTrue(counts.getOrDefault(Reclassification.UNCHANGED, -1L) >= 0))
        .mapToLong(counts -> counts.getOrDefault(Reclassification.CHANGED, 0L))
        .sum();
  }

  /** Contacts that are not as ranges of so many numbers say. */
  private static long wrong(int mobiles, int fixed) {
    return store.count(
        """
        SELECT count(*) FROM (
          SELECT c.kind, k.name::text, phone %% 10000000 - 2000000 AS place
          FROM contacts c JOIN carriers k ON k.id = c.carrier) AS found
        WHERE (kind, name) IS DISTINCT FROM
          CASE WHEN place < %1$d THEN (1::smallint, 'Carrier 7'::text)
               WHEN place < %1$d + %2$d THEN (2::smallint, 'Carrier 3'::text)
               ELSE (0::smallint, ''::text) END
        """
            .formatted(mobiles, fixed));
  }

  private static long counted(int kind) {
    return store.count("SELECT coalesce(sum(n), 0) FROM contact_counts WHERE kind = " + kind);
  }

  @Test
  void run_planInForce_contactsAndCountersAreAsItSays() {
    var changes = store.count("SELECT count(*) FROM contact_changes");
    var plan = plan(ranges(3_000, 2_000));

    var wrong = wrong(3_000, 2_000);

    assertEquals(wrong, runAll(plan));

    assertEquals(0, wrong(3_000, 2_000));
    assertEquals(3_000, counted(1));
    assertEquals(2_000, counted(2));
    assertEquals(1_000, counted(0));
    assertEquals(changes, store.count("SELECT count(*) FROM contact_changes"));
    assertEquals(0, runAll(plan), "a second time there is nothing to do");
  }

  @Test
  void run_givenUpAndRepeated_endsAsIfNothingHadBeen() {
    var plan = plan(ranges(1_000, 4_500));
    var asked = new AtomicInteger();
    var work = new Reclassification(store.db, plans);
    for (var part = 0; part < Parts.COUNT; part += 2) {
      done(work.run(window(plan, part, () -> false)));
    }
    var givenUp = work.run(window(plan, 1, () -> asked.incrementAndGet() > 0));

    assertThrows(CompletionException.class, () -> done(givenUp));
    runAll(plan);

    assertEquals(0, wrong(1_000, 4_500));
  }

  @Test
  void run_whilePeopleOptOut_countsEachAsItIs() {
    var plan = plan(ranges(2_500, 0));
    var people =
        done(
            store.db.query(
                "SELECT phone FROM contacts WHERE opt_out_at IS NULL ORDER BY draw LIMIT 600",
                _ -> {},
                row -> row.getLong(1)));
    var optOuts = new OptOuts(store.db);
    var order = new OptOuts.Order("LIST", "asked", "ana");
    var lists =
        IntStream.range(0, 12)
            .mapToObj(i -> optOuts.record(people.subList(i * 50, i * 50 + 50), order));
    var windows = IntStream.range(0, Parts.COUNT).mapToObj(number -> run(plan, number));

    var all =
        Stream.concat(lists, windows)
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(all).join();

    assertEquals(0, wrong(2_500, 0));
    assertEquals(
        store.count("SELECT count(*) FROM contacts WHERE opt_out_at IS NOT NULL"),
        store.count("SELECT sum(n) FROM contact_counts WHERE opted_out"));
    assertEquals(
        store.count("SELECT count(*) FROM contacts WHERE opt_out_at IS NOT NULL AND kind = 1"),
        store.count("SELECT sum(n) FROM carrier_counts WHERE opted_out AND kind = 1"));
  }

  @Test
  void run_planIsOvertaken_endsAndSaysSo() {
    var plan = plan(ranges(10, 0));
    plan(ranges(11, 0));

    var failure = assertThrows(CompletionException.class, () -> done(run(plan, 0)));

    assertInstanceOf(RunKind.RunFailedException.class, failure.getCause());
  }

  @Test
  void store_windowReadByAnEarlierPlan_isRefused() {
    var plan = plan(ranges(20, 0));
    var read = plans.current();
    assertEquals(plan, read.id());
    plan(ranges(21, 0));

    var failure =
        assertThrows(
            CompletionException.class,
            () ->
                done(
                    store.db.transaction(
                        "store",
                        connection -> {
                          NumberingLock.stored(connection, read.id());
                          return true;
                        })));

    assertInstanceOf(NumberingLock.PlanChangedException.class, failure.getCause());
  }

  @Test
  void add_whileAWindowIsBeingStored_comesIntoForceAfterIt() {
    var plan = plan(ranges(30, 0));
    var storing = new CompletableFuture<Void>();
    var stored = new CompletableFuture<Void>();
    var window =
        store.db.transaction(
            "store",
            connection -> {
              NumberingLock.stored(connection, plan);
              storing.complete(null);
              return stored.thenApply(_ -> true).join();
            });
    storing.join();

    var next = CompletableFuture.supplyAsync(() -> plan(ranges(31, 0)));

    awaitWaiting();
    assertFalse(next.isDone());
    assertEquals(plan, plans.current().id());
    stored.complete(null);
    assertTrue(done(window));
    assertEquals(next.join(), plans.current().id());
  }

  /** Until somebody waits for the lock; asking takes a while, so this is no busy wait. */
  private static void awaitWaiting() {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (store.count(WAITING) == 0) {
      assertTrue(System.nanoTime() < until, "nobody waits");
    }
  }

  @Test
  void bringIntoForce_dayHasCome_thePlanOfThatDayIs() {
    var before = plan(ranges(40, 0));
    var tomorrow = LocalDate.now(PlanDates.ZONE).plusDays(2);
    var added = done(load.add(order(tomorrow, ranges(41, 0)), false));
    var next = assertInstanceOf(NumberingLoad.Added.New.class, added).id();
    done(load.bringIntoForce());
    assertEquals(before, plans.current().id());

    store.sql(
        "UPDATE numbering_plans SET date = '%s' WHERE id = %d"
            .formatted(FIRST_DAY.plusDays(DAYS.incrementAndGet()), next));
    done(load.bringIntoForce());

    assertEquals(next, plans.current().id());
    assertEquals(1, store.count("SELECT count(*) FROM numbering_plans WHERE in_force"));
  }

  @Test
  void add_sameDate_isTheSameOrAnotherOrTakesItsPlace() {
    var text = ranges(50, 0);
    var plan = plan(text);
    var date = FIRST_DAY.plusDays(DAYS.get());

    assertEquals(new NumberingLoad.Added.Same(plan), done(load.add(order(date, text), false)));
    assertEquals(
        new NumberingLoad.Added.Other(plan), done(load.add(order(date, ranges(51, 0)), false)));
    assertEquals(plan, plans.current().id());
    var replaced =
        assertInstanceOf(
            NumberingLoad.Added.New.class, done(load.add(order(date, ranges(51, 0)), true)));

    assertEquals(plan, replaced.replaced());
    assertEquals(replaced.id(), plans.current().id());
    assertEquals(0, store.count("SELECT count(*) FROM numbering_ranges WHERE plan_id = " + plan));
  }

  @Test
  void add_carriersThatAreKnown_costNoIds() {
    plan(ranges(60, 0));
    var last = store.count("SELECT last_value FROM carriers_id_seq");

    plan(ranges(61, 0));

    assertEquals(last, store.count("SELECT last_value FROM carriers_id_seq"));
  }

  @Test
  void line_numbersOfAllKinds_isWhatThePlanSays() {
    plan(
        NumberingPlanFile.of(
            List.of(
                "5576000000-5576009999 CPP Carrier 1", "5576010000-5576019999 FIJO Carrier 2")));
    var plan = plans.current();

    assertEquals(new NumberingPlans.Line(1, 1), plan.line(525576005000L));
    assertEquals(new NumberingPlans.Line(2, 2), plan.line(525576010000L));
    assertEquals(new NumberingPlans.Line(0, 0), plan.line(525576020000L));
    assertEquals(new NumberingPlans.Line(1, 0), plan.line(34600123456L));
    assertEquals(new NumberingPlans.Line(2, 0), plan.line(34910123456L));
    assertEquals(new NumberingPlans.Line(0, 0), plan.line(12125552368L));
  }

  @Test
  void slices_ofManyContacts_coverEachNumberOnce() {
    var slices = new Slices(7, 3);

    assertEquals(7 * Parts.COUNT, slices.windows());
    assertEquals(0, slices.from(0));
    for (var window = 1; window < slices.windows(); window++) {
      assertEquals(slices.to(window - 1), slices.from(window));
      assertEquals(slices.part(window), Parts.of((int) slices.from(window)));
    }
    assertEquals(1L << 31, slices.to(slices.windows() - 1));
    var plan = plan(ranges(70, 0));
    var cut = done(Slices.of(store.db, plan, 100));
    assertEquals(4, cut.count());
    assertEquals(cut, done(Slices.of(store.db, plan, 1)), "settled once");
    assertEquals(PEOPLE, cut.contacts());
    assertEquals(
        PEOPLE,
        IntStream.range(0, cut.windows())
            .mapToObj(window -> done(run(plan, window)).counts())
            .mapToLong(counts -> counts.values().stream().mapToLong(n -> n).sum())
            .sum());
  }
}
