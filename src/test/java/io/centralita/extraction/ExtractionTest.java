package io.centralita.extraction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.ApiClient;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import io.centralita.db.Db;
import io.centralita.http.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.junit.jupiter.api.Test;

class ExtractionTest {
  /** After that it was begun, and that its contacts were drawn. */
  private static final int CANCELLED_AS_EVENT = 3;

  private final String name = TestNode.newUser();
  private final ApiClient user = TestNode.contactsUser(name);
  private final String city = People.newCity();

  private static void sql(String sql) {
    TestNode.db().update(sql, _ -> {}).toCompletableFuture().join();
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(Sha256.begin().digest(bytes));
  }

  private int status(int id, String what) {
    return user.post("/api/v1/extractions/" + id + "/" + what, "").statusCode();
  }

  @Test
  void order_inEachFormat_drawsDifferentContactsIntoFiles() throws IOException {
    var numbers = People.numbers(614, 35);
    People.imported(city, numbers);
    assertEquals(35, People.available(city));

    var txt = People.order(user, city, 10, "txt");
    var csv = People.order(user, city, 10, "csv");
    var xlsx = People.order(user, city, 10, "xlsx");

    var view = People.completed(user, txt);
    assertEquals(10, view.get("delivered").asInt());
    assertEquals("{\"614\":10}", view.get("by_lada").toString());
    var file = People.file(user, txt);
    assertEquals(sha256(file), view.get("sha256").asText());
    assertEquals(sha256(file), view.get("numbers_sha256").asText());
    var drawn = new HashSet<>(People.lines(file));
    assertEquals(10, drawn.size());

    People.completed(user, csv);
    var lines = new String(People.file(user, csv), StandardCharsets.UTF_8).lines();
    var rows = lines.toList();
    assertEquals("Number,Content", rows.getFirst());
    for (var row : rows.subList(1, rows.size())) {
      assertEquals(city.toUpperCase(Locale.ROOT), row.substring(13), row);
      assertTrue(drawn.add(Long.parseLong(row.substring(0, 12))), "drawn twice");
    }

    var sheetsView = People.completed(user, xlsx);
    try (var book = new ReadableWorkbook(new ByteArrayInputStream(People.file(user, xlsx)))) {
      var cells = book.getFirstSheet().read();
      assertEquals("Number", cells.getFirst().getCellText(0));
      for (var row : cells.subList(1, cells.size())) {
        assertEquals(city.toUpperCase(Locale.ROOT), row.getCellText(1));
        assertTrue(drawn.add(Long.parseLong(row.getCellText(0))), "drawn twice");
      }
      var about = book.getSheet(1).orElseThrow().read();
      var facts = about.stream().map(row -> row.getCellText(0) + "=" + row.getCellText(1)).toList();
      assertTrue(facts.contains("Ordered by=" + name), facts.toString());
      assertTrue(facts.contains("614=10"), facts.toString());
      assertTrue(
          facts.contains(
              "SHA-256 of the numbers, one a line=" + sheetsView.get("numbers_sha256").asText()),
          facts.toString());
    }
    assertEquals(30, drawn.size());
    assertTrue(new HashSet<>(numbers).containsAll(drawn));
    assertEquals(5, People.available(city));
    assertEquals(
        1,
        TestNode.count(
            """
            SELECT count(*) FROM contacts_as_before
            WHERE status = 'OPTED_OUT' AND opt_out_method = 'TELEGRAM_BOT' AND phone_e164 = '+%d'
            """
                .formatted(drawn.iterator().next())));
  }

  @Test
  void order_nobodyElseDraws_isDrawnWhenAcknowledged() {
    People.imported(city, People.numbers(614, 12));

    var id = People.order(user, city, 10, "txt");

    assertEquals(2, People.available(city));
    var view = People.completed(user, id);
    assertTrue(view.get("drawn_at").isTextual(), view::toString);
    assertEquals(10, view.get("delivered").asInt());
  }

