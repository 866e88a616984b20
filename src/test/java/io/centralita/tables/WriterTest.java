package io.centralita.tables;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriterTest {
  private static final List<List<String>> ROWS =
      List.of(
          List.of("teléfono", "nota", "vacío"),
          List.of("+34600123456", "a, \"b\"; c", ""),
          List.of("600123456", "two\nlines", "€ 😀 & <b>"),
          List.of("007", "-1.5", "last"));

  @TempDir Path folder;

  @Test
  void row_csv_roundTrips() throws IOException {
    assertEquals(ROWS, read(csv(ROWS, false), "a.csv", null));
    assertEquals(ROWS, read(csv(ROWS, true), "a.csv", null));
  }

  @Test
  void row_workbook_roundTrips() throws IOException {
    assertEquals(ROWS, read(workbook(ROWS, 1_000_000), "a.xlsx", null));
  }

  @Test
  void row_csv_followsRfc4180() throws IOException {
    assertEquals(
        "a,\"b,c\",\"d\"\"e\"\r\n",
        new String(csv(List.of(List.of("a", "b,c", "d\"e")), false), UTF_8));
    assertEquals("\uFEFFa\r\n", new String(csv(List.of(List.of("a")), true), UTF_8));
  }

  @Test
  void row_formulasInCsv_becomeText() throws IOException {
    var formulas =
        List.of("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "+", "-1.2.3");
    var numbers = List.of("+34600123456", "-1.5", "-1,5", "600", "a=b");

    assertEquals(
        formulas.stream().map(cell -> "'" + cell).toList(),
        read(csv(List.of(formulas), false), "a.csv", null).getFirst());
    assertEquals(numbers, read(csv(List.of(numbers), false), "a.csv", null).getFirst());
  }

  @Test
  void row_formulasInAWorkbook_areTextAlready() throws IOException {
    var formulas = List.of("=1+1", "+1", "-2+3", "@SUM(A1)");
    var file = Files.write(folder.resolve("formulas"), workbook(List.of(formulas), 10));

    try (var workbook = new ReadableWorkbook(file.toFile())) {
      for (var cell : workbook.getFirstSheet().read().getFirst()) {
        assertEquals(org.dhatim.fastexcel.reader.CellType.STRING, cell.getType());
      }
    }
    assertEquals(formulas, read(Files.readAllBytes(file), "a.xlsx", null).getFirst());
  }

  @Test
  void row_moreRowsThanASheetHolds_goOnInFurtherSheets() throws IOException {
    var rows = IntStream.range(0, 2500).mapToObj(i -> List.of("row " + i)).toList();

    var bytes = workbook(rows, 1200);

    assertEquals(rows.subList(0, 1200), read(bytes, "a.xlsx", null));
    assertEquals(rows.subList(1200, 2400), read(bytes, "a.xlsx", "Numbers 2"));
    assertEquals(rows.subList(2400, 2500), read(bytes, "a.xlsx", "Numbers 3"));
  }

  @Test
  void row_whatExcelCannotOpen_isRefused() throws IOException {
    try (var writer = new XlsxWriter(new ByteArrayOutputStream(), "a")) {
      assertThrows(TableException.class, () -> writer.row(List.of("x".repeat(32_768))));
      assertThrows(TableException.class, () -> writer.row(Collections.nCopies(16_385, "x")));
    }
  }

  private static byte[] csv(List<List<String>> rows, boolean mark) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var writer = new CsvWriter(out, mark)) {
      write(writer, rows);
    }
    return out.toByteArray();
  }

  private static byte[] workbook(List<List<String>> rows, int rowsOfASheet) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var writer = new XlsxWriter(out, "Numbers", rowsOfASheet)) {
      write(writer, rows);
    }
    return out.toByteArray();
  }

  private static void write(RowWriter writer, List<List<String>> rows) throws IOException {
    for (var row : rows) {
      writer.row(row);
    }
  }

  /** As the rows were written: a workbook leaves out empty cells at the end of a row. */
  private List<List<String>> read(byte[] content, String name, @Nullable String sheet)
      throws IOException {
    var file = Files.write(folder.resolve("upload"), content);
    var rows = new ArrayList<List<String>>();
    try (var table = Tables.open(file, name, sheet, Limits.DEFAULTS)) {
      for (var row = table.next(); row != null; row = table.next()) {
        var cells = row;
        rows.add(
            IntStream.range(
                    0, Math.max(row.cells().size(), rows.isEmpty() ? 0 : rows.getFirst().size()))
                .mapToObj(cells::cell)
                .toList());
      }
    }
    return rows;
  }
}
