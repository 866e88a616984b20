package io.centralita.contacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import io.centralita.phone.PhoneFault;
import io.centralita.phone.PhoneNumbers;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What a whole node tells of rejected rows, and does with them. */
final class RejectsTest {
  private static final Set<String> UNDER_WAY = Set.of("pending", "processing");

  private static final String FILE =
      """
      numero,original,nombre,ciudad
      7721110001,,Ana,
      55123,,"=HYPERLINK(""x"")",Toluca
      551234,,"-1,5",
      nobody,+52 abc,@Eva,
      123456789,,"Luz
      Paz",
      """;

  private static int begun(HttpResponse<String> answer) {
    assertEquals(202, answer.statusCode(), answer.body());
    return OpenApi.json(answer).get("id").asInt();
  }

  private static JsonNode done(int id) {
    TestNode.until(() -> !UNDER_WAY.contains(get("/" + id).get("status").asText()));
    return get("/" + id);
  }

  private static JsonNode get(String path) {
    var answer = TestNode.admin().get("/api/v1/imports" + path);
    assertEquals(200, answer.statusCode(), answer.body());
    return OpenApi.json(answer);
  }

  private static int upload(String text) {
    return begun(TestNode.admin().upload("/api/v1/imports", "text/csv", text.getBytes(UTF_8)));
  }

  private static List<Integer> rows(JsonNode page) {
    return StreamSupport.stream(page.get("items").spliterator(), false)
        .map(item -> item.get("row_no").asInt())
        .toList();
  }

  @Test
  void rejects_areSummedAndFilteredByReason() {
    var id = upload(FILE);
    assertEquals(4, done(id).get("rejected").asInt());

    var summary = get("/" + id + "/rejects/summary");

    assertEquals(4, summary.get("rejected").asInt());
    var first = summary.get("reasons").get(0);
    assertEquals("too_short", first.get("reason").asText());
    assertEquals(3, first.get("rows").asInt());
    assertTrue(first.get("says").asText().startsWith("too short ("), first.toString());
    assertEquals(2, summary.get("reasons").size());
    assertEquals(List.of(3, 4, 6), rows(get("/" + id + "/rejects?reason=too_short")));
    var page = get("/" + id + "/rejects?reason=too_short&limit=2");
    assertEquals(List.of(3, 4), rows(page));
    assertEquals(
        List.of(6),
        rows(
            get(
                "/%d/rejects?reason=too_short&limit=2&cursor=%s"
                    .formatted(id, page.get("next_cursor").asText()))));
    assertEquals(List.of(), rows(get("/" + id + "/rejects?reason=rounded")));
    var unknown = TestNode.admin().get("/api/v1/imports/" + id + "/rejects?reason=short");
    assertEquals(400, unknown.statusCode());
    assertTrue(unknown.body().contains("too_short, too_long"), unknown.body());
    assertEquals(404, TestNode.admin().get("/api/v1/imports/999999/rejects/summary").statusCode());
  }

  @Test
  void csv_isSafeInASpreadsheet_andComesBackAsItWas() {
    var id = upload(FILE);
    var _ = done(id);

    var csv = TestNode.admin().get("/api/v1/imports/" + id + "/rejects", "Accept", "text/csv");

    assertEquals(200, csv.statusCode());
    var lines = csv.body().lines().toList();
    assertEquals(
        "row_no,reason,number,original,name,address,neighborhood,municipality,state,city",
        lines.getFirst());
    assertEquals(
        "3,too short (5 digits),55123,,\"'=HYPERLINK(\"\"x\"\")\",,,,,Toluca", lines.get(1));
    assertEquals(6, lines.size(), "one of the four rows has two lines");
    var again = upload(csv.body());
    assertEquals(4, done(again).get("rejected").asInt());
    var fields = get("/" + again + "/rejects").get("items").findValues("fields");
    assertEquals(get("/" + id + "/rejects").get("items").findValues("fields"), fields);
    var only =
        TestNode.admin()
            .get("/api/v1/imports/" + id + "/rejects?reason=letters", "Accept", "text/csv");
    assertEquals(2, only.body().lines().count());
  }

  @Test
  void retry_importsTheRejectsByTheirRowNumbers() {
    var id = upload(FILE);
    var _ = done(id);
    TestNode.db() // as if the rule had been another one when it was imported
        .update(
            """
            UPDATE import_rejects SET fields[1] = '7721120001' WHERE row_no = 6 AND import_id =
            """
                + id,
            _ -> {})
        .toCompletableFuture()
        .join();

    var retried =
        begun(TestNode.admin().post("/api/v1/imports/%d/rejects/retry".formatted(id), ""));

    var view = done(retried);
    assertEquals(1, view.get("imported").asInt(), view.toString());
    assertEquals("rejects of import " + id, view.get("file").asText());
    assertEquals(List.of(3, 4, 5), rows(get("/" + retried + "/rejects")));
    assertEquals(
        "Luz\nPaz",
        OpenApi.json(TestNode.admin().get("/api/v1/contacts/7721120001"))
            .get("full_name")
            .asText());
  }

  @Test
  void retry_ofNothingOrOfWhatRuns_isRefused() {
    var clean = upload("numero\n7721130001\n");
    var _ = done(clean);

    var none = TestNode.admin().post("/api/v1/imports/%d/rejects/retry".formatted(clean), "");

    assertEquals(409, none.statusCode(), none.body());
    assertTrue(none.body().contains("no rejected rows"), none.body());
    TestNode.db()
        .update("UPDATE imports SET status = 'PAUSED' WHERE id = " + clean, _ -> {})
        .toCompletableFuture()
        .join();
    var running = TestNode.admin().post("/api/v1/imports/%d/rejects/retry".formatted(clean), "");
    TestNode.db()
        .update("UPDATE imports SET status = 'COMPLETED' WHERE id = " + clean, _ -> {})
        .toCompletableFuture()
        .join();
    assertEquals(409, running.statusCode());
    assertTrue(running.body().contains("not finished"), running.body());
    assertEquals(
        404, TestNode.admin().post("/api/v1/imports/999999/rejects/retry", "").statusCode());
    assertEquals(
        403,
        TestNode.user(TestNode.newUser())
            .post("/api/v1/imports/%d/rejects/retry".formatted(clean), "")
            .statusCode());
  }

  @Test
  void reason_ofEveryFault_isKnown() {
    var seen = EnumSet.noneOf(PhoneFault.class);
    for (var text :
        List.of(
            "",
            "???",
            "nobody",
            "5512345678 ext 12",
            "55,1234,5678",
            "5.51E+09",
            "5",
            "25512345678",
            "1234567890",
            "+44 11111",
            "00999 12345678")) {
      var refusal = PhoneNumbers.read(text);
      var fault = PhoneNumbers.fault(refusal);
      seen.add(fault);
      assertEquals(fault.name(), RejectReason.of(PhoneNumbers.reason(refusal)).name());
    }
    assertEquals(EnumSet.allOf(PhoneFault.class), seen);
    assertEquals(RejectReason.LONG_TEXT, RejectReason.of("name: longer than 40000 bytes"));
    assertEquals(RejectReason.OTHER, RejectReason.of("something else"));
  }
}
