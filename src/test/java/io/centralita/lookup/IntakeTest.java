package io.centralita.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.TestPostgres;
import io.centralita.access.Users;
import io.centralita.db.Database;
import io.centralita.db.Db;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class IntakeTest {
  private static final Database database = Database.open(TestPostgres.fresh());
  private static final Db db = database.db();

  private final Intake intake = new Intake(db);
  private final long user = done(new Users(db).idOf("user-" + System.nanoTime()));

  @AfterAll
  static void close() {
    database.close();
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static Delivery delivery(int from, int count, String... more) {
    var delivery = new Delivery(100_000);
    IntStream.range(from, from + count)
        .forEach(i -> delivery.add(Integer.toString(600_000_000 + i)));
    List.of(more).forEach(delivery::add);
    return delivery;
  }

  private static long count(String sql) {
    return done(db.queryOne(sql, _ -> {}, row -> row.getLong(1))).orElseThrow();
  }

  private static Files.Row row(long id) {
    return done(new Files(db).one(id)).orElseThrow();
  }

  @Test
  void take_newFile_cutsItIntoWindows() {
    var taken = done(intake.take(user, "a", delivery(0, 1201, "912345678", "600000000")));

    assertTrue(taken.created());
    assertEquals(3, taken.windows());
    assertEquals(1201, taken.total());
    var row = row(taken.fileId());
    assertEquals(1203, row.received());
    assertEquals(1, row.duplicates());
    assertEquals(1, row.invalid());
    assertEquals(1201, row.total());
    assertEquals(1, row.conse());
    assertEquals(
        "500 500 201",
        done(db.queryOne(
                "SELECT string_agg(cardinality(numbers)::text, ' ' ORDER BY window_no)"
                    + " FROM file_windows WHERE file_id = ?",
                st -> st.setLong(1, taken.fileId()),
                r -> r.getString(1)))
            .orElseThrow());
  }

  @Test
  void take_sameFileAgain_addsOnlyWhatItDoesNotHave() {
    var first = done(intake.take(user, "a", delivery(0, 700, "hola")));

    var again = done(intake.take(user, "a", delivery(600, 300, "hola", "adios")));

    assertFalse(again.created());
    assertEquals(first.fileId(), again.fileId());
    assertEquals(900, again.total());
    assertEquals(3, again.windows(), "the 200 that are new begin a window of their own");
    var row = row(again.fileId());
    assertEquals(700 + 1 + 300 + 2, row.received());
    assertEquals(101, row.duplicates());
    assertEquals(2, row.invalid());
  }

  @Test
  void take_nothingNew_changesOnlyWhatCame() {
    done(intake.take(user, "a", delivery(0, 10)));

    var again = done(intake.take(user, "a", delivery(0, 10)));

    assertEquals(1, again.windows());
    assertEquals(20, row(again.fileId()).received());
    assertEquals(10, row(again.fileId()).duplicates());
  }

  @Test
  void take_thatFailsAtItsEnd_leavesNothing() {
    done(
        db.update(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'refused'; END $$
            """,
            _ -> {}));
    done(
        db.update(
            "CREATE TRIGGER refuse BEFORE INSERT ON file_invalid FOR EACH ROW"
                + " WHEN ('poison' = ANY (NEW.texts)) EXECUTE FUNCTION refuse()",
            _ -> {}));
    var files = count("SELECT count(*) FROM files");
    var windows = count("SELECT count(*) FROM file_windows");

    assertThrows(
        CompletionException.class,
        () -> done(intake.take(user, "bad", delivery(0, 900, "hola", "poison"))));

    assertEquals(files, count("SELECT count(*) FROM files"));
    assertEquals(windows, count("SELECT count(*) FROM file_windows"));
    assertEquals(0, count("SELECT count(*) FROM file_invalid WHERE 'poison' = ANY (texts)"));
    assertEquals(1, row(done(intake.take(user, "good", delivery(0, 1))).fileId()).conse());
  }

  @Test
  void take_manyAtOnce_makeOneFile_andCountItOnce() {
    var taken =
        IntStream.range(0, 12)
            .mapToObj(i -> intake.take(user, "same", delivery(i * 100, 200)))
            .toList()
            .stream()
            .map(IntakeTest::done)
            .toList();

    assertEquals(1, taken.stream().map(Intake.Taken::fileId).distinct().count());
    assertEquals(1, taken.stream().filter(Intake.Taken::created).count());
    var row = row(taken.getFirst().fileId());
    assertEquals(1300, row.total());
    assertEquals(2400, row.received());
    assertEquals(1100, row.duplicates());
    assertEquals(2, row(done(intake.take(user, "next", delivery(0, 1))).fileId()).conse());
  }

  @Test
  void take_tensOfThousandsThatAreNone_keepsThemAllInTheirOrder() {
    var delivery = new Delivery(100_000);
    IntStream.range(0, 25_000).forEach(i -> delivery.add("none " + i));

    var taken = done(intake.take(user, "none", delivery));

    assertEquals(25_000, row(taken.fileId()).invalid());
    var chunks = done(new InvalidTexts(db).from(taken.fileId(), 0, 100));
    assertEquals(25, chunks.size());
    assertEquals("none 0", chunks.getFirst().texts().getFirst());
    assertEquals("none 24999", chunks.getLast().texts().getLast());
  }

  @Test
  void take_textsThatTheFileHas_areNotKeptTwice() {
    done(intake.take(user, "texts", delivery(0, 1, "one", "two", "912345678")));

    var again = done(intake.take(user, "texts", delivery(0, 1, "three", "two", "four", "one")));

    var chunks = done(new InvalidTexts(db).from(again.fileId(), 0, 100));
    assertEquals(List.of("one", "two", "912345678"), chunks.get(0).texts());
    assertEquals(List.of("three", "four"), chunks.get(1).texts());
    assertEquals(List.of("contains letters", "contains letters"), chunks.get(1).reasons());
    assertEquals(5, row(again.fileId()).invalid());
  }
}
