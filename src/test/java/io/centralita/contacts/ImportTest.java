package io.centralita.contacts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImportTest {
  private static final AtomicInteger FILES = new AtomicInteger();
  private static final Set<String> UNDER_WAY = Set.of("pending", "processing", "paused");

  private static Path file() {
    return TestNode.importFolder().resolve("contacts-" + FILES.incrementAndGet() + ".db");
  }

  private static @Nullable Object[] row(@Nullable Object... values) {
    return values;
  }

  private static HttpResponse<String> order(String json) {
    return TestNode.admin().post("/api/v1/imports", json);
  }

  private static int begin(Path file) {
    var answer = order("{\"file\":\"%s\"}".formatted(file.getFileName()));
    assertEquals(202, answer.statusCode(), answer.body());
    return OpenApi.json(answer).get("id").asInt();
  }

  private static JsonNode view(int id) {
    return OpenApi.json(TestNode.admin().get("/api/v1/imports/" + id));
  }

  private static JsonNode imported(Path file) {
    var id = begin(file);
    TestNode.until(() -> !UNDER_WAY.contains(view(id).get("status").asText()));
    return view(id);
  }

  private static void assertCounts(
      JsonNode view, int imported, int updated, int duplicates, int rejected) {
    assertEquals("completed", view.get("status").asText(), view.toString());
    assertEquals(
        List.of(imported, updated, duplicates, rejected),
        List.of(
            view.get("imported").asInt(),
            view.get("updated").asInt(),
            view.get("duplicates").asInt(),
            view.get("rejected").asInt()));
    assertEquals(imported + updated + duplicates + rejected, view.get("read").asInt());
  }

  private static String contact(long phone, String column) {
    return TestNode.db()
        .queryOne(
            "SELECT %s FROM contacts WHERE phone = ? AND draw = ?".formatted(column),
            st -> {
              st.setLong(1, phone);
              st.setInt(2, Draw.of(phone));
            },
            row -> row.getString(1))
        .toCompletableFuture()
        .join()
        .orElse("no such contact");
  }

  private static void assertCountersAgree() {
    for (var table : List.of("contact_counts", "carrier_counts")) {
      assertEquals(
          TestNode.count("SELECT count(*) FROM contacts"),
          TestNode.count("SELECT coalesce(sum(n), 0) FROM " + table),
          table);
    }
    assertEquals(
        0,
        TestNode.count(
            """
            SELECT count(*) FROM (
              SELECT state, municipality, city, lada, kind, opt_out_at IS NOT NULL, count(*)
              FROM contacts GROUP BY 1, 2, 3, 4, 5, 6
              EXCEPT
              SELECT state, municipality, city, lada, kind, opted_out, sum(n)
              FROM contact_counts GROUP BY 1, 2, 3, 4, 5, 6) AS odd
            """));
  }

  @Test
  void import_oddRows_eachRowIsCountedOnceAndTextsComeWhole() {
    var latin1 = "María Núñez".getBytes(StandardCharsets.ISO_8859_1);
    var file =
        NumerosFile.of(
            file(),
            List.of(
                row(
                    "5611110001",
                    "(56) 1111-0001",
                    "José\tPérez \"El Güero\"",
                    "Av. 5 de Mayo #1\nInt. 2",
                    "Roma \\N",
                    "Cuauhtémoc",
                    "CDMX",
                    "Ciudad de México"),
                row("525611110001", null, "Otro", null, null, null, null, null),
                row(null, "+52 1 56 1111 0002", latin1, null, null, null, null, null),
                row(
                    "  ",
                    "044 56 1111 0003",
                    "",
                    "a\u0000b",
                    null,
                    "  Iztapalapa ",
                    "Distrito Federal",
                    null),
                row(5.611110004E9, null, "float", null, null, null, "nowhere", null),
                row("5611110005 ext 12", null, "extension", null, null, null, null, null),
                row("SIN NUMERO", "X", null, null, null, null, null, null),
                row(null, null, "nobody", null, null, null, null, null)));

    var view = imported(file);

    assertCounts(view, 4, 0, 1, 3);
    assertEquals("José\tPérez \"El Güero\"", contact(525611110001L, "name"));
    assertEquals("Av. 5 de Mayo #1\nInt. 2", contact(525611110001L, "address"));
    assertEquals("(56) 1111-0001", contact(525611110001L, "original"));
    assertEquals("María Núñez", contact(525611110002L, "name"));
    assertEquals("ab", contact(525611110003L, "address"));
    assertEquals("9", contact(525611110003L, "state"));
    assertEquals("9", contact(525611110004L, "state"), "of the LADA, where the file's is none");
    assertEquals("56", contact(525611110004L, "lada"));
    assertEquals(
        "'5' 'av' 'guero' 'int' 'jose' 'mayo' 'n' 'perez' 'roma' '1' '2'".split(" ").length,
        contact(525611110001L, "words").split(" ").length);
    assertCountersAgree();
    var rejects =
        OpenApi.json(
            TestNode.admin().get("/api/v1/imports/" + view.get("id").asInt() + "/rejects"));
    assertEquals(3, rejects.get("items").size());
    assertEquals(6, rejects.get("items").get(0).get("row_no").asInt());
    assertEquals(
        "5611110005 ext 12", rejects.get("items").get(0).get("fields").get("number").asText());
    assertEquals("nobody", rejects.get("items").get(2).get("fields").get("name").asText());
  }

  @Test
  void import_numbersAreKnown_takesWhatIsNewAndKeepsWhatTheFileDoesNotKnow() {
    var first =
        NumerosFile.of(
            file(),
            List.of(
                row("6641110001", null, "Ana", "Calle 1", "Centro", "Tijuana", "BC", "Tijuana"),
                row("6641110002", null, "Eva", null, null, null, null, null),
                row("6641110003", null, "Luz", null, null, null, null, null)));
    assertCounts(imported(first), 3, 0, 0, 0);
    var second =
        NumerosFile.of(
            file(),
            List.of(
                row("6641110001", null, "Ana María", null, null, null, null, null),
                row("+52 6641110002", null, "Eva", null, null, null, null, null),
                row("6641110004", null, "Noé", null, null, null, null, null),
                row("6641110001", null, "Later", null, null, null, null, null)));

    var view = imported(second);

    assertCounts(view, 1, 1, 2, 0);
    assertEquals("Ana María", contact(526641110001L, "name"));
    assertEquals("Calle 1", contact(526641110001L, "address"));
    assertEquals("'1' 'ana' 'calle' 'centro' 'maria'", contact(526641110001L, "words"));
    assertEquals(
        "{\"name\": \"Ana\"}",
        TestNode.db()
            .queryOne(
                "SELECT before::text FROM contact_changes WHERE phone = 526641110001",
                _ -> {},
                row -> row.getString(1))
            .toCompletableFuture()
            .join()
            .orElse("no change"));
    assertCountersAgree();
  }

  @Test
  void import_personOptedOutBefore_contactIsOptedOut() {
    TestNode.db()
        .update(
            "INSERT INTO opt_outs (phone, draw, method, reason, by) VALUES (524421110001, "
                + Draw.of(524421110001L)
                + ", 'SMS', 'STOP', 'x')",
            _ -> {})
        .toCompletableFuture()
        .join();
    var file = NumerosFile.of(file(), List.<@Nullable Object[]>of(row("4421110001")));

    assertCounts(imported(file), 1, 0, 0, 0);

    assertEquals("t", contact(524421110001L, "opt_out_at IS NOT NULL"));
    assertCountersAgree();
  }

  @Test
  void import_sameFileWhileUnderWay_isRefused() {
    var file = NumerosFile.of(file(), 150_000);
    var id = begin(file);

    var again = order("{\"file\":\"%s\"}".formatted(file.getFileName()));

    assertEquals(409, again.statusCode(), again.body());
    assertEquals(200, TestNode.admin().post("/api/v1/imports/" + id + "/pause", "{}").statusCode());
    assertEquals("paused", view(id).get("status").asText());
    assertEquals(200, TestNode.admin().post("/api/v1/imports/" + id + "/resume", "").statusCode());
    TestNode.until(() -> view(id).get("status").asText().equals("completed"));
    assertEquals(150_000, view(id).get("read").asInt());
    assertCountersAgree();
  }

  @Test
  void import_cancelled_keepsWhatIsStored() {
    var file =
        NumerosFile.made(
            file(),
            connection ->
                NumerosFile.execute(
                    connection,
                    """
                    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9)
                    INSERT INTO numeros (id, numero) SELECT i * 100000, 8111110000 + i FROM n
                    """));
    var id = begin(file);

    var cancelled = TestNode.admin().post("/api/v1/imports/" + id + "/cancel", "");

    if (cancelled.statusCode() == 200) {
      assertEquals("cancelled", OpenApi.json(cancelled).get("status").asText());
      TestNode.until(() -> view(id).get("status").asText().equals("cancelled"));
    } else { // it was quicker
      assertEquals(409, cancelled.statusCode(), cancelled.body());
    }
    assertCountersAgree();
  }

  @Test
  void import_fileIsNone_saysWhy() throws IOException {
    var text =
        Files.writeString(TestNode.importFolder().resolve("text.db"), "numero\n5511110001\n");
    var cut = NumerosFile.of(file(), 5_000);
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 9_000));
    var otherTable =
        NumerosFile.made(
            file(),
            connection ->
                NumerosFile.execute(connection, "ALTER TABLE numeros RENAME TO personas"));
    var otherColumns =
        NumerosFile.made(
            file(),
            connection -> {
              NumerosFile.execute(connection, "ALTER TABLE numeros RENAME numero TO telefono");
              NumerosFile.execute(connection, "ALTER TABLE numeros DROP campo1_original");
            });
    var empty = NumerosFile.made(file(), _ -> {});
    var problems = new ArrayList<String>();
    for (var name :
        List.of(
            text.getFileName().toString(),
            cut.getFileName().toString(),
            otherTable.getFileName().toString(),
            otherColumns.getFileName().toString(),
            empty.getFileName().toString(),
            "absent.db",
            "../api/node.lock",
            "/etc/passwd")) {
      var answer = order("{\"file\":\"%s\"}".formatted(name));
      assertEquals(400, answer.statusCode(), name + ": " + answer.body());
      problems.add(OpenApi.json(answer).get("errors").get(0).get("reason").asText());
    }

    assertEquals("not an SQLite file", problems.get(0));
    assertTrue(problems.get(1).contains("damaged"), problems.get(1));
    assertTrue(problems.get(2).contains("personas"), problems.get(2));
    assertTrue(problems.get(3).contains("telefono"), problems.get(3));
    assertTrue(problems.get(4).contains("no rows"), problems.get(4));
    assertEquals(problems.get(5), problems.get(6));
    assertEquals(problems.get(5), problems.get(7));
  }

  @Test
  void import_orderIsBad_namesTheField() {
    for (var bad :
        List.of(
            "{}",
            "{\"file\":\"\"}",
            "{\"file\":\"a.db\",\"columns\":{\"phone\":\"x\"}}",
            "{\"file\":\"a.db\",\"columns\":{\"number\":\"\"}}",
            "{\"file\":\"a.db\",\"extra\":1}")) {
      assertEquals(400, order(bad).statusCode(), bad);
    }
    assertEquals(404, TestNode.admin().get("/api/v1/imports/999999").statusCode());
    assertEquals(403, TestNode.user(TestNode.newUser()).get("/api/v1/imports").statusCode());
  }
}