  @Test
  void contact_wasDrawn_saysByWhichExtractionAndWhy() {
    People.imported(city, People.numbers(614, 10));
    var id = People.order(user, city, 10, "txt");
    People.completed(user, id);
    var lines = People.lines(People.file(user, id));

    var answer = user.get("/api/v1/contacts/+" + lines.get(3) + "/extractions");

    assertEquals(200, answer.statusCode(), answer.body());
    var item = OpenApi.json(answer).get("items").get(0);
    assertEquals(id, item.get("extraction").get("id").asInt());
    assertEquals(city, item.get("extraction").get("filter").get(0).get("city").asText());
    assertEquals(3, item.get("position").asInt());
    assertTrue(item.get("held").asBoolean());
    var stranger = TestNode.contactsUser(TestNode.newUser());
    assertEquals(
        0,
        OpenApi.json(stranger.get("/api/v1/contacts/+" + lines.get(3) + "/extractions"))
            .get("items")
            .size());
    var shown = user.get("/api/v1/contacts/+" + lines.get(3));
    assertEquals(200, shown.statusCode(), shown.body());
    var own = OpenApi.json(shown);
    assertEquals(id, own.get("extraction_id").asInt());
    assertEquals(item.get("extraction").get("user"), own.get("extracted_by"));
    var others =
        OpenApi.json(stranger.get("/api/v1/contacts?city=" + URLEncoder.encode(city, UTF_8)))
            .get("items")
            .get(0);
    assertEquals(own.get("extracted_at"), others.get("extracted_at"));
    assertTrue(others.get("extracted_by").isNull() && others.get("extraction_id").isNull());
  }

  @Test
  void order_premium_isBalancedAndFilledUp() {
    People.imported(city, People.numbers(871, 4));
    People.imported(city, People.numbers(981, 20));
    People.imported(city, People.numbers(983, 20));
    sql(
        "INSERT INTO best_ladas (import_id, row_no, lada, icpth_2022) SELECT max(id), 1, 871, 3e4"
            + " FROM imports WHERE status = 'COMPLETED' UNION ALL SELECT max(id), 2, 981, 2e4 FROM"
            + " imports WHERE status = 'COMPLETED' UNION ALL SELECT max(id), 3, 983, 1e4 FROM"
            + " imports WHERE status = 'COMPLETED'");

    var id = People.order(user, "{\"type\":\"premium\",\"amount\":25,\"format\":\"csv\"}");

    var view = People.completed(user, id);
    var byLada = view.get("by_lada");
    assertEquals(4, byLada.get("871").asInt(), view.toString());
    assertEquals(21, byLada.get("981").asInt() + byLada.get("983").asInt());
    assertTrue(Math.abs(byLada.get("981").asInt() - byLada.get("983").asInt()) <= 1);
  }

  @Test
  void order_badInput_namesTheField() {
    for (var bad :
        List.of(
            "amount {\"type\":\"city\",\"value\":\"x\",\"amount\":0,\"format\":\"txt\"}",
            "amount {\"type\":\"city\",\"value\":\"x\",\"amount\":-5,\"format\":\"txt\"}",
            "amount {\"type\":\"city\",\"value\":\"x\",\"amount\":100001,\"format\":\"txt\"}",
            "amount {\"type\":\"city\",\"value\":\"x\",\"amount\":\"many\",\"format\":\"txt\"}",
            "type {\"type\":\"town\",\"value\":\"x\",\"amount\":10,\"format\":\"txt\"}",
            "format {\"type\":\"city\",\"value\":\"x\",\"amount\":10,\"format\":\"pdf\"}",
            "value {\"type\":\"city\",\"amount\":10,\"format\":\"txt\"}",
            "value {\"type\":\"city\",\"value\":[],\"amount\":10,\"format\":\"txt\"}",
            "value {\"type\":\"premium\",\"value\":\"x\",\"amount\":10,\"format\":\"txt\"}")) {
      var field = bad.substring(0, bad.indexOf(' '));

      var answer = user.post("/api/v1/extractions", bad.substring(bad.indexOf(' ') + 1));

      assertEquals(400, answer.statusCode(), bad + answer.body());
      assertEquals(field, OpenApi.problem(answer).get("errors").get(0).get("field").asText(), bad);
    }
  }

  @Test
  void order_zeroCharacter_isRefused() {
    for (var type : List.of("state", "segment")) {
      var answer =
          user.post(
              "/api/v1/extractions",
              "{\"type\":\"%s\",\"value\":\"JAL\\u0000\",\"amount\":10,\"format\":\"txt\"}"
                  .formatted(type));

      assertEquals(400, answer.statusCode(), answer.body());
    }
  }

