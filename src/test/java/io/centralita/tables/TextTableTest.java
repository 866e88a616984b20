package io.centralita.tables;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTableTest {
  private static final Charset WINDOWS = Charset.forName("windows-1252");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t", "|"})
  void next_anyDelimiter_findsTheCells(String delimiter) throws IOException {
    var text = "name,phone,note\nAna,600123456,\"a, b; c|d\"\nLuis,711222333,\"say \"\"yes\"\"\"\n";
    var csv = text.replaceAll(",(?! b)", delimiter.equals("|") ? "|" : delimiter);

    assertEquals(
        List.of(
            new Row(1, List.of("name", "phone", "note")),
            new Row(2, List.of("Ana", "600123456", "a, b; c|d")),
            new Row(3, List.of("Luis", "711222333", "say \"yes\""))),
        read("numbers.csv", csv.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void next_anyLineEnding_countsLinesAndLeavesBlankOnesOut(String end) throws IOException {
    var csv = String.join(end, "a;b", "", ";", "  ", "\"two" + end + "lines\";2", "c;3");

    assertEquals(
        List.of(
            new Row(1, List.of("a", "b")),
            new Row(5, List.of("two" + end + "lines", "2")),
            new Row(7, List.of("c", "3"))),
        read("numbers.csv", csv.getBytes(UTF_8)));
  }

  @Test
  void next_anyEncoding_keepsAccents() throws IOException {
    var csv = "teléfono;año\n600123456;ñandú €\n";
    var expected =
        List.of(
            new Row(1, List.of("teléfono", "año")), new Row(2, List.of("600123456", "ñandú €")));

    assertEquals(expected, read("a.csv", csv.getBytes(UTF_8)));
    assertEquals(expected, read("a.csv", ("\uFEFF" + csv).getBytes(UTF_8)));
    assertEquals(expected, read("a.csv", ("\uFEFF" + csv).getBytes(UTF_16LE)));
    assertEquals(expected, read("a.csv", ("\uFEFF" + csv).getBytes(UTF_16BE)));
    assertEquals(expected, read("a.csv", csv.getBytes(WINDOWS)));
    var latin = csv.replace(" €", "");
    assertEquals("ñandú", read("a.csv", latin.getBytes(ISO_8859_1)).get(1).cell(1));
  }

  @Test
  void next_firstAccentAfterTheSample_isReadInItsEncoding() throws IOException {
    var plain = "600123456;Ana\n".repeat(20_000);

    var windows = read("a.csv", (plain + "600123457;Íñigo\n").getBytes(WINDOWS));
    var utf8 = read("a.csv", (plain + "600123457;Íñigo 😀\n").getBytes(UTF_8));

    assertEquals("Íñigo", windows.getLast().cell(1));
    assertEquals("Íñigo 😀", utf8.getLast().cell(1));
  }

  @Test
  void next_characterAcrossTheEndOfTheSample_isStillUtf8() throws IOException {
    for (var before = Dialect.SAMPLE - 4; before <= Dialect.SAMPLE; before++) {
      var text = "x".repeat(before) + "é😀\n600123456\n";

      assertEquals("é😀", read("a.csv", text.getBytes(UTF_8)).getFirst().cell(0).substring(before));
    }
  }

  @Test
  void next_decimalCommasBetweenSemicolons_areNoDelimiters() throws IOException {
    assertEquals(
        List.of("1,5", "2,5"),
        read("a.csv", "1,5;2,5\n3,5;4,5\n".getBytes(UTF_8)).getFirst().cells());
  }

  @Test
  void next_excelsSepLine_namesTheDelimiter() throws IOException {
    var rows = read("a.csv", "sep=|\r\na,b|c\r\n".getBytes(UTF_8));

    assertEquals(List.of("a,b", "c"), rows.getFirst().cells());
  }

  @Test
  void next_textFile_isOneValueALine() throws IOException {
    var rows = read("a.txt", "600 123 456\n\n\"711,222;333\n".getBytes(UTF_8));

    assertEquals(
        List.of(new Row(1, List.of("600 123 456")), new Row(3, List.of("\"711,222;333"))), rows);
    assertEquals(
        List.of("600123456", "Ana"),
        read("a.txt", "600123456\tAna\n".getBytes(UTF_8)).getFirst().cells());
  }

  @Test
  void next_rowsOfDifferentLengths_areKept() throws IOException {
    var wide = String.join(";", Collections.nCopies(300, "x"));

    var rows = read("a.csv", ("a;b\nc\n" + wide + "\n").getBytes(UTF_8));

    assertEquals(List.of(2, 1, 300), rows.stream().map(row -> row.cells().size()).toList());
    assertEquals("", rows.get(1).cell(1));
  }

  @Test
  void next_onlyAHeader_isOneRow() throws IOException {
    assertEquals(
        List.of(new Row(1, List.of("phone", "name"))),
        read("a.csv", "phone,name\n".getBytes(UTF_8)));
  }

  @Test
  void next_aMillionRows_keepsMemoryBounded() throws IOException {
    var file = folder.resolve("big");
    try (var writer = Files.newBufferedWriter(file)) {
      for (var i = 0; i < 1_000_000; i++) {
        writer.write("600");
        writer.write(Integer.toString(100_000 + i % 900_000));
        writer.write(";Ana;Madrid\n");
      }
    }
    var count = 0;
    try (var table = Tables.open(file, "big.csv")) {
      for (var row = table.next(); row != null; row = table.next()) {
        count++;
        assertEquals(count, row.number());
      }
    }

    assertEquals(1_000_000, count);
  }

  @Test
  void next_tooLongOrTooWide_namesTheLine() {
    var limits = new Limits(5, 10_000, 10, 1000, 1000, 10, 1000);

    assertTrue(refusal("a;b\n1;2;3;4;5;6\n", limits).contains("line 2 has more than 5 columns"));
    assertTrue(refusal("a;b\n" + "y;".repeat(4) + "x".repeat(10_000), limits).contains("line 2"));
    assertTrue(refusal("a;b\n1;\"not closed\n" + "x;y\n".repeat(9000), limits).contains("line 2"));
  }

  @Test
  void next_lineOfTwoMegabytes_isRefusedByDefault() {
    var refusal = refusal("a\n" + "x".repeat(2 << 20), Limits.DEFAULTS);

    assertTrue(refusal.contains("line 2"), refusal);
    assertTrue(refusal.contains("1,048,576 characters"), refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a;b\n600123456;\"x\"y\n", "a;b\n600123456;\"x\n"})
  void next_brokenQuotes_areRefusedWithoutTheContent(String csv) {
    var refusal = refusal(csv, Limits.DEFAULTS);

    assertTrue(refusal.contains("line 2"), refusal);
    assertFalse(refusal.contains("600123456"), refusal);
  }

  @Test
  void next_nulByteAfterTheSample_namesTheLine() {
    var refusal = refusal("600123456\n".repeat(10_000) + "6\0001\n", Limits.DEFAULTS);

    assertTrue(refusal.contains("line 10001 holds a NUL byte"), refusal);
  }

  private String refusal(String csv, Limits limits) {
    return assertThrows(TableException.class, () -> read("a.csv", csv.getBytes(UTF_8), limits))
        .getMessage();
  }

  private List<Row> read(String name, byte[] content) throws IOException {
    return read(name, content, Limits.DEFAULTS);
  }

  private List<Row> read(String name, byte[] content, Limits limits) throws IOException {
    var file = Files.write(folder.resolve("upload"), content);
    var rows = new ArrayList<Row>();
    try (var table = Tables.open(file, name, null, limits)) {
      for (var row = table.next(); row != null; row = table.next()) {
        rows.add(row);
      }
    }
    return rows;
  }
}
