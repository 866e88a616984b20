package io.centralita.contacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of contacts sent to a whole node, and every way in which they are none. */
final class ImportUploadTest {
  private static final String XLSX =
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  private static final Set<String> UNDER_WAY = Set.of("pending", "processing");

  @TempDir private Path folder = Path.of("");

  @AfterEach
  void nothingIsLeftBehind() {
    TestNode.until(() -> kept(TestNode.uploadedImports()).isEmpty());
  }

  private static List<String> kept(Path folder) {
    try (var files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HttpResponse<String> upload(String query, String type, byte[] file) {
    return TestNode.admin().upload("/api/v1/imports" + query, type, file);
  }

  private static HttpResponse<String> csv(String text) {
    return upload("?name=x.csv", "text/csv", text.getBytes(UTF_8));
  }

  private static int begun(HttpResponse<String> answer) {
    assertEquals(202, answer.statusCode(), answer.body());
    return OpenApi.json(answer).get("id").asInt();
  }

  private static JsonNode view(int id) {
    return OpenApi.json(TestNode.admin().get("/api/v1/imports/" + id));
  }

  private static JsonNode done(HttpResponse<String> answer) {
    var id = begun(answer);
    TestNode.until(() -> !UNDER_WAY.contains(view(id).get("status").asText()));
    return view(id);
  }

  private static void assertCounts(JsonNode view, int imported, int duplicates, int rejected) {
    assertEquals("completed", view.get("status").asText(), view.toString());
    assertEquals(
        List.of(imported, duplicates, rejected),
        List.of(
            view.get("imported").asInt(),
            view.get("duplicates").asInt(),
            view.get("rejected").asInt()));
  }

  private static String reason(HttpResponse<String> answer) {
    assertEquals(400, answer.statusCode(), answer.body());
    var error = OpenApi.problem(answer).get("errors").get(0);
    return error.get("field").asText() + ": " + error.get("reason").asText();
  }

  private static long imports() {
    return TestNode.count("SELECT count(*) FROM imports");
  }

  private static byte[] sqlite(Path file, int count) throws IOException {
    return Files.readAllBytes(NumerosFile.of(file, count));
  }

  @Test
  void csv_isImported_andItsLinesNameWhatIsRejected() {
    var view =
        done(
            csv(
                """
                \uFEFFTeléfono;Nombre;Dirección;Estado
                7711220001;"Ana ""La"" Pérez";"Calle 1
                Int. 2";CDMX
                nobody;Eva;;
                +52 771 122 0001;Otra;;
                """));

    assertCounts(view, 1, 1, 1);
    assertEquals("x.csv", view.get("file").asText());
    var contact = OpenApi.json(TestNode.admin().get("/api/v1/contacts/7711220001"));
    assertEquals("Ana \"La\" Pérez", contact.get("full_name").asText());
    assertEquals("Calle 1\nInt. 2", contact.get("address").asText());
    var rejects =
        OpenApi.json(
            TestNode.admin().get("/api/v1/imports/" + view.get("id").asInt() + "/rejects"));
    assertEquals(4, rejects.get("items").get(0).get("row_no").asInt());
  }

  @Test
  void csv_namesOfTenThousandLettersAreKept_andLongerOnesRejected() {
    var view =
        done(
            csv(
                "numero,nombre\n7711230001,%s\n7711230002,%s\n"
                    .formatted("ñ".repeat(10_000), "ñ".repeat(20_001))));

    assertCounts(view, 1, 0, 1);
    assertEquals(
        10_000,
        OpenApi.json(TestNode.admin().get("/api/v1/contacts/7711230001"))
            .get("full_name")
            .asText()
            .length());
  }

  @Test
  void xlsx_numbersWithExponents_areImported() throws IOException {
    var file =
        TableFileTest.workbook(
            "<row r='1'><c r='A1' t='inlineStr'><is><t>Contacto</t></is></c></row>"
                + "<row r='2'><c r='A2'><v>7.711240001E9</v></c></row>");

    assertCounts(done(upload("?name=x.xlsx&columns.number=contacto", XLSX, file)), 1, 0, 0);

    assertEquals(200, TestNode.admin().get("/api/v1/contacts/+527711240001").statusCode());
    var cut = Arrays.copyOf(file, file.length / 2);
    assertTrue(reason(upload("?name=x.xlsx", XLSX, cut)).contains("damaged"));
  }

  @Test
  void sqlite_isImportedAsItIs_byTableAndColumns() throws IOException {
    var file =
        NumerosFile.made(
            folder.resolve("a.db"),
            connection -> {
              NumerosFile.execute(
                  connection, "INSERT INTO numeros (numero) VALUES ('7711250001'), ('1')");
              NumerosFile.execute(connection, "ALTER TABLE numeros RENAME numero TO tel");
              NumerosFile.execute(connection, "ALTER TABLE numeros RENAME TO people");
            });

    var view =
        done(
            upload(
                "?table=people&columns.number=TEL",
                "application/vnd.sqlite3",
                Files.readAllBytes(file)));

    assertCounts(view, 1, 0, 1);
    assertEquals("upload", view.get("file").asText());
    var before = imports();
    assertTrue(
        reason(upload("", "application/octet-stream", Files.readAllBytes(file)))
            .contains("has no table numeros"));
    assertTrue(
        reason(upload("?table=people", "text/csv", "numero\n1\n".getBytes(UTF_8)))
            .startsWith("table: only an SQLite file"));
    assertEquals(before, imports());
  }

  @Test
  void form_isTakenByItsFile_andCalledAsItSays() {
    var form =
        """
        --X
        Content-Disposition: form-data; name="file"; filename="C:\\\\people\\\\de mayo.csv"
        Content-Type: text/csv

        numero
        7711260001
        --X--
        """
            .replace("\n", "\r\n");
    var type = "multipart/form-data; boundary=X";

    assertEquals("de mayo.csv", done(upload("", type, form.getBytes(UTF_8))).get("file").asText());
    assertEquals(
        "file: the form has no such part",
        reason(upload("", type, form.replace("\"file\"", "\"data\"").getBytes(UTF_8))));
    assertEquals(
        "columns.number: belongs in the query, and not in the form",
        reason(
            upload(
                "",
                type,
                form.replace(
                        "--X--",
                        "--X\r\nContent-Disposition: form-data; name=\"columns.number\"\r\n\r\ntel\r\n--X--")
                    .getBytes(UTF_8))));
  }

  @Test
  void notATable_isRefusedWithTheWayOut() {
    assertTrue(reason(csv("")).contains("empty"));
    assertTrue(reason(csv("numero\n")).contains("no row"));
    assertTrue(reason(csv("contacto\n7711110001\n")).contains("the columns are: contacto"));
    assertTrue(reason(csv("numero,numero\n1,2\n")).contains("same name"));
    assertTrue(reason(upload("?colunms=1", "text/csv", new byte[1])).startsWith("query: unknown"));
    assertTrue(
        reason(upload("?columns.number=", "text/csv", new byte[1]))
            .startsWith("columns.number: empty"));
    assertTrue(reason(upload("?name=a/b", "text/csv", new byte[1])).startsWith("name:"));
    for (var type : List.of("image/png", "application/pdf", "application/xml")) {
      assertEquals(415, upload("", type, "numero\n1\n".getBytes(UTF_8)).statusCode(), type);
    }
    assertEquals(415, TestNode.admin().send("POST", "/api/v1/imports", null).statusCode());
    assertEquals(
        400, TestNode.admin().post("/api/v1/imports?name=x", "{\"file\":\"x.csv\"}").statusCode());
    assertEquals(
        403,
        TestNode.user(TestNode.newUser())
            .upload("/api/v1/imports", "text/csv", "numero\n7711110001\n".getBytes(UTF_8))
            .statusCode());
  }

  @Test
  void tooLarge_is413_withTheWayOut() {
    var large = "numero\n" + "7711110001\n".repeat((int) TestNode.LARGEST_IMPORT / 11 + 1);

    var answer = csv(large);

    assertEquals(413, answer.statusCode(), answer.body());
    assertTrue(
        OpenApi.problem(answer).get("detail").asText().contains("import folder"), answer.body());
  }

  @Test
  void clientThatGoesAway_leavesNothing() throws IOException {
    var before = imports();
    var server = TestNode.uri();
    var socket = new Socket(server.getHost(), server.getPort());
    socket
        .getOutputStream()
        .write(
            "POST /api/v1/imports HTTP/1.1\r\nHost: x\r\nX-API-Key: %s\r\nContent-Type: text/csv\r\nContent-Length: 1000\r\n\r\nnumero\n7711110001\n"
                .formatted(TestNode.ADMIN_KEY)
                .getBytes(UTF_8));
    TestNode.until(() -> kept(TestNode.uploadedImports()).size() == 1);

    socket.setSoLinger(true, 0); // so that closing breaks the connection off
    socket.close();

    TestNode.until(() -> kept(TestNode.uploadedImports()).isEmpty());
    assertEquals(before, imports());
  }

  @Test
  void sameUploadAgain_withAKey_isDoneOnce() {
    var file = "numero\n7711270001\n".getBytes(UTF_8);
    var key = new String[] {"Idempotency-Key", "imports-1"};

    var first = TestNode.admin().upload("/api/v1/imports?name=a", "text/csv", file, key);
    var second = TestNode.admin().upload("/api/v1/imports?name=a", "text/csv", file, key);
    var other =
        TestNode.admin().upload("/api/v1/imports?name=a", "text/csv", new byte[] {'1'}, key);

    assertEquals(first.body(), second.body());
    assertEquals(422, other.statusCode());
    assertCounts(done(first), 1, 0, 0);
  }

  @Test
  void sameUploadWhileUnderWay_isRefused_andItsFileStaysUntilItsEnd() throws IOException {
    var file = sqlite(folder.resolve("a.db"), 60_000);
    var id = begun(upload("?name=a.db", "application/octet-stream", file));
    var paused = TestNode.admin().post("/api/v1/imports/" + id + "/pause", "{}");
    assertEquals(200, paused.statusCode(), paused.body());

    var again = upload("?name=a.db", "application/octet-stream", file);

    assertEquals(409, again.statusCode(), again.body());
    assertEquals(1, kept(TestNode.uploadedImports()).size());
    assertEquals(200, TestNode.admin().post("/api/v1/imports/" + id + "/cancel", "").statusCode());
  }

  @Test
  void tableInTheImportFolder_isImportedToo() throws IOException {
    var name = "people.csv";
    Files.writeString(TestNode.importFolder().resolve(name), "telefono\tnombre\n7711280001\tAna\n");

    var answer = TestNode.admin().post("/api/v1/imports", "{\"file\":\"" + name + "\"}");

    var view = done(answer);
    assertCounts(view, 1, 0, 0);
    assertEquals(name, view.get("file").asText());
    assertTrue(
        reason(TestNode.admin().post("/api/v1/imports", "{\"file\":\"absent.csv\"}"))
            .contains("no such file"));
  }

  private static void addImport(String file, String status) {
    TestNode.db()
        .update(
            """
            WITH someone AS (
              INSERT INTO users (name) VALUES ('sweeper') ON CONFLICT (name) DO UPDATE SET name = excluded.name
              RETURNING id)
            INSERT INTO imports (user_id, file, source, bounds, rows, builds, status)
            SELECT id, 'x', jsonb_build_object('kind', 'OWN', 'path', ?::text), '{1,2}', 1, false, ?
            FROM someone
            """,
            st -> {
              st.setString(1, file);
              st.setString(2, status);
            })
        .toCompletableFuture()
        .join();
  }

  @Test
  void sweep_deletesOnlyWhatNoImportWantsAndNobodyIsWriting() throws Exception {
    for (var name : List.of("failed.db", "cancelled.db", "orphan.db", "young.part")) {
      Files.writeString(folder.resolve(name), "x");
    }
    addImport("failed.db", "FAILED");
    addImport("cancelled.db", "CANCELLED");
    var before = Instant.now().minusSeconds(1);
    for (var name : List.of("failed.db", "cancelled.db", "orphan.db")) {
      Files.setLastModifiedTime(folder.resolve(name), FileTime.from(before.minusSeconds(1)));
    }
    var files = new OwnFiles(folder, TestNode.db(), Runnable::run, InstantSource.system());

    files.sweep(before).toCompletableFuture().get(10, TimeUnit.SECONDS);

    assertEquals(List.of("failed.db", "young.part"), kept(folder));
    assertNotEquals(files.begin(), files.begin());
  }
}
