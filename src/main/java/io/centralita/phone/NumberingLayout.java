package io.centralita.phone;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a row of the authority's file says what. Columns go by the names in the header, blanks and
 * case aside; a comma too many at the end of rows shifts nothing.
 *
 * @param area the column of the area code (NIR), -1 in the newer layout
 * @param series the column of the series, -1 in the newer layout
 * @param network the column of the kind of network (TIPO_RED), -1 in the newer layout
 */
record NumberingLayout(
    int area, int series, int first, int last, int network, int mode, int carrier, int assigned) {

  /** The nineteen columns of the classic file, which may come without a header. */
  private static final List<String> CLASSIC =
      List.of(
          "CLAVE_CENSAL",
          "POBLACION",
          "MUNICIPIO",
          "ESTADO",
          "PRESUSCRIPCION",
          "REGION",
          "ASL",
          "NIR",
          "SERIE",
          "NUMERACION_INICIAL",
          "NUMERACION_FINAL",
          "OCUPACION",
          "TIPO_RED",
          "MODALIDAD",
          "RAZON_SOCIAL",
          "FECHA_ASIGNACION",
          "FECHA_CONSOLIDACION",
          "FECHA_MIGRACION",
          "NIR_ANTERIOR");

  /** The classic columns by position. */
  static final NumberingLayout HEADLESS = of(CLASSIC);

  boolean classic() {
    return area >= 0;
  }

  private static NumberingLayout of(List<String> names) {
    return new NumberingLayout(
        names.indexOf("NIR"),
        names.indexOf("SERIE"),
        names.indexOf("NUMERACION_INICIAL"),
        names.indexOf("NUMERACION_FINAL"),
        names.indexOf("TIPO_RED"),
        names.indexOf("MODALIDAD"),
        names.indexOf("RAZON_SOCIAL"),
        names.indexOf("FECHA_ASIGNACION"));
  }

  /** The layout that a header announces; empty where the row is no header of either layout. */
  static Optional<NumberingLayout> announcedBy(List<String> row) {
    var layout = of(row.stream().map(cell -> cell.strip().toUpperCase(Locale.ROOT)).toList());
    var common = layout.first >= 0 && layout.last >= 0 && layout.mode >= 0 && layout.carrier >= 0;
    var whole = layout.series >= 0 && layout.network >= 0;
    return common && (whole || !layout.classic()) ? Optional.of(layout) : Optional.empty();
  }
}
