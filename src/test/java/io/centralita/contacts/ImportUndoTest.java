package io.centralita.contacts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import io.centralita.access.Users;
import io.centralita.db.Db;
import io.centralita.jobs.RunKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImportUndoTest {
  private static final AtomicInteger FILES = new AtomicInteger();

  private static Path file(List<@Nullable Object[]> rows) {
    return NumerosFile.of(
        TestNode.importFolder().resolve("undo-" + FILES.incrementAndGet() + ".db"), rows);
  }

  private static @Nullable Object[] row(@Nullable Object... values) {
    return values;
  }

  private static JsonNode imported(Path file) {
    var answer =
        TestNode.admin().post("/api/v1/imports", "{\"file\":\"%s\"}".formatted(file.getFileName()));
    assertEquals(202, answer.statusCode(), answer.body());
    var id = OpenApi.json(answer).get("id").asInt();
    TestNode.until(() -> view(id).get("status").asText().equals("completed"));
    return view(id);
  }

  private static int idOf(JsonNode view) {
    return view.get("id").asInt();
  }

  private static JsonNode view(int id) {
    return OpenApi.json(TestNode.admin().get("/api/v1/imports/" + id));
  }

  private static JsonNode undo(int id) {
    return OpenApi.json(TestNode.admin().get("/api/v1/imports/" + id + "/undo"));
  }

  private static JsonNode undone(int id) {
    var answer = TestNode.admin().delete("/api/v1/imports/" + id);
    assertEquals(202, answer.statusCode(), answer.body());
    TestNode.until(() -> undo(id).get("status").asText().equals("completed"));
    assertTrue(view(id).get("undone_at").isTextual());
    return undo(id);
  }

  private static void assertCounts(JsonNode undo, int removed, int kept, int restored) {
    assertEquals(
        List.of(removed, kept, restored),
        List.of(
            undo.get("removed").asInt(), undo.get("kept").asInt(), undo.get("restored").asInt()),
        undo.toString());
  }

  private static void assertSound() {
    var check = TestNode.admin().post("/api/v1/contacts/check", "");
    assertTrue(check.body().contains("\"sound\":true"), check.body());
  }

  private static JsonNode contact(long phone) {
    return OpenApi.json(TestNode.admin().get("/api/v1/contacts/+" + phone));
  }

  private static <T> T inTransaction(Db.Work<T> work) {
    return TestNode.db().transaction("test", work).toCompletableFuture().join();
  }

  /** Begins an undo without its run. */
  private static void begin(int id) {
    new ImportUndos(TestNode.db())
        .begin(id, TestNode.count("SELECT user_id FROM imports WHERE id = " + id))
        .toCompletableFuture()
        .join();
  }

  /** So many contacts that a part, with what other tests have left in it, is that many chunks. */
  private static int contactsOf(int chunks) {
    return 1 + (int) TestNode.count("SELECT count(*) FROM contacts_00") / chunks;
  }

  private static ImportUndoWork work(int contactsAtOnce, int changesAtOnce) {
    var db = TestNode.db();
    return new ImportUndoWork(
        db, new ImportUndos(db), new ContactIndexes(db), contactsAtOnce, changesAtOnce);
  }

  private static RunKind.Finished run(
      ImportUndoWork work, int id, int window, BooleanSupplier cancelled) {
    return work.run(
            new RunKind.Window(
                Integer.toString(id), "", window, 1, 1, null, cancelled, _ -> {}, _ -> {}))
        .toCompletableFuture()
        .join();
  }

  @Test
  void undo_contactsBroughtAndChanged_goOrBecomeWhatTheyWere() {
    var first =
        idOf(
            imported(
                file(
                    List.of(
                        row("6141110001", null, "Ana", "Calle 1", null, null, "CHIH", null),
                        row("6141110002", null, "Eva", null, null, null, null, null)))));
    var second =
        imported(
            file(
                List.of(
                    row("6141110001", null, "Ana María", null, null, null, "SON", null),
                    row("6141110002", null, "Eva", null, null, null, null, null),
                    row("6141110003", null, "Luz", null, null, null, null, null))));
    assertEquals(
        200, TestNode.admin().post("/api/v1/contacts/6141110003/opt-out", "{}").statusCode());

    var undo = undone(idOf(second));

    assertCounts(undo, 1, 0, 1);
    assertEquals(2, undo.get("total").asInt());
    assertEquals("Ana", contact(526141110001L).get("full_name").asText());
    assertEquals("CHIH", contact(526141110001L).get("state_code").asText());
    var history = contact(526141110001L).get("history");
    assertEquals("import " + idOf(second) + " undone", history.get(0).get("reason").asText());
    assertEquals("Ana María", history.get(0).get("before").get("name").asText());
    assertEquals(first, contact(526141110001L).get("import_id").asInt());
    assertEquals(404, TestNode.admin().get("/api/v1/contacts/6141110003").statusCode());
    assertEquals(
        0, TestNode.count("SELECT count(*) FROM contact_changes WHERE phone = 526141110003"));
    assertEquals(1, TestNode.count("SELECT count(*) FROM opt_outs WHERE phone = 526141110003"));
    assertEquals(
        1, TestNode.count("SELECT count(*) FROM import_windows WHERE import_id = " + idOf(second)));
    assertSound();
  }

  @Test
  void undo_anotherImportChangedTheContact_itStaysAndIsThatOnes() {
    var first =
        idOf(
            imported(file(List.<@Nullable Object[]>of(row("6142110001", null, "Ana", "Calle 1")))));
    var second =
        idOf(imported(file(List.<@Nullable Object[]>of(row("6142110001", null, "Ana María")))));
    var third =
        idOf(
            imported(
                file(List.<@Nullable Object[]>of(row("6142110001", null, null, null, "Centro")))));

    assertCounts(undone(first), 0, 1, 0);

    assertEquals(second, contact(526142110001L).get("import_id").asInt());
    assertEquals("Calle 1", contact(526142110001L).get("address").asText());
    assertCounts(undone(second), 0, 1, 1);
    assertEquals(third, contact(526142110001L).get("import_id").asInt());
    assertEquals("Ana", contact(526142110001L).get("full_name").asText());
    assertEquals("Centro", contact(526142110001L).get("neighborhood").asText());
    assertCounts(undone(third), 1, 0, 0);
    assertSound();
  }

  @Test
  void undo_sameFileAgain_givesTheSameTruth() {
    var file =
        file(IntStream.range(0, 300).mapToObj(i -> row(6143110000L + i, null, "A" + i)).toList());
    var first = imported(file);
    assertCounts(undone(idOf(first)), 300, 0, 0);

    var again = imported(file);

    for (var count : List.of("read", "imported", "updated", "duplicates", "rejected")) {
      assertEquals(first.get(count).asInt(), again.get(count).asInt(), count);
    }
    assertEquals("A7", contact(526143110007L).get("full_name").asText());
    assertCounts(undone(idOf(again)), 300, 0, 0);
    assertSound();
  }

  @Test
  void undo_severalImportsAndOptOutsInAnyOrder_contactsAreAsASimpleModelSays() {
    for (var seed = 1; seed <= 2; seed++) {
      var random = new Random(seed);
      var model = new UndoModel(526_144_000_000L + seed * 1_000L, 40);
      var live = new ArrayList<Integer>();
      for (var step = 0; step < 9 || !live.isEmpty(); step++) {
        var die = step < 9 ? random.nextInt(10) : 9;
        if (die < 5 || (live.isEmpty() && die > 6)) {
          var rows = model.rows(random);
          var id = idOf(imported(file(rows)));
          model.imported(id, rows);
          live.add(id);
        } else if (die < 7) {
          var phone = model.anyPhone(random);
          TestNode.admin().post("/api/v1/contacts/+" + phone + "/opt-out", "{}");
          model.optedOut(phone);
        } else {
          var id = live.get(random.nextInt(live.size()));
          live.remove(Integer.valueOf(id));
          if (random.nextInt(4) == 0) {
            undone(id);
          } else {
            undoneWithFaults(id, random);
          }
          model.undone(id);
        }
        assertEquals(model.contacts(), stored(model), "seed " + seed + ", step " + step);
      }
      assertEquals(Map.of(), stored(model));
      assertEquals(
          0,
          TestNode.count(
              "SELECT count(*) FROM contact_changes WHERE phone BETWEEN %d AND %d"
                  .formatted(model.first(), model.last())));
    }
    assertSound();
  }

  /** By small chunks, in any order, with windows given up in the middle and repeated. */
  private static void undoneWithFaults(int id, Random random) {
    begin(id);
    var work = work(contactsOf(1 + random.nextInt(5)), 1 + random.nextInt(5));
    var windows = new ArrayList<>(IntStream.range(0, ImportUndoWork.WINDOWS - 1).boxed().toList());
    Collections.shuffle(windows, random);
    for (var window : windows) {
      var chunks = new AtomicInteger(random.nextInt(3));
      try {
        run(work, id, window, () -> chunks.getAndDecrement() <= 0);
      } catch (CompletionException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("given up"));
      }
      run(work, id, window, () -> false);
      if (random.nextInt(4) == 0) {
        run(work, id, window, () -> false);
      }
    }
    run(work, id, ImportUndoWork.WINDOWS - 1, () -> false);
  }

  private static Map<Long, List<String>> stored(UndoModel model) {
    var found = new TreeMap<Long, List<String>>();
    TestNode.db()
        .query(
            """
            SELECT phone, coalesce(c.name, ''), coalesce(address, ''), coalesce(neighborhood, ''),
                   s.code, import_id::text, CASE WHEN opt_out_at IS NULL THEN '' ELSE 'opted out' END
            FROM contacts c JOIN states s ON s.id = c.state
            WHERE phone BETWEEN ? AND ?
            """,
            st -> {
              st.setLong(1, model.first());
              st.setLong(2, model.last());
            },
            row ->
                found.put(
                        row.getLong(1),
                        List.of(
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6),
                            row.getString(7)))
                    == null)
        .toCompletableFuture()
        .join();
    return found;
  }

  @Test
  void undo_windowRepeatedAfterACrash_countsNothingTwiceAndGoesOn() {
    var id =
        idOf(imported(file(IntStream.range(0, 200).mapToObj(i -> row(6145110000L + i)).toList())));
    begin(id);
    var work = work(contactsOf(3), 3);
    run(work, id, 1, () -> false);
    var chunks = new AtomicInteger(1);
    assertThrows(
        CompletionException.class, () -> run(work, id, 2, () -> chunks.getAndDecrement() <= 0));
    var removed = undo(id).get("removed").asInt();
    assertTrue(removed > 0 && removed < 200, "removed " + removed);

    assertCounts(undone(id), 200, 0, 0);

    run(work, id, 1, () -> false);
    run(work, id, ImportUndoWork.WINDOWS - 1, () -> false);
    assertCounts(undone(id), 200, 0, 0);
    assertSound();
  }

  @Test
  void undo_importFailedWhileItFilledTheStore_leavesAnEmptyStoreWithItsKey() {
    try (var store = new Store()) {
      var user = Store.done(new Users(store.db).idOf("ana"));
      store.sql(
          """
          INSERT INTO imports (user_id, file, source, bounds, rows, builds, status)
          VALUES (%d, 'n.db', '{}', '{0,9}', 9, true, 'FAILED')
          """
              .formatted(user));
      var indexes = new ContactIndexes(store.db);
      assertTrue(Store.done(indexes.dropIfEmpty(1)));
      for (var i = 0; i < 50; i++) {
        store.person(526_145_210_000L + i, "Ana");
      }
      store.sql("UPDATE contacts SET import_id = 1, changed_by = 1");
      store.count();
      var undos = new ImportUndos(store.db);
      assertTrue(Store.done(undos.begin(1, user)));

      var work = new ImportUndoWork(store.db, undos, indexes, 2, 2);
      for (var window = 0; window < ImportUndoWork.WINDOWS; window++) {
        run(work, 1, window, () -> false);
      }

      assertEquals(50, Store.done(undos.one(1)).orElseThrow().removed());
      assertEquals(0, store.count("SELECT count(*) FROM contacts"));
      assertEquals(0, store.count("SELECT sum(n) FROM contact_counts"));
      assertEquals(0, store.count("SELECT count(*) FROM contact_filling"));
      assertEquals(
          17,
          store.count("SELECT count(*) FROM pg_constraint WHERE conname LIKE 'contacts_%pkey'"));
    }
  }

  @Test
  void undo_importHasSideTables_theyNoLongerCount() {
    var older = bestLada("33", 10);
    var newer = bestLada("81", 20);
    assertEquals(newer, bestLadaImport());

    undone(newer);

    assertEquals(older, bestLadaImport());
    assertEquals(1, view(newer).get("side_tables").get("best_ladas").asInt());
    undone(older);
  }

  private static int bestLada(String lada, int icpth) {
    return idOf(
        imported(
            NumerosFile.made(
                TestNode.importFolder().resolve("undo-" + FILES.incrementAndGet() + ".db"),
                connection -> {
                  NumerosFile.execute(
                      connection, "INSERT INTO numeros (numero) VALUES ('6146110001')");
                  NumerosFile.execute(
                      connection, "CREATE TABLE mejores_ladas (lada TEXT, icpth_2022 REAL)");
                  NumerosFile.execute(
                      connection,
                      "INSERT INTO mejores_ladas VALUES ('%s', %d)".formatted(lada, icpth));
                })));
  }

  private static int bestLadaImport() {
    return OpenApi.json(TestNode.admin().get("/api/v1/best-ladas")).get("import_id").asInt();
  }

  @Test
  void undo_cannotBe_saysWhy() {
    var id = idOf(imported(file(List.<@Nullable Object[]>of(row("6147110001", null, "Ana")))));
    var pending =
        inTransaction(
                connection ->
                    Db.query(
                        connection,
                        """
                        INSERT INTO imports (user_id, file, source, bounds, rows, builds)
                        SELECT user_id, file, source, bounds, rows, builds FROM imports WHERE id = ?
                        RETURNING id
                        """,
                        st -> st.setInt(1, id),
                        row -> row.getInt(1)))
            .getFirst();

    var refused = TestNode.admin().delete("/api/v1/imports/" + pending);

    assertEquals(409, refused.statusCode(), refused.body());
    assertTrue(refused.body().contains("cancel it first"), refused.body());
    assertEquals(
        200, TestNode.admin().post("/api/v1/imports/" + pending + "/cancel", "").statusCode());
    assertCounts(undone(pending), 0, 0, 0);
    assertEquals(404, TestNode.admin().delete("/api/v1/imports/999999").statusCode());
    assertEquals(404, TestNode.admin().get("/api/v1/imports/" + id + "/undo").statusCode());
    assertEquals(404, TestNode.admin().delete("/api/v1/imports/x").statusCode());
    assertEquals(
        403, TestNode.user(TestNode.newUser()).delete("/api/v1/imports/" + id).statusCode());
    assertEquals(
        409, TestNode.admin().post("/api/v1/imports/" + pending + "/resume", "").statusCode());
    assertEquals("Ana", contact(526147110001L).get("full_name").asText());
  }

  @Test
  void undo_contactsAreHeld_countersAgreeAndTheyAreLetGoWithTheContact() {
    var file = file(List.of(row("6181110001"), row("6181110002"), row("6181110003")));
    var first = idOf(imported(file));
    var criteria =
        new Criteria(
            List.of(), List.of(), List.of(), 618, null, List.of(), null, null, false, null, null,
            null, null, null, Set.of());
    assertEquals(
        List.of(2),
        inTransaction(connection -> Holdings.draw(connection, 618, List.of(criteria), 2, 1)));
    var second =
        idOf(
            imported(
                file(
                    IntStream.rangeClosed(1, 3)
                        .mapToObj(
                            i -> row("618111000" + i, null, null, null, null, null, "SON", null))
                        .toList())));

    assertCounts(undone(second), 0, 0, 3);
    assertSound();
    assertCounts(undone(first), 3, 0, 0);
    assertSound();

    imported(file);
    assertSound();
    assertEquals(
        3L, inTransaction(connection -> Holdings.available(connection, criteria)).longValue());
    assertEquals(
        2, TestNode.count("SELECT count(*) FROM extraction_contacts WHERE extraction_id = 618"));
  }

  @Test
  void undo_toldTwice_isOneUndo() {
    var id = idOf(imported(file(List.of(row("6148110001"), row("6148110002")))));
    var first = TestNode.admin().delete("/api/v1/imports/" + id);
    var second = TestNode.admin().delete("/api/v1/imports/" + id);

    assertEquals(202, first.statusCode(), first.body());
    assertEquals(202, second.statusCode(), second.body());
    assertCounts(undone(id), 2, 0, 0);
    var since = view(id).get("undone_at").asText();
    assertCounts(undone(id), 2, 0, 0);
    assertEquals(since, view(id).get("undone_at").asText());
    assertThrows(
        CompletionException.class,
        () ->
            inTransaction(
                connection -> {
                  ImportUndos.requireNone(connection, id);
                  return true;
                }),
        "a window that comes late stores nothing");
  }
}