  @Test
  void order_unknownPlaceOrSegment_offersTheNearest() {
    People.imported(city, People.numbers(614, 1));
    var close = city.substring(0, city.length() - 1) + "yy";

    var answer =
        user.post(
            "/api/v1/extractions",
            "{\"type\":\"city\",\"value\":\"%s\",\"amount\":10,\"format\":\"txt\"}"
                .formatted(close));

    assertEquals(404, answer.statusCode(), answer.body());
    var problem = OpenApi.problem(answer);
    assertEquals("value", problem.get("errors").get(0).get("field").asText());
    assertTrue(problem.get("suggestions").toString().contains(city), problem.toString());
    var segment =
        user.post(
            "/api/v1/extractions",
            "{\"type\":\"segment\",\"value\":\"none\",\"amount\":10,\"format\":\"txt\"}");
    assertEquals(404, segment.statusCode(), segment.body());
  }

  @Test
  void order_moreThanThereIs_saysHowManyThereAre() {
    People.imported(city, People.numbers(614, 12));

    var answer =
        user.post(
            "/api/v1/extractions",
            "{\"type\":\"city\",\"value\":\"%s\",\"amount\":13,\"format\":\"txt\"}"
                .formatted(city));

    assertEquals(422, answer.statusCode(), answer.body());
    var problem = OpenApi.problem(answer);
    assertEquals("[\"12\"]", problem.get("suggestions").toString());
    assertEquals("amount", problem.get("errors").get(0).get("field").asText());
  }

  @Test
  void order_ofASegment_takesItsNameAndItsNumber() {
    People.imported(city, People.numbers(614, 20));
    var made =
        user.post(
            "/api/v1/segments", "{\"name\":\"mine\",\"filter\":{\"city\":\"%s\"}}".formatted(city));
    assertEquals(201, made.statusCode(), made.body());
    var segment = OpenApi.json(made).get("id").asInt();

    var byName =
        People.order(
            user, "{\"type\":\"segment\",\"value\":\"mine\",\"amount\":10,\"format\":\"txt\"}");
    var byNumber =
        People.order(
            user,
            "{\"type\":\"segment\",\"value\":%d,\"amount\":10,\"format\":\"txt\"}"
                .formatted(segment));

    assertEquals(10, People.completed(user, byName).get("delivered").asInt());
    assertEquals(10, People.completed(user, byNumber).get("delivered").asInt());
    assertEquals(0, People.available(city));
  }

