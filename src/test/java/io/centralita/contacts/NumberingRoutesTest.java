package io.centralita.contacts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Against a whole node, whose plans come into force one after the other. */
final class NumberingRoutesTest {
  private static final String PATH = "/api/v1/numbering-plans";
  private static final LocalDate FIRST_DAY = LocalDate.of(2021, 1, 1);
  private static final AtomicInteger DAYS = new AtomicInteger();
  private static final Set<String> UNDER_WAY = Set.of("pending", "processing", "paused");

  private static LocalDate nextDay() {
    return FIRST_DAY.plusDays(DAYS.incrementAndGet());
  }

  private static HttpResponse<String> send(String query, byte[] file) {
    return TestNode.admin().upload(PATH + query, "text/csv", file);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode loaded(String query, byte[] file) {
    var answer = send(query, file);
    assertEquals(201, answer.statusCode(), answer.body());
    return OpenApi.json(answer);
  }

  private static JsonNode view(int id) {
    return OpenApi.json(TestNode.admin().get(PATH + "/" + id));
  }

  private static String status(int id) {
    return view(id).path("reclassification").path("status").asText();
  }

  private static JsonNode settled(int id) {
    TestNode.until(() -> !UNDER_WAY.contains(status(id)));
    return view(id);
  }

  private static String reason(HttpResponse<String> answer, String field) {
    var error = OpenApi.problem(answer).path("errors").path(0);
    assertEquals(field, error.path("field").asText(), answer.body());
    return error.path("reason").asText();
  }

  private static void assertSound() {
    var check = TestNode.admin().post("/api/v1/contacts/check", "");
    assertTrue(check.body().contains("\"sound\":true"), check.body());
  }

  @Test
  void post_bothLayouts_areInForceByTheirDates() {
    var day = nextDay();
    var classic = loaded("?date=" + day, NumberingPlanFile.sample("classic-latin1.csv"));
    assertEquals(441, classic.path("plan").path("rows").asInt());
    assertEquals(classic.path("id"), classic.path("in_force"));
    var later = nextDay();
    var name =
        "pnn_Publico_%02d_%02d_%d.csv"
            .formatted(later.getDayOfMonth(), later.getMonthValue(), later.getYear());
    var national = loaded("?name=" + name, NumberingPlanFile.sample("national-utf8.csv"));

    assertEquals(later.toString(), national.path("plan").path("date").asText());
    assertEquals(national.path("id"), national.path("in_force"));
    assertFalse(view(classic.path("id").asInt()).path("in_force").asBoolean());
    assertEquals(
        "completed",
        settled(national.path("id").asInt()).path("reclassification").path("status").asText());
    var said = OpenApi.json(TestNode.admin().get(PATH + "/numbers/5576011500"));
    assertEquals(national.path("id"), said.path("plan"));
    assertFalse(said.path("mobile").asBoolean());
    assertEquals("TELÉFONOS DE MÉXICO, S.A.B. DE C.V.", said.path("carrier").asText());
    assertTrue(
        OpenApi.json(TestNode.admin().get(PATH + "/numbers/5510000000")).path("mobile").isNull());
  }

  @Test
  void post_sameDate_isToldOrRefusedOrReplaces() {
    var day = nextDay();
    var first = bytes(NumberingPlanFile.of("2291110000-2291119999 MPP A"));
    var second = bytes(NumberingPlanFile.of("2291110000-2291119999 FIJO A"));
    var id = loaded("?date=" + day, first).path("id").asInt();
    settled(id);

    var again = send("?date=" + day, first);
    assertEquals(200, again.statusCode(), again.body());
    assertFalse(OpenApi.json(again).path("loaded").asBoolean());
    assertEquals(id, OpenApi.json(again).path("id").asInt());
    var other = send("?date=" + day, second);
    assertEquals(409, other.statusCode(), other.body());
    assertTrue(OpenApi.problem(other).path("detail").asText().contains("replace=true"));
    var replaced = loaded("?replace=true&date=" + day, second).path("id").asInt();

    assertEquals(404, TestNode.admin().get(PATH + "/" + id).statusCode());
    assertTrue(view(replaced).path("in_force").asBoolean());
    assertFalse(
        OpenApi.json(TestNode.admin().get(PATH + "/numbers/2291115000"))
            .path("mobile")
            .asBoolean());
  }

  @Test
  void post_form_isRead() {
    var day = nextDay();
    var body = new ByteArrayOutputStream();
    body.writeBytes(
        bytes(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"pnn_%s.csv\"\r\n\r\n"
                .formatted(day)));
    body.writeBytes(bytes(NumberingPlanFile.of("2291120000-2291129999 MPP A")));
    body.writeBytes(bytes("\r\n--b--\r\n"));

    var answer =
        TestNode.admin().upload(PATH, "multipart/form-data; boundary=b", body.toByteArray());

    assertEquals(201, answer.statusCode(), answer.body());
    assertEquals(day.toString(), OpenApi.json(answer).path("plan").path("date").asText());
    assertEquals("pnn_" + day + ".csv", OpenApi.json(answer).path("plan").path("file").asText());
  }

  @Test
  void post_badRows_areToldByLineAndLeftOut() {
    var rows = new ArrayList<String>();
    for (var i = 0; i < 30; i++) {
      rows.add("229113%02d00-229113%02d49 MPP A".formatted(i, i));
    }
    rows.add(3, "2291140099-2291140000 MPP A");
    rows.add(9, "2291140000-2291140099 FPP A");
    rows.add("2291130010-2291130019 FIJO B");

    var plan = loaded("?date=" + nextDay(), bytes(NumberingPlanFile.of(rows))).path("plan");

    assertEquals(31, plan.path("rows").asInt());
    assertEquals(32, plan.path("ranges").asInt());
    assertEquals(1, plan.path("overlaps").asInt(), "the later row holds");
    assertEquals(2, plan.path("bad_rows").asInt());
    assertEquals(5, plan.path("first_bad").get(0).path("line").asInt());
    assertEquals(
        "the range ends before it begins", plan.path("first_bad").get(0).path("reason").asText());
    assertEquals(11, plan.path("first_bad").get(1).path("line").asInt());
  }

  @Test
  void post_fileIsNone_saysWhyAndChangesNothing() {
    var before = TestNode.count("SELECT max(id) FROM numbering_plans");
    var good = NumberingPlanFile.of("2291150000-2291159999 MPP A");
    var sample = NumberingPlanFile.sample("national-utf8.csv");
    var cases =
        List.of(
            List.of("", "the file is empty"),
            List.of("number;name\n5512345678;Ana\n", "line 1: expected a header"),
            List.of("SQLite format 3\u0000", "line 1: expected a header"),
            List.of("PK\u0003\u0004 and more", "a ZIP file or a spreadsheet: unpack it"),
            List.of(NumberingPlanFile.of(), "the file has no good row"),
            List.of(good + "1,22911600", "line 3: the file ends in the middle of this row"),
            List.of(
                good + "1,2291160000,2291169999,1,MPP,\"A", "the row after line 2 is not valid"),
            List.of(good + "x\n", "1 rows are bad, and 1 good"),
            List.of(good + "1".repeat(10 << 20), "the row after line 2 is not valid"));

    for (var one : cases) {
      var answer = send("?date=" + nextDay(), bytes(one.getFirst()));
      assertEquals(400, answer.statusCode(), answer.body());
      var reason = reason(answer, "file");
      assertTrue(reason.startsWith(one.getLast()), reason);
    }
    var utf16 = new String(sample, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16);
    assertEquals(400, send("?date=" + nextDay(), utf16).statusCode());
    var cut = Arrays.copyOf(sample, 20_000);
    assertTrue(reason(send("?date=" + nextDay(), cut), "file").contains("cut off"), "cut");
    assertEquals(413, send("", new byte[(66 << 20)]).statusCode());
    assertEquals(before, TestNode.count("SELECT max(id) FROM numbering_plans"));
  }

  @Test
  void requests_thatAreBad_areRefusedWithTheField() {
    var good = bytes(NumberingPlanFile.of("2291170000-2291179999 MPP A"));
    for (var date : List.of("01/11/2026", "1999-12-31", "2999-01-01", "2026-02-30", "")) {
      assertEquals(
          "date", OpenApi.problem(send("?date=" + date, good)).at("/errors/0/field").asText());
    }
    var undated = new String(good, StandardCharsets.UTF_8).replace("01/02/2020", "");
    assertTrue(reason(send("", bytes(undated)), "date").startsWith("required"));
    assertEquals(400, send("?date=2026-01-01&column=x", good).statusCode());
    assertEquals(400, send("?name=a%2Fb", good).statusCode());
    assertEquals(415, TestNode.admin().upload(PATH, "application/json", bytes("{}")).statusCode());
    assertEquals(404, TestNode.admin().get(PATH + "/99999").statusCode());
    assertEquals(404, TestNode.admin().get(PATH + "/99999/events").statusCode());
    assertEquals(400, TestNode.admin().get(PATH + "/numbers/nobody").statusCode());
    assertEquals(403, TestNode.user(TestNode.newUser()).get(PATH).statusCode());
    assertEquals(
        403, TestNode.user(TestNode.newUser()).upload(PATH, "text/csv", good).statusCode());
    assertEquals(401, TestNode.admin().withKey(null).get(PATH).statusCode());
  }

  @Test
  void delete_planInForceOrNot_isRefusedOrGone() {
    var first = loaded("?date=" + nextDay(), plan("2291180000-2291189999 MPP A"));
    var second = loaded("?date=" + nextDay(), plan("2291180000-2291189999 MPP B"));

    var refused = TestNode.admin().delete(PATH + "/" + second.path("id").asInt());
    assertEquals(409, refused.statusCode(), refused.body());
    assertEquals(204, TestNode.admin().delete(PATH + "/" + first.path("id").asInt()).statusCode());

    assertEquals(404, TestNode.admin().get(PATH + "/" + first.path("id").asInt()).statusCode());
    var page = OpenApi.json(TestNode.admin().get(PATH + "?limit=1"));
    assertEquals(second.path("id"), page.path("items").get(0).path("id"));
  }

  private static byte[] plan(String... rows) {
    return bytes(NumberingPlanFile.of(rows));
  }

  @Test
  void plan_loadedWhileAnImportRuns_holdsForAllItsContacts() {
    var before = loaded("?date=" + nextDay(), plan("8180000000-8180999999 MPP Old")).path("id");
    settled(before.asInt());
    var file =
        NumerosFile.made(
            TestNode.importFolder().resolve("numbering.db"),
            connection ->
                NumerosFile.execute(
                    connection,
                    """
                    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19999)
                    INSERT INTO numeros (id, numero, nombre)
                    SELECT i * 15, 8180000000 + i, 'Ana' FROM n
                    """));
    var answer =
        TestNode.admin().post("/api/v1/imports", "{\"file\":\"%s\"}".formatted(file.getFileName()));
    assertEquals(202, answer.statusCode(), answer.body());
    var importPath = "/api/v1/imports/" + OpenApi.json(answer).path("id").asInt();
    TestNode.until(() -> OpenApi.json(TestNode.admin().get(importPath)).path("read").asInt() > 0);

    var id =
        loaded("?date=" + nextDay(), plan("8180000000-8180012999 FIJO New")).path("id").asInt();
    var paused = TestNode.admin().post(PATH + "/" + id + "/pause", "{\"reason\":\"load\"}");
    if (paused.statusCode() == 200) {
      assertEquals("paused", status(id));
      assertEquals(200, TestNode.admin().post(PATH + "/" + id + "/resume", "").statusCode());
    } else { // it was quicker
      assertEquals(409, paused.statusCode(), paused.body());
    }

    TestNode.until(
        () ->
            OpenApi.json(TestNode.admin().get(importPath))
                .path("status")
                .asText()
                .equals("completed"));
    var view = settled(id).path("reclassification");
    assertEquals("completed", view.path("status").asText(), view.toString());
    assertEquals(
        13_000, count("kind = 2 AND carrier = (SELECT id FROM carriers WHERE name = 'New')"));
    assertEquals(7_000, count("kind = 0 AND carrier = 0"));
    assertSound();
    var stream = TestNode.admin().get(PATH + "/" + id + "/events");
    assertTrue(stream.body().contains("event:progress"), stream.body());
    assertTrue(stream.body().contains("\"status\":\"completed\""), stream.body());
  }

  private static long count(@Nullable String condition) {
    return TestNode.count(
        "SELECT count(*) FROM contacts WHERE phone BETWEEN 528180000000 AND 528180059999 AND "
            + condition);
  }
}
