package io.centralita.contacts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables as people have them, read back from the SQLite file that is made of them. */
final class TableFileTest {
  @TempDir private Path folder = Path.of("");

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("table"), content);
  }

  private Path csv(String text) throws IOException {
    return file(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Each row: its id, and what is not empty in the order of the fields. */
  private List<String> converted(Path table, String name, Map<String, String> columns) {
    var target = folder.resolve("made.db");
    OwnFiles.drop(target);
    TableFile.convert(table, name, columns, target);
    var rows = new ArrayList<String>();
    var usual = ImportField.ALL.stream().map(field -> field.usualColumn).toList();
    try (var made = SqliteFile.open(target)) {
      made.read(
          SqliteWriter.TABLE,
          usual,
          Long.MIN_VALUE,
          Long.MAX_VALUE,
          () -> false,
          (id, fields) ->
              rows.add(
                  id
                      + Arrays.stream(fields)
                          .map(Utf8::text)
                          .filter(text -> !text.isEmpty())
                          .collect(Collectors.joining("|", "|", ""))));
    }
    return rows;
  }

  private List<String> converted(String text) throws IOException {
    return converted(csv(text), "x.csv", Map.of());
  }

  private String refusal(Path table, String name, Map<String, String> columns) {
    var refusal = assertThrows(ImportFileException.class, () -> converted(table, name, columns));
    assertFalse(refusal.passing());
    return String.valueOf(refusal.getMessage());
  }

  private String refusal(String text) throws IOException {
    return refusal(csv(text), "x.csv", Map.of());
  }

  @Test
  void csv_rowsKeepTheirLines() throws IOException {
    assertEquals(
        List.of("2|5511|Ana \"La\" Pérez|Calle 1\nInt. 2", "5|5512", "6|5513|Eva"),
        converted(
            "\uFEFFTELÉFONO;Nombre Completo;Dirección;otra"
                + "\r\n5511;\"Ana \"\"La\"\" Pérez\";\"Calle 1\nInt. 2\";x"
                + "\r\n\r\n5512\r\n5513;Eva;;;;;more than the header\r\n"));
  }

  @Test
  void csv_notInUtf8_keepsItsAccents() throws IOException {
    var latin1 = "numero,nombre\n5511,Núñez\n".getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(List.of("2|5511|Núñez"), converted(file(latin1), "x.csv", Map.of()));

    var pasted = new ByteArrayOutputStream();
    pasted.writeBytes("numero,nombre\n5511,Núñez\n5512,".getBytes(StandardCharsets.UTF_8));
    pasted.writeBytes(new byte[] {(byte) 0xC1, 'n', (byte) 0xFF, '\n'});
    assertEquals(2, converted(file(pasted.toByteArray()), "x.csv", Map.of()).size());
  }

  @Test
  void columns_areFoundByTheirNamesOrAsTold() throws IOException {
    assertEquals(
        List.of("2|1|n|a|b|m|s|c"),
        converted("City,State,Municipality,Neighborhood,Address,Name,Number\nc,s,m,b,a,n,1\n"));
    assertEquals(
        List.of("2|1|o|n|JAL"),
        converted("phone_e164,phone_original,full_name,state_code\n1,o,n,JAL\n"));
    assertEquals(List.of("2|2"), converted("telefono,numero\n1,2\n"), "the usual name first");
    assertEquals(
        List.of("2|1|3"),
        converted(
            csv("Contacto,numero,Quién\n1,2,3\n"),
            "",
            Map.of("number", "CONTACTO", "name", "quien")));
  }

  @Test
  void columns_notFound_areToldWithThoseThereAre() throws IOException {
    assertTrue(refusal("contacto\n5511110001\n").contains("the columns are: contacto"));
    assertTrue(refusal("Ana,Calle\n5511110001,x\n").contains("columns.number"));
    var headless = refusal("5511110001,Ana\n5511110002,Eva\n");
    assertTrue(headless.endsWith("column 1, Ana"), headless);
    assertFalse(headless.contains("5511110001"), "somebody's number");
    assertTrue(
        refusal(csv("a,b\n1,2\n"), "x.csv", Map.of("number", "c"))
            .contains(
                "columns.number: the table has no column of that name; the columns are: a, b"));
  }

  @Test
  void columns_twoOfOneName_areRefusedWhereTheyAreNeeded() throws IOException {
    assertTrue(
        refusal("numero,nombre,Número\n1,2,3\n").startsWith("columns 1 and 3 have the same"));
    assertEquals(List.of("2|1"), converted("numero,x,x\n1,2,3\n"));
  }

  @Test
  void columns_moreThanSqliteTakes_areNoTrouble() throws IOException {
    var header = IntStream.range(0, 3000).mapToObj(i -> "c" + i).collect(Collectors.joining(","));

    assertEquals(List.of("2|5511"), converted(header + ",numero\n" + ",".repeat(3000) + "5511\n"));
  }

  @Test
  void cells_longOnesComeWhole_andGuardedOnesAsTheyWere() throws IOException {
    var name = "ñ".repeat(10_000);

    assertEquals(
        List.of("2|+52 55 1111 0001|" + name, "3|'x|'"),
        converted("numero,nombre\n'+52 55 1111 0001," + name + "\n'x,'\n"));
  }

  @Test
  void file_withoutRows_isRefused() throws IOException {
    assertTrue(refusal("").contains("empty"));
    assertTrue(refusal("\n \n").contains("empty"));
    assertTrue(refusal("numero,nombre\n").contains("no row after that of the column names"));
    assertTrue(refusal("numero\n5511\n\"never closed\n").contains("line 3"));
    assertEquals("not an SQLite file", refusal(csv("numero\n1\n"), "numeros.db", Map.of()));
    assertTrue(refusal("numero\na\0b\n" + "5511\n".repeat(20_000)).contains("binary"));
  }

  @Test
  void xlsx_numbersAreWholeDigits_andDamagedOnesAreRefused() throws IOException {
    var sheet =
        "<row r='3'><c r='A3' t='inlineStr'><is><t>telefono</t></is></c></row>"
            + "<row r='4'><c r='A4'><v>5.512345678E9</v></c></row>"
            + "<row r='9'><c r='A9'><v>5512345679.0</v></c></row>";
    var workbook = workbook(sheet);

    assertEquals(
        List.of("4|5512345678", "9|5512345679"), converted(file(workbook), "x.xlsx", Map.of()));
    var cut = Arrays.copyOf(workbook, workbook.length / 2);
    assertTrue(refusal(file(cut), "x.xlsx", Map.of()).contains("damaged"));
    assertTrue(refusal(file(workbook), "x.csv", Map.of()).contains(".csv"));
    var bomb = workbook("<row/>".repeat(2 << 20));
    assertTrue(
        refusal(file(bomb), "x.xlsx", Map.of())
            .contains("unpacks to more than 200 times its size"));
  }

  static byte[] workbook(String rows) throws IOException {
    var parts = new LinkedHashMap<String, String>();
    parts.put(
        "[Content_Types].xml",
        """
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
        <Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
        </Types>
        """);
    parts.put(
        "xl/_rels/workbook.xml.rels",
        """
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
        <Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>
        """);
    parts.put(
        "xl/workbook.xml",
        """
        <workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
         xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
        <sheets><sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>
        """);
    parts.put(
        "xl/worksheets/sheet1.xml",
        "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"
            + rows
            + "</sheetData></worksheet>");
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (var part : parts.entrySet()) {
        zip.putNextEntry(new ZipEntry(part.getKey()));
        zip.write(part.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }
}
