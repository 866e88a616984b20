package io.centralita.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.tables.Columns.Column;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnsTest {
  private static final Set<String> NAMES = Set.of("teléfono", "phone", "número de móvil");

  @ParameterizedTest
  @ValueSource(strings = {"Teléfono", "TELEFONO", " phone: ", "numero_de_movil", "Número de móvil"})
  void find_knownName_winsWhateverItsSpelling(String name) {
    var rows = List.of(List.of("id", name), List.of("600123456", "x"));

    assertEquals(new Column(1, true), find(rows));
  }

  @Test
  void find_twoKnownNames_takesTheOneThatLooksRight() {
    var rows = List.of(List.of("phone", "teléfono"), List.of("none", "600123456"));

    assertEquals(new Column(1, true), find(rows));
  }

  @Test
  void find_noHeader_takesTheColumnThatLooksRight() {
    var rows = List.of(List.of("Ana", "600123456"), List.of("Eva", "600123457"));

    assertEquals(new Column(1, false), find(rows));
  }

  @Test
  void find_unknownHeader_takesTheColumnBelow() {
    var rows = List.of(List.of("name", "contact"), List.of("Ana", "600123456"), List.of("Eva", ""));

    assertEquals(new Column(1, true), find(rows));
  }

  @Test
  void find_columnWhereFewLookRight_isNotTaken() {
    var rows =
        List.of(List.of("x", "a"), List.of("1", "600123456"), List.of("2", "b"), List.of("3", "c"));

    assertThrows(TableException.class, () -> find(rows));
  }

  @Test
  void find_singleColumn_isTaken() {
    assertEquals(new Column(0, false), find(List.of(List.of("12"), List.of("13"))));
    assertEquals(new Column(0, true), find(List.of(List.of("things"), List.of("13"))));
    assertEquals(new Column(0, true), find(List.of(List.of("phone"))));
  }

  @Test
  void find_nothingFits_listsTheColumnsButNoData() {
    var rows = List.of(List.of("City", "912345678", "a@b.es"), List.of("Madrid", "1", "2"));

    var message = assertThrows(TableException.class, () -> find(rows)).getMessage();

    assertTrue(message.endsWith("the columns are: City, column 2, column 3"), message);
    assertFalse(message.contains("912345678"), message);
  }

  @Test
  void find_noRows_saysSo() {
    assertThrows(TableException.class, () -> find(List.of()));
  }

  private static Column find(List<List<String>> rows) {
    return Columns.find(rows, NAMES, cell -> cell.matches("6\\d{8}"));
  }
}
