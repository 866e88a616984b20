package io.centralita.contacts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.db.Db;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class HoldingsTest {
  private static final int PEOPLE = 6_000;
  private static final Criteria ALL = criteria(List.of());

  private static Store store;

  @BeforeAll
  static void fill() throws Exception {
    store = new Store().fill(PEOPLE);
  }

  @AfterAll
  static void close() {
    store.close();
  }

  @AfterEach
  void releaseAll() throws SQLException {
    var most = store.count("SELECT coalesce(max(extraction_id), 0) FROM extraction_contacts");
    IntStream.rangeClosed(1, (int) most).forEach(HoldingsTest::release);
    store.sql("TRUNCATE extraction_contacts");
    assertSound();
  }

  private static Criteria criteria(List<Integer> cities) {
    return new Criteria(
        List.of(), List.of(), cities, null, null, List.of(), null, null, false, null, null, null,
        null, null, Set.of());
  }

  private static CompletionStage<List<Integer>> drawing(
      int extraction, List<Criteria> groups, int amount, long seed) {
    return store.db.transaction(
        "draw", connection -> Holdings.draw(connection, extraction, groups, amount, seed));
  }

  private static List<Integer> draw(int extraction, List<Criteria> groups, int amount) {
    return Store.done(drawing(extraction, groups, amount, extraction));
  }

  private static CompletionStage<Boolean> releasing(int extraction) {
    return store.db.transaction(
        "release",
        connection -> {
          Holdings.release(connection, extraction);
          return true;
        });
  }

  private static void release(int extraction) {
    Store.done(releasing(extraction));
  }

  private static List<Holdings.Held> held(int extraction) {
    return Store.done(
        store.db.transaction("held", connection -> Holdings.of(connection, extraction, 0, PEOPLE)));
  }

  private static List<Long> phones(int extraction) {
    return held(extraction).stream().map(Holdings.Held::phone).toList();
  }

  private static long available(Criteria criteria) {
    return Store.done(
        store.db.transaction("available", connection -> Holdings.available(connection, criteria)));
  }

  private static void assertSound() throws SQLException {
    try (var connection = store.connect()) {
      var sum =
          Db.transaction(connection, c -> ContactCheck.run(c, _ -> {}, new AtomicBoolean(true)));
      assertEquals(new ContactCheck.Sum(PEOPLE, 0, 0, true), sum);
    }
  }

  @Test
  void shares_areEvenWithinOne_andFillUpWhereAGroupRunsShort() {
    assertEquals(List.of(34, 33, 33), Holdings.shares(List.of(100L, 100L, 100L), 100));
    assertEquals(List.of(5, 48, 47), Holdings.shares(List.of(5L, 100L, 100L), 100));
    assertEquals(List.of(5, 0, 7), Holdings.shares(List.of(5L, 0L, 7L), 100));
    assertEquals(List.of(), Holdings.shares(List.of(), 100));
  }

  @Test
  void draw_overGroups_isBalancedAndOfThemAlone() throws Exception {
    var groups = IntStream.rangeClosed(1, 4).mapToObj(i -> criteria(List.of(i))).toList();
    assertEquals(List.of(25, 25, 25, 25), draw(1, groups, 100));
    var drawn = held(1);
    assertEquals(100, new HashSet<>(phones(1)).size());
    assertEquals(List.of("City 1", "City 4"), List.of(drawn.get(0).city(), drawn.get(99).city()));
    assertTrue(drawn.stream().noneMatch(Holdings.Held::optedOut));
    assertSound();
  }

  @Test
  void draws_oneAfterTheOther_shareNobodyAndEndWhenAllAreHeld() throws Exception {
    var city = criteria(List.of(2));
    var there = available(city);
    assertEquals(List.of(60), draw(1, List.of(city), 60));
    assertEquals(there - 60, available(city));
    assertEquals(List.of((int) there - 60), draw(2, List.of(city), 10_000));
    assertEquals(0, available(city));
    assertEquals(List.of(0), draw(3, List.of(city), 1));
    var all = new HashSet<>(phones(1));
    all.addAll(phones(2));
    assertEquals(there, all.size());
    release(1);
    assertEquals(60, available(city));
    assertEquals(new HashSet<>(phones(1)), redrawn(4, city));
  }

  private static Set<Long> redrawn(int extraction, Criteria criteria) {
    draw(extraction, List.of(criteria), PEOPLE);
    return new HashSet<>(phones(extraction));
  }

  @Test
  void draw_withASeed_isTheSameForTheSameStoreAndAnotherForAnother() {
    Store.done(drawing(1, List.of(ALL), 50, 7));
    var first = phones(1);
    release(1);
    Store.done(drawing(2, List.of(ALL), 50, 7));
    assertEquals(first, phones(2));
    release(2);
    Store.done(drawing(3, List.of(ALL), 50, 8));
    assertNotEquals(first, phones(3));
  }

  @Test
  void optOut_ofWhoIsHeld_isSeenAtOnceAndNeverDrawnAgain() throws Exception {
    var city = criteria(List.of(3));
    draw(1, List.of(city), 40);
    var gone = phones(1).subList(0, 10);
    Store.done(new OptOuts(store.db).record(gone, new OptOuts.Order("LIST", "asked", "ana")));
    assertEquals(10, held(1).stream().filter(Holdings.Held::optedOut).count());
    assertSound();
    var before = available(city);
    release(1);
    assertEquals(before + 30, available(city));
    assertTrue(redrawn(2, city).stream().noneMatch(gone::contains));
  }

  @Test
  void whoDrewAContact_isKnownAfterItWasLetGo() throws Exception {
    draw(1, List.of(criteria(List.of(5))), 5);
    var phone = phones(1).get(3);
    release(1);
    try (var connection = store.connect()) {
      assertEquals(List.of(new Holdings.Drawn(1, 3, false)), Holdings.drawnBy(connection, phone));
    }
  }

  @Test
  void manyAtOnce_withOptOutsAndReleases_conserveEverybody() throws Exception {
    var random = new Random(3);
    var under = new ArrayList<CompletableFuture<?>>();
    for (var i = 1; i <= 50; i++) {
      var groups =
          List.of(
              criteria(List.of(1 + random.nextInt(9))), criteria(List.of(10 + random.nextInt(9))));
      var extraction = i;
      var drawing = drawing(i, groups, 1 + random.nextInt(90), i).toCompletableFuture();
      under.add(i % 3 == 0 ? drawing.thenCompose(_ -> releasing(extraction)) : drawing);
      if (i % 10 == 0) {
        var list = IntStream.range(i * 5, i * 5 + 20).mapToObj(Store::phone).toList();
        under.add(
            new OptOuts(store.db)
                .record(list, new OptOuts.Order("LIST", "asked", "ana"))
                .toCompletableFuture());
      }
    }
    CompletableFuture.allOf(under.toArray(CompletableFuture<?>[]::new)).join();
    var held = store.count("SELECT count(*) FROM extraction_contacts WHERE held");
    assertEquals(
        held,
        store.count("SELECT count(DISTINCT contact_phone) FROM extraction_contacts WHERE held"));
    assertTrue(held > 0);
    assertEquals(
        PEOPLE,
        available(ALL)
            + store.count("SELECT count(*) FROM opt_outs JOIN contacts USING (draw, phone)")
            + store.count(
                "SELECT count(*) FROM extraction_contacts e WHERE held AND NOT EXISTS"
                    + " (SELECT 1 FROM opt_outs o WHERE o.phone = e.contact_phone)"));
    assertSound();
  }
}
