package io.centralita.tables;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.dhatim.fastexcel.VisibilityState;
import org.dhatim.fastexcel.Workbook;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkbookTableTest {
  private static final String TYPES =
      """
      <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
      <Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
      <Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>
      </Types>
      """;
  private static final String RELATIONSHIPS =
      """
      <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
      <Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>
      """;
  private static final String WORKBOOK =
      """
      <workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
       xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
      <sheets><sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>
      """;

  @TempDir Path folder;

  @Test
  void next_numbers_readAsPlainDigits() throws IOException {
    var sheet =
        row(
                "<c r='A1'><v>600123456</v></c><c r='B1'><v>6.00123456E8</v></c><c r='C1'><v>600123456.0</v></c>")
            + row("<c r='A2'><v>-1.50</v></c><c r='B2'><v>0.1</v></c><c r='C2'><v>0.0</v></c>")
            + row(
                "<c r='A3'><v>1E999999999</v></c><c r='B3'><v>no number</v></c><c r='C3' t='b'><v>1</v></c>")
            + row(
                "<c r='B4' t='s'><v>1</v></c><c r='D4' t='str'><f>A1</f><v>x</v></c><c t='e'><v>#N/A</v></c>");

    assertEquals(
        List.of(
            List.of("600123456", "600123456", "600123456"),
            List.of("-1.5", "0.1", "0"),
            List.of("1E999999999", "no number", "true"),
            List.of("", "second", "", "x", "#N/A")),
        cells(sheet(sheet)));
  }

  @Test
  void next_blankRows_areLeftOutButCounted() throws IOException {
    var file =
        sheet(
            "<row r='2'><c><v>1</v></c></row><row r='3'/><row r='7'><c><v>2</v></c></row><row><c><v>3</v></c></row>");

    assertEquals(List.of(2L, 7L, 8L), rows(file, null).stream().map(Row::number).toList());
  }

  @Test
  void open_hiddenSheets_readsTheFirstVisibleOrTheNamed() throws IOException {
    var file = folder.resolve("sheets.xlsx");
    try (var out = Files.newOutputStream(file);
        var workbook = new Workbook(out, "Test", null)) {
      var hidden = workbook.newWorksheet("Hidden");
      hidden.setVisibilityState(VisibilityState.HIDDEN);
      hidden.value(0, 0, "secret");
      workbook.newWorksheet("Shown").value(0, 0, 600123456);
    }

    assertEquals("600123456", rows(file, null).getFirst().cell(0));
    assertEquals("secret", rows(file, "Hidden").getFirst().cell(0));
    var refusal = assertThrows(TableException.class, () -> rows(file, "Other"));
    assertTrue(refusal.getMessage().endsWith("it has: Hidden, Shown"), refusal.getMessage());
  }

  @Test
  void next_threeHundredColumns_areRead() throws IOException {
    var file = folder.resolve("wide.xlsx");
    try (var writer = new XlsxWriter(Files.newOutputStream(file), "Wide")) {
      writer.row(Collections.nCopies(300, "x"));
    }

    assertEquals(Collections.nCopies(300, "x"), rows(file, null).getFirst().cells());
  }

  @Test
  void open_cutOffAnywhere_isRefused() throws IOException {
    var file = folder.resolve("whole.xlsx");
    try (var writer = new XlsxWriter(Files.newOutputStream(file), "Sheet")) {
      for (var i = 0; i < 5000; i++) {
        writer.row(List.of(Integer.toString(600_000_000 + i * 7919)));
      }
    }
    var whole = Files.readAllBytes(file);
    for (var part = 1; part < 10; part++) {
      Files.write(file, Arrays.copyOf(whole, whole.length * part / 10));

      assertThrows(TableException.class, () -> rows(file, null));
    }
  }

  @Test
  void open_flippedBytes_eitherReadsOrIsRefused() throws IOException {
    var file = sheet(row("<c r='A1'><v>600123456</v></c>").repeat(200));
    var whole = Files.readAllBytes(file);
    for (var place = 0; place < whole.length; place += 3) {
      var damaged = whole.clone();
      damaged[place] ^= 0x55;
      Files.write(file, damaged);
      try {
        rows(file, null);
      } catch (TableException refusal) {
        assertTrue(refusal.getMessage().contains(": "), refusal.getMessage());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "a.csv!the file is a zip archive but no Excel workbook: unpack it and send the table inside",
        "mimetype!the file is an OpenDocument file: save it as .xlsx or .csv"
      })
  void open_zipThatIsNoWorkbook_saysWhatItIs(String entry, String message) throws IOException {
    var file = zip(Map.of(entry, "600123456\n"));

    var refusal = assertThrows(TableException.class, () -> rows(file, null));

    assertEquals(message, refusal.getMessage());
  }

  @Test
  void open_bomb_isRefusedBeforeItIsUnpackedWhole() throws IOException {
    var file = folder.resolve("bomb.xlsx");
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      put(zip, "[Content_Types].xml", TYPES);
      zip.putNextEntry(new ZipEntry("xl/media/image1.png"));
      fill(zip, 64 << 20);
    }

    assertTrue(refusal(file, Limits.DEFAULTS).contains("unpacks to more than 200 times its size"));
  }

  @Test
  void open_overALimit_saysWhich() throws IOException {
    var file = sheet(row("<c r='A1' t='s'><v>0</v></c>").repeat(20_000));

    assertTrue(refusal(file, limits(3, 1 << 30, 1 << 20)).contains("holds 5 parts"));
    assertTrue(refusal(file, limits(9, 1 << 16, 1 << 20)).contains("unpacks to more than 0 MB"));
    assertTrue(refusal(file, limits(9, 1 << 30, 10)).contains("its list of texts"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/workbook.xml",
        "[Content_Types].xml"
      })
  void open_billionLaughs_isRefused(String part) throws IOException {
    var parts = parts(row("<c r='A1'><v>1</v></c>"));
    var laughs = new StringBuilder("<!DOCTYPE x [<!ENTITY l0 \"lol\">");
    for (var i = 1; i < 10; i++) {
      laughs.append("<!ENTITY l%d \"%s\">".formatted(i, ("&l" + (i - 1) + ";").repeat(10)));
    }
    parts.compute(part, (_, xml) -> laughs + "]>" + xml);

    assertTrue(refusal(zip(parts), Limits.DEFAULTS).contains("declares a DOCTYPE"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<c r='ZZZZZZ1'><v>1</v></c>|row 1 of the sheet has more than 4,096 columns",
        "<c r='XFD1'><v>1</v></c>|row 1 of the sheet has more than 4,096 columns",
        "<c t='s'><v>2000000000</v></c>|refers to a text it does not hold",
        "<c t='s'><v>&#50;000<![CDATA[000]]>000</v></c>|refers to a text it does not hold",
        "<c t='s'><v>2<c/>000000000</v></c>|is damaged",
        "<c t='d'><v>2026-01-01</v></c>|the sheet, after row 0, is damaged",
        "<c><v>1</v></c></wrong>|the sheet, after row 0, is damaged"
      })
  void next_cellsThatWouldTakeAllMemory_areRefused(String cells, String message)
      throws IOException {
    var refusal = refusal(sheet(row(cells)), Limits.DEFAULTS);

    assertTrue(refusal.contains(message), refusal);
  }

  @Test
  void next_textsWithoutEnd_areRefused() throws IOException {
    var endless = "x".repeat(1 << 19);
    var cell = "<c t='inlineStr'><is><t>" + endless + "</t></is></c>";

    assertTrue(
        refusal(sheet(row(cell.repeat(3))), Limits.DEFAULTS)
            .contains("row 1 of the sheet is longer"));
    var formula = "<c><f>" + endless + "</f><v>1</v></c>";
    assertTrue(
        refusal(sheet(row(formula)), Limits.DEFAULTS).contains("row 1 of the sheet is longer"));
    var array = "<c><f t='array' ref='A1'>1</f><v>1</v></c>";
    assertTrue(
        refusal(sheet(row(array).repeat(2001)), Limits.DEFAULTS)
            .contains("too many array formulas"));
  }

  private static Limits limits(int entries, long inflated, long sharedStrings) {
    return new Limits(10, 1000, entries, inflated, sharedStrings, 2000, 10L << 20);
  }

  private static String row(String cells) {
    return "<row>" + cells + "</row>";
  }

  private Path sheet(String rows) throws IOException {
    return zip(parts(rows));
  }

  private static Map<String, String> parts(String rows) {
    return new TreeMap<>(
        Map.of(
            "[Content_Types].xml",
            TYPES,
            "xl/workbook.xml",
            WORKBOOK,
            "xl/_rels/workbook.xml.rels",
            RELATIONSHIPS,
            "xl/sharedStrings.xml",
            "<sst><si><t>first</t></si><si><t>second</t></si></sst>",
            "xl/worksheets/sheet1.xml",
            "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"));
  }

  private Path zip(Map<String, String> parts) throws IOException {
    var file = folder.resolve("book.xlsx");
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (var part : parts.entrySet()) {
        put(zip, part.getKey(), part.getValue());
      }
    }
    return file;
  }

  private static void put(ZipOutputStream zip, String name, String content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content.getBytes(UTF_8));
    zip.closeEntry();
  }

  private static void fill(OutputStream out, int size) throws IOException {
    var zeros = new byte[1 << 16];
    for (var written = 0; written < size; written += zeros.length) {
      out.write(zeros);
    }
  }

  private String refusal(Path file, Limits limits) {
    return assertThrows(TableException.class, () -> rows(file, null, limits)).getMessage();
  }

  private List<List<String>> cells(Path file) throws IOException {
    return rows(file, null).stream().map(Row::cells).toList();
  }

  private List<Row> rows(Path file, @Nullable String sheet) throws IOException {
    return rows(file, sheet, Limits.DEFAULTS);
  }

  private static List<Row> rows(Path file, @Nullable String sheet, Limits limits)
      throws IOException {
    var rows = new ArrayList<Row>();
    try (var table = Tables.open(file, "book.xlsx", sheet, limits)) {
      for (var row = table.next(); row != null; row = table.next()) {
        rows.add(row);
      }
    }
    return rows;
  }
}