  @Test
  void order_ofASegmentOfThoseWhoOptedOut_isRefused() {
    var made = user.post("/api/v1/segments", "{\"name\":\"gone\",\"filter\":{\"opted_out\":true}}");
    assertEquals(201, made.statusCode(), made.body());

    var answer =
        user.post(
            "/api/v1/extractions",
            "{\"type\":\"segment\",\"value\":\"gone\",\"amount\":10,\"format\":\"txt\"}");

    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("never drawn"), answer.body());
  }

  @Test
  void file_range_givesThatPartAndNotesIt() throws IOException {
    People.imported(city, People.numbers(614, 10));
    var id = People.order(user, city, 10, "txt");
    var view = People.completed(user, id);
    var path = "/api/v1/extractions/" + id + "/file";
    var whole = user.bytes(path);

    var part = user.bytes(path, "Range", "bytes=13-38");
    var end = user.bytes(path, "Range", "bytes=-13");
    var outside = user.get(path, "Range", "bytes=130-");
    var changed = user.bytes(path, "Range", "bytes=13-38", "If-Range", "\"other\"");
    var zipped = user.bytes(path + "?gzip=true");

    assertEquals("bytes", whole.headers().firstValue("Accept-Ranges").orElse(""));
    assertEquals(
        view.get("sha256").asText(), whole.headers().firstValue("X-Checksum-SHA256").orElse(""));
    assertEquals(206, part.statusCode());
    assertEquals("bytes 13-38/130", part.headers().firstValue("Content-Range").orElse(""));
    assertArrayEquals(Arrays.copyOfRange(whole.body(), 13, 39), part.body());
    assertArrayEquals(Arrays.copyOfRange(whole.body(), 117, 130), end.body());
    assertEquals(416, outside.statusCode());
    assertEquals(200, changed.statusCode());
    try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
      assertArrayEquals(whole.body(), unzipped.readAllBytes());
    }
    var noted = OpenApi.json(user.get("/api/v1/extractions/" + id + "/downloads")).get("items");
    assertEquals(5, noted.size(), noted.toString());
    assertEquals(name, noted.get(4).get("by").asText());
    assertEquals(13, noted.get(3).get("first_byte").asInt());
    assertEquals(38, noted.get(3).get("last_byte").asInt());
  }

  @Test
  void extraction_ofAnotherUser_isNotThere() {
    People.imported(city, People.numbers(614, 10));
    var id = People.order(user, city, 10, "txt");
    People.completed(user, id);
    var stranger = TestNode.contactsUser(TestNode.newUser());

    assertEquals(404, stranger.get("/api/v1/extractions/" + id).statusCode());
    assertEquals(404, stranger.get("/api/v1/extractions/" + id + "/file").statusCode());
    assertEquals(404, stranger.get("/api/v1/extractions/" + id + "/events").statusCode());
    assertEquals(404, stranger.post("/api/v1/extractions/" + id + "/return", "").statusCode());
    assertEquals(404, stranger.post("/api/v1/extractions/" + id + "/cancel", "").statusCode());
    assertEquals(0, OpenApi.json(stranger.get("/api/v1/extractions")).get("items").size());
    assertEquals(1, OpenApi.json(user.get("/api/v1/extractions")).get("items").size());
    assertEquals(403, TestNode.user(TestNode.newUser()).get("/api/v1/extractions").statusCode());
    assertEquals(200, TestNode.admin().get("/api/v1/extractions/" + id).statusCode());
  }

  @Test
  void cancel_whileTheFileIsWritten_leavesNothingBehind() {
    People.imported(city, People.numbers(614, 10));
    var locked = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    var lock =
        TestNode.db()
            .transaction(
                "hold up",
                connection -> {
                  connection.createStatement().execute("LOCK TABLE extraction_files");
                  locked.countDown();
                  await(release);
                  return true;
                });
    await(locked);
    var id = People.order(user, city, 10, "txt");
    TestNode.until(() -> People.available(city) == 0); // drawn, and about to be written

    var cancelled = CompletableFuture.supplyAsync(() -> status(id, "cancel"));
    TestNode.until(
        () ->
            TestNode.count(
                    "SELECT count(*) FROM event_journal WHERE persistence_id = 'Extraction|%d'"
                        .formatted(id))
                >= CANCELLED_AS_EVENT);
    release.countDown();
    lock.toCompletableFuture().join();

    assertEquals(200, cancelled.join());
    assertEquals("cancelled", People.ended(user, id).get("status").asText());
    assertEquals(10, People.available(city));
    assertEquals(
        0, TestNode.count("SELECT count(*) FROM extraction_files WHERE extraction_id = " + id));
    assertEquals(410, user.get("/api/v1/extractions/" + id + "/file").statusCode());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void return_ofADelivered_contactsAreFreeWhenTheyHaveCooledDown() {
    People.imported(city, People.numbers(614, 10));
    var id = People.order(user, city, 10, "txt");
    People.completed(user, id);
    assertEquals(409, status(id, "cancel"));

    assertEquals(200, status(id, "return"));

    assertEquals(200, status(id, "return"), "again");
    assertFalse(People.view(user, id).get("returned_at").isNull());
    assertEquals(410, user.get("/api/v1/extractions/" + id + "/file").statusCode());
    assertEquals(0, People.available(city));
    sql("UPDATE extractions SET returned_at = now() - interval '31 days' WHERE id = " + id);
    TestNode.until(() -> People.available(city) == 10);
  }

  @Test
  void return_tooLate_isRefused() {
    People.imported(city, People.numbers(614, 10));
    var id = People.order(user, city, 10, "txt");
    People.completed(user, id);
    sql("UPDATE extractions SET delivered_at = now() - interval '25 hours' WHERE id = " + id);

    assertEquals(409, status(id, "return"));

    assertTrue(People.view(user, id).get("returned_at").isNull());
    assertEquals(200, user.get("/api/v1/extractions/" + id + "/file").statusCode());
  }

  @Test
  void file_old_isGone() {
    People.imported(city, People.numbers(614, 10));
    var id = People.order(user, city, 10, "txt");
    People.completed(user, id);
    sql("UPDATE extractions SET delivered_at = now() - interval '8 days' WHERE id = " + id);

    var answer = user.get("/api/v1/extractions/" + id + "/file");

    assertEquals(410, answer.statusCode(), answer.body());
    assertTrue(answer.body().contains("168 hours"), answer.body());
    TestNode.until(
        () ->
            TestNode.count("SELECT count(*) FROM extraction_files WHERE extraction_id = " + id)
                == 0);
    assertEquals(0, People.available(city), "what was delivered stays taken");
  }

  @Test
  void order_large_waitsInAnOrderThatIsFairToUsers() {
    People.imported(city, People.numbers(614, 505));
    var other = TestNode.contactsUser(TestNode.newUser());
    sql(
        """
        INSERT INTO extractions (user_id, created_at, type, value, filter, amount, format, seed, large,
          slot_at, status)
        SELECT id, now(), 'premium', '', '[]', 1, 'txt', 1, true, now(), 'PROCESSING' FROM users
        WHERE name = '%s'
        """
            .formatted(name));

    var first = People.order(user, city, 101, "txt");
    var second = People.order(user, city, 101, "txt");
    var third = People.order(user, city, 101, "txt");
    var others = People.order(other, city, 101, "txt");

    TestNode.until(() -> !People.view(user, third).get("waiting").asText().isEmpty());
    assertEquals(0, People.view(other, others).get("queue_position").asInt());
    assertEquals(1, People.view(user, first).get("queue_position").asInt());
    assertEquals(2, People.view(user, second).get("queue_position").asInt());
    assertEquals(3, People.view(user, third).get("queue_position").asInt());
    assertEquals(505, People.available(city));
    assertEquals(200, status(second, "cancel"));
    assertEquals(2, People.view(user, third).get("queue_position").asInt());
    sql("UPDATE extractions SET ended = true, status = 'CANCELLED' WHERE amount = 1");
    assertEquals(101, People.completed(other, others).get("delivered").asInt());
    assertEquals(101, People.completed(user, first).get("delivered").asInt());
    assertEquals(101, People.completed(user, third).get("delivered").asInt());
    assertTrue(People.view(user, third).get("queue_position").isNull());
    assertEquals("cancelled", People.view(user, second).get("status").asText());
    assertEquals(505 - 303, People.available(city));
  }

  @Test
  void order_ofANodeThatDied_isBegunAndLeavesOutWhoOptedOutSince() {
    var numbers = People.numbers(614, 10);
    People.imported(city, numbers);
    sql(
        """
        INSERT INTO extractions (user_id, created_at, type, value, filter, amount, format, seed, large)
        SELECT id, now() - interval '1 minute', 'city', '', '[{"city":"%s"}]', 10, 'txt', 1, false
        FROM users WHERE name = '%s'
        """
            .formatted(city, name));
    var id = OpenApi.json(user.get("/api/v1/extractions")).get("items").get(0).get("id").asInt();
    var view = People.completed(user, id);
    assertEquals(10, view.get("delivered").asInt(), view.toString());
    assertEquals(new TreeSet<>(numbers), new TreeSet<>(People.lines(People.file(user, id))));

    // The file is to be written again, and somebody has opted out.
    user.post("/api/v1/contacts/" + numbers.getFirst() % 10_000_000_000L + "/opt-out", "{}");
    sql("DELETE FROM extraction_files WHERE extraction_id = " + id);
    var again =
        TestNode.db()
            .transaction(
                "write again",
                connection ->
                    FileWriter.write(
                        connection,
                        Db.query(
                                connection,
                                ExtractionRow.SELECT + "WHERE e.id = " + id,
                                _ -> {},
                                ExtractionRow::read)
                            .getFirst(),
                        () -> false))
            .toCompletableFuture()
            .join();

    assertEquals(9, again.delivered());
    assertEquals(1, again.leftOut());
  }
}
