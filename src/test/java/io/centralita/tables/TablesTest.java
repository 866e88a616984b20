package io.centralita.tables;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TablesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "a.xlsx!600123456\\n!the file is named .xlsx but its content is text: rename it to .csv or save it as an Excel workbook",
        "a.csv!\u0089PNG\\r\\n!the file is named .csv but its content is a PNG image: send a CSV, TXT or XLSX file",
        "a.txt!%PDF-1.7!the file is named .txt but its content is a PDF document: send a CSV, TXT or XLSX file",
        "a.csv!6\0000\000!the file is named .csv but its content is binary data: send a CSV, TXT or XLSX file",
        "numbers!'\u0001\u0002\u0003'!the file's content is binary data: send a CSV, TXT or XLSX file",
        "a.xls!<html><table>!the file's content is a web page: send a CSV, TXT or XLSX file",
        "a.csv!'PK\u0003\u0004'!the file is named .csv but its content is a workbook or another zip archive: rename it to .xlsx if it is an Excel workbook, or unpack it first",
        "a.xls!\u00D0\u00CF\u0011\u00E0\u00A1!the file is an old Excel workbook (.xls) or has a password: save it as .xlsx without a password",
        "a.xlsx!\u00D0\u00CF\u0011\u00E0\u00A1!the file is an old Excel workbook (.xls) or has a password: save it as .xlsx without a password",
        "a.png!\u0089PNG\\r\\n!the file's content is a PNG image: send a CSV, TXT or XLSX file",
        "x.pdf!600123456\\n!the file is named .pdf, which is not read: save it as CSV, TXT or XLSX, or rename it if it is one",
        "old.XLS!'PK\u0003\u0004'!the file is named .xls, which is not read: save it as CSV, TXT or XLSX, or rename it if it is one",
        "x.ods!'PK\u0003\u0004'!the file is named .ods, which is not read: save it as CSV, TXT or XLSX, or rename it if it is one",
        "a.csv!''!the file is empty: send one with at least one row of data",
        "a.csv!' \\n \\n'!the file is empty: send one with at least one row of data",
        "a.csv!\u00EF\u00BB\u00BF!the file is empty: send one with at least one row of data"
      })
  void open_contentThatIsNoTable_saysWhatItIsAndTheWayOut(
      String name, String content, String message) throws IOException {
    var bytes = content.replace("\\n", "\n").replace("\\r", "\r").getBytes(ISO_8859_1);
    var file = Files.write(folder.resolve("upload"), bytes);

    var refusal = assertThrows(TableException.class, () -> Tables.open(file, name).close());

    assertEquals(message, refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.csv", "a.TSV", "a.txt", "a.dat", "numbers", "a.2026", ".csv"})
  void open_textUnderANameThatDoesNotDeny_isRead(String name) throws IOException {
    var file = Files.write(folder.resolve("upload"), "600123456\n".getBytes(UTF_8));

    try (var table = Tables.open(file, name)) {
      var row = table.next();

      assertNotNull(row);
      assertEquals("600123456", row.cell(0));
    }
  }

  @Test
  void open_noSuchFile_isAnInputError() {
    assertThrows(
        NoSuchFileException.class, () -> Tables.open(folder.resolve("none"), "a.csv").close());
  }
}
