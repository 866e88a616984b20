package io.centralita.contacts;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What an import takes of a row, and the column it is in where nobody says otherwise. */
enum ImportField {
  /** The number, in any form; where it is empty, {@link #ORIGINAL} is read. */
  NUMBER(0, "numero", "telefono, phone, celular, movil, mobile, tel, phone e164"),
  /** The number as it once came. */
  ORIGINAL(1, "campo1_original", "phone original"),
  NAME(2, "nombre", "nombre completo, full name"),
  ADDRESS(3, "direccion", "domicilio"),
  NEIGHBORHOOD(4, "colonia", "neighbourhood"),
  MUNICIPALITY(5, "municipio_cof", "municipio"),
  STATE(6, "estado_cof", "estado, state code, state name"),
  CITY(7, "ciudad_por_lada", "ciudad");

  static final List<ImportField> ALL = List.of(values());

  /** Among a row's fields, from 0; stored with rejects, so it stays. */
  final int place;

  /** In an SQLite file. */
  final String usualColumn;

  private final String otherNames;

  ImportField(int place, String usualColumn, String otherNames) {
    this.place = place;
    this.usualColumn = usualColumn;
    this.otherNames = otherNames;
  }

  /** How the API calls it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What its column may be called in a table that people made, the usual name first. */
  List<String> knownNames() {
    return Stream.concat(Stream.of(usualColumn, word()), Stream.of(otherNames.split(", ")))
        .toList();
  }

  static Optional<ImportField> of(String word) {
    return Arrays.stream(values()).filter(field -> field.word().equals(word)).findFirst();
  }
}
