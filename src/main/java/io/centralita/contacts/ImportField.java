package io.centralita.contacts;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What an import takes of a row, and the column it is in where nobody says otherwise. */
enum ImportField {
  /** The number, in any form; where it is empty, {@link #ORIGINAL} is read. */
  NUMBER(0, "numero"),
  /** The number as it once came. */
  ORIGINAL(1, "campo1_original"),
  NAME(2, "nombre"),
  ADDRESS(3, "direccion"),
  NEIGHBORHOOD(4, "colonia"),
  MUNICIPALITY(5, "municipio_cof"),
  STATE(6, "estado_cof"),
  CITY(7, "ciudad_por_lada");

  static final List<ImportField> ALL = List.of(values());

  /** Among a row's fields, from 0; stored with rejects, so it stays. */
  final int place;

  final String usualColumn;

  ImportField(int place, String usualColumn) {
    this.place = place;
    this.usualColumn = usualColumn;
  }

  /** How the API calls it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<ImportField> of(String word) {
    return Arrays.stream(values()).filter(field -> field.word().equals(word)).findFirst();
  }
}
