package io.centralita.lookup;

import static io.centralita.lookup.Person.detail;
import static io.centralita.lookup.Person.numbers;
import static io.centralita.lookup.Person.reason;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.centralita.OpenApi;
import io.centralita.TestNode;
import io.centralita.tables.XlsxWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files sent as they are: every form they come in, and every way in which they are none. */
final class UploadTest {
  private static final String XLSX =
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

  private final Person ana = Person.fresh();
  private final List<String> three = numbers(3);

  @AfterEach
  void nothingIsLeftBehind() {
    TestNode.until(() -> TestNode.uploadsOnDisk() == 0);
    // Every place has been given back: as many as there are can be had, one after the other.
    for (var i = 0; i <= TestNode.UPLOADS_AT_ONCE; i++) {
      assertEquals(201, csv("again-" + i + ".csv", "600000001").statusCode());
    }
  }

  private String path(String name, String more) {
    return "/api/v1/files?user=%s&name=%s%s"
        .formatted(ana.name(), URLEncoder.encode(name, StandardCharsets.UTF_8), more);
  }

  private HttpResponse<String> upload(String name, byte[] file) {
    return ana.api().upload(path(name, ""), "application/octet-stream", file);
  }

  private HttpResponse<String> csv(String name, String text) {
    return ana.api().upload(path(name, ""), "text/csv", text.getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse<String> csv(String name, String text, String column) {
    var more = "&column=" + URLEncoder.encode(column, StandardCharsets.UTF_8);
    return ana.api().upload(path(name, more), "text/csv", text.getBytes(StandardCharsets.UTF_8));
  }

  /** Follows the upload to its end; what was found must be the operators of these numbers. */
  private JsonNode found(List<String> expected, HttpResponse<String> answer) {
    assertEquals(201, answer.statusCode(), answer.body());
    var id = OpenApi.json(answer).get("id").asLong();
    var file = ana.completed(id);
    var items = ana.results(id, "?outcome=FOUND&limit=5000").get("items");
    assertEquals(expected, items.findValuesAsText("number"));
    assertEquals(
        expected.stream().map(Person::operatorOf).toList(), items.findValuesAsText("operator"));
    return file;
  }

  private static byte[] workbook(List<List<String>> rows) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var sheet = new XlsxWriter(bytes, "numbers")) {
      for (var row : rows) {
        sheet.row(row);
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void csv_withHeaderSemicolonsMarkAndCrLf() {
    var file =
        found(
            three,
            csv(
                "a.csv",
                "\uFEFFnombre;teléfono\r\nAna;%s\r\nÍñigo;%s\r\n;%s\r\n"
                    .formatted(three.toArray())));

    assertEquals(3, file.get("subido").asInt());
  }

  @Test
  void csv_inLatin1() {
    var text = "teléfono,año\n%s,1\n%s,2\n%s,3\n".formatted(three.toArray());

    found(three, upload("a.csv", text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void txt_oneNumberALine() {
    var file =
        found(
            three,
            upload(
                "a.txt",
                (String.join("\n", three) + "\n\nhola\n").getBytes(StandardCharsets.UTF_8)));

    assertEquals(1, file.get("invalid").asInt());
    assertEquals(4, file.get("subido").asInt());
  }

  @Test
  void xlsx_firstSheet() throws IOException {
    var bytes =
        workbook(
            List.of(
                List.of("Nombre", "Móvil"),
                List.of("Ana", three.get(0)),
                List.of("Bea", "+34 " + three.get(1)),
                List.of("Eva", three.get(2))));

    found(three, ana.api().upload(path("a.xlsx", ""), XLSX, bytes));
  }

  @Test
  void manyWindows_keepTheirOrder() {
    var many = numbers(1234);

    found(many, csv("many.csv", "numero\n" + String.join("\n", many)));
  }

  @Test
  void column_byItsNameOrItsPlace() {
    var other = numbers(3);
    var rows = new StringBuilder("uno,Dos\n");
    for (var i = 0; i < 3; i++) {
      rows.append(other.get(i)).append(',').append(three.get(i)).append('\n');
    }

    found(three, csv("name.csv", rows.toString(), "DOS"));
    found(other, csv("place.csv", rows.toString(), "1"));
    assertTrue(reason(csv("none.csv", rows.toString(), "tres"), "column").contains("uno, Dos"));
    assertTrue(reason(csv("none.csv", rows.toString(), "0"), "column").contains("uno, Dos"));
    assertEquals("the table has no column 3", reason(csv("c.csv", rows.toString(), "3"), "column"));
    assertEquals("empty", reason(csv("c.csv", rows.toString(), " "), "column"));
    assertTrue(
        reason(csv("only.csv", "otra\n600000001\n", "tres"), "column").contains("no column"));
  }

  private HttpResponse<String> form(String name, String body) {
    return ana.api()
        .upload(
            path(name, ""),
            "multipart/form-data; boundary=X",
            body.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  private static String part(String name, String content) {
    return """
        --X
        Content-Disposition: form-data; name="%s"; filename="f.csv"
        Content-Type: text/csv

        %s
        """
        .formatted(name, content);
  }

  @Test
  void multipart_takesThePartFile() {
    found(three, form("a.csv", part("file", String.join("\n", three)) + "--X--\n"));
  }

  @Test
  void multipart_withAnotherPart_isRefused() {
    var file = part("file", String.join("\n", three));

    assertEquals(
        "belongs in the query, and not in the form",
        reason(form("a.csv", file + part("user", "x") + "--X--\n"), "user"));
    assertEquals(
        "the form has another part than file",
        reason(form("a.csv", part("note", "hello") + file + "--X--\n"), "body"));
    assertEquals(0, ana.listed().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "image/png",
        "text/html",
        "application/pdf",
        "application/vnd.api+json",
        "multipart/mixed; boundary=X",
        "nonsense"
      })
  void contentType_ofNoFile_is415(String type) {
    var answer = ana.api().upload(path("a.csv", ""), type, "600000001".getBytes(US_ASCII));

    assertTrue(detail(415, answer).contains("multipart/form-data"), answer.body());
    assertEquals(0, ana.listed().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/csv; charset=iso-8859-1",
        "application/vnd.ms-excel",
        "application/x-www-form-urlencoded",
        "text/tab-separated-values"
      })
  void contentType_thatProgramsGiveToFiles_isTaken(String type) {
    var answer = ana.api().upload(path("a.csv", ""), type, "600000001".getBytes(US_ASCII));

    assertEquals(201, answer.statusCode(), answer.body());
  }

  @Test
  void multipart_withoutTheFile_orWithTwo_orBroken_isRefused() {
    assertEquals(
        "the form has no such part", reason(form("a.csv", part("other", "1") + "--X--\n"), "file"));
    assertEquals(
        "given more than once",
        reason(
            form("a.csv", part("file", "600000001") + part("file", "600000001") + "--X--\n"),
            "file"));
    assertEquals(
        "not a well-formed multipart form",
        reason(form("a.csv", "there is no boundary in this"), "body"));
    assertEquals(400, form("a.csv", part("file", "600000001")).statusCode(), "no closing boundary");
    var unbounded =
        ana.api()
            .upload(
                path("a.csv", ""), "multipart/form-data", "--X--".getBytes(StandardCharsets.UTF_8));
    assertEquals(400, unbounded.statusCode(), unbounded.body());
    assertEquals(0, ana.listed().size());
  }

  @Test
  void multipart_fileThatIsRefused_isHeardAlsoBeforeTheRest() {
    var rest = part("more", "x".repeat(1 << 19));

    var answer = form("a.xlsx", part("file", "600000001") + rest + rest + "--X--\n");

    assertTrue(reason(answer, "file").contains(".xlsx"));
  }

  @Test
  void notWhatItsNameSays_isRefused() throws IOException {
    assertTrue(reason(upload("a.csv", workbook(List.of(three))), "file").contains(".csv"));
    assertTrue(
        reason(upload("a.xlsx", "numero\n1\n".getBytes(StandardCharsets.UTF_8)), "file")
            .contains(".xlsx"));
    assertTrue(reason(upload("old.xls", workbook(List.of(three))), "file").contains(".xls"));
    assertTrue(reason(upload("x.ods", workbook(List.of(three))), "file").contains(".ods"));
    assertTrue(reason(csv("x.pdf", "600000001\n"), "file").contains(".pdf"));
    assertTrue(reason(upload("a.csv", new byte[] {0, 1, 2, 3, 0, 0, 0}), "file").contains(".csv"));
    assertTrue(reason(csv("a.csv", "<html><body>600000001</body></html>"), "file").contains("CSV"));
    assertEquals(0, ana.listed().size());
  }

  @Test
  void emptyOrOnlyAHeader_isRefused() throws IOException {
    assertTrue(reason(csv("a.csv", ""), "file").contains("empty"));
    assertTrue(reason(csv("a.csv", "numero\n"), "file").contains("empty"));
    assertTrue(reason(csv("a.csv", "\n \n\n"), "file").contains("row"));
    assertTrue(
        reason(upload("a.xlsx", workbook(List.of(List.of("numero")))), "file").contains("empty"));
    assertEquals(0, ana.listed().size());
  }

  @Test
  void workbookThatUnpacksToTooMuch_isRefused() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (var name :
          List.of("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml")) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write("<x>".getBytes(StandardCharsets.UTF_8));
        for (var i = 0; i < 200; i++) {
          zip.write(new byte[1 << 20]);
        }
      }
    }

    var answer = upload("bomb.xlsx", bytes.toByteArray());

    assertEquals(400, answer.statusCode(), answer.body());
    assertEquals("file", OpenApi.problem(answer).get("errors").get(0).get("field").asText());
  }

  @Test
  void tooLarge_is413_andTheClientHearsIt() {
    var large = "600000001\n".repeat((int) TestNode.LARGEST_UPLOAD / 10 + 1);

    var told = "the file may have " + TestNode.LARGEST_UPLOAD + " bytes at most: divide it";
    assertEquals(told, detail(413, csv("large.csv", large)));
    assertEquals(told, detail(413, form("large.csv", part("file", large.repeat(2)) + "--X--\n")));
    assertEquals(0, ana.listed().size());
  }

  @Test
  void moreNumbersThanAFileMayBring_isRefused() {
    var text = new StringBuilder();
    for (var i = 0; i <= TestNode.MOST_NUMBERS; i++) {
      text.append(650_000_000 + i).append('\n');
    }

    assertTrue(reason(csv("many.csv", text.toString()), "file").contains("divide the file"));
    assertEquals(0, ana.listed().size());
  }

  @Test
  void query_isReadStrictly() {
    assertEquals(
        "required", reason(ana.api().upload("/api/v1/files", "text/csv", new byte[1]), "user"));
    assertEquals(
        "expected true or false",
        reason(
            ana.api().upload(path("a", "&reprocess=yes"), "text/csv", new byte[1]), "reprocess"));
    assertEquals("has a slash or backslash", reason(csv("a/b.csv", "600000001"), "name"));
    assertTrue(
        reason(ana.api().upload(path("a", "&colunm=1"), "text/csv", new byte[1]), "query")
            .startsWith("unknown parameter"));
  }

  @Test
  void compressed_isRefused() {
    var answer =
        ana.api()
            .upload(
                path("a.csv", ""), "text/csv", new byte[] {1, 2, 3}, "Content-Encoding", "gzip");

    assertEquals(415, answer.statusCode());
  }

  @Test
  void sameUploadAgain_withAKey_isDoneOnce() {
    var bytes = String.join("\n", three).getBytes(StandardCharsets.UTF_8);
    var path = path("a.csv", "");

    var first = ana.api().upload(path, "text/csv", bytes, "Idempotency-Key", "u1");
    var second = ana.api().upload(path, "text/csv", bytes, "Idempotency-Key", "u1");
    var other = ana.api().upload(path, "text/csv", new byte[] {'1'}, "Idempotency-Key", "u1");

    assertEquals(first.body(), second.body());
    assertEquals(422, other.statusCode());
    assertEquals(3, found(three, first).get("subido").asInt());
  }

  @Test
  void reprocess_asksAnew() {
    var bytes = String.join("\n", three).getBytes(StandardCharsets.UTF_8);
    found(three, upload("a.csv", bytes));

    found(three, ana.api().upload(path("a.csv", "&reprocess=true"), "text/csv", bytes));

    assertEquals(List.of(2, 2, 2), three.stream().map(Person::asked).toList());
  }

  /** An upload that has sent its beginning and no more. */
  private Socket begun(String name) throws IOException {
    var server = ana.api().server();
    var socket = new Socket(server.getHost(), server.getPort());
    var head =
        "POST %s HTTP/1.1\r\nHost: x\r\nX-API-Key: %s\r\nContent-Type: text/csv\r\nContent-Length: 1000\r\n\r\n600000001\n"
            .formatted(path(name, ""), ana.api().key());
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return socket;
  }

  @Test
  void clientThatGoesAway_leavesNothing() throws IOException {
    var socket = begun("gone.csv");
    TestNode.until(() -> TestNode.uploadsOnDisk() == 1);

    socket.setSoLinger(true, 0); // so that closing breaks the connection off
    socket.close();

    TestNode.until(() -> TestNode.uploadsOnDisk() == 0);
    assertEquals(0, ana.listed().size());
  }

  @Test
  void tooManyAtOnce_areToldToComeAgain() throws IOException {
    try (var _ = begun("one.csv");
        var _ = begun("two.csv")) {
      TestNode.until(() -> TestNode.uploadsOnDisk() == TestNode.UPLOADS_AT_ONCE);

      var answer = csv("three.csv", "600000001");
      var form = form("three.csv", part("file", "600000001".repeat(10_000)) + "--X--\n");

      assertTrue(detail(503, answer).contains("uploaded"), answer.body());
      assertTrue(answer.headers().firstValue("Retry-After").isPresent());
      assertEquals(503, form.statusCode());
    }
  }
}
