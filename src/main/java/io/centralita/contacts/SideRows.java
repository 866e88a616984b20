package io.centralita.contacts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a file's side tables, and those that could not be taken, with the reason. */
record SideRows(
    List<Statistic> statistics,
    List<MissingLada> missingLadas,
    List<BestLada> bestLadas,
    List<Reject> rejects) {

  /** Of {@code estadisticas_migracion}. */
  record Statistic(
      int rowNo,
      @Nullable String date,
      @Nullable String metric,
      @Nullable BigDecimal value,
      @Nullable String detail) {}

  /** Of {@code ladas_faltantes}. */
  record MissingLada(int rowNo, String lada, @Nullable Long count, @Nullable String example) {}

  /** Of {@code mejores_ladas}. */
  record BestLada(
      int rowNo, int lada, @Nullable String state, @Nullable String city, double icpth2022) {}

  /**
   * What could not be taken.
   *
   * @param no counts the rejects of a file, from 1
   * @param rowNo the row's place in the table, from 1; 0 where it is about the table
   * @param fields as JSON: what it held, by column
   */
  record Reject(
      @JsonIgnore int no, String table, int rowNo, String reason, @JsonRawValue String fields) {}
}
