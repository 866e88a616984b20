package io.centralita.phone;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What one row of the authority's file says. */
sealed interface NumberingRow {

  /** A range, by the E.164 digits of its first and last number. */
  record Assigned(
      long first, long last, LineKind kind, String carrier, @Nullable LocalDate assigned)
      implements NumberingRow {}

  record Bad(String reason) implements NumberingRow {}

  int LONGEST_CARRIER = 200;

  DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d/M/uuuu", Locale.ROOT);

  static NumberingRow of(List<String> cells, NumberingLayout layout) {
    var first = number(cells, layout, layout.first());
    var last = number(cells, layout, layout.last());
    if (first < 0 || last < 0) {
      return new Bad(
          layout.classic()
              ? "NIR, SERIE, NUMERACION_INICIAL, NUMERACION_FINAL: ten digits together expected"
              : "NUMERACION_INICIAL, NUMERACION_FINAL: ten digits expected");
    }
    if (first > last) {
      return new Bad("the range ends before it begins");
    }
    if (lada(first) != lada(last)) {
      return new Bad("the range spans several area codes");
    }
    var kind = kind(cells, layout);
    if (kind == null) {
      return new Bad(
          layout.classic()
              ? "TIPO_RED: FIJO or MOVIL expected"
              : "MODALIDAD: CPP, MPP or FIJO expected");
    }
    var carrier = cell(cells, layout.carrier()).replaceAll("\\s+", " ");
    var fault = fault(carrier);
    return fault == null
        ? new Assigned(
            PhoneNumbers.mexican(first),
            PhoneNumbers.mexican(last),
            kind,
            carrier,
            date(cell(cells, layout.assigned())))
        : new Bad("RAZON_SOCIAL: " + fault);
  }

  private static @Nullable String fault(String carrier) {
    if (carrier.isEmpty()) {
      return "empty";
    }
    if (carrier.length() > LONGEST_CARRIER) {
      return "longer than " + LONGEST_CARRIER + " characters";
    }
    return carrier.chars().anyMatch(Character::isISOControl) ? "has a control character" : null;
  }

  private static String cell(List<String> cells, int column) {
    return column >= 0 && column < cells.size() ? cells.get(column).strip() : "";
  }

  /** The ten digits of a bound, or -1. Zeros that a spreadsheet took from the front come back. */
  private static long number(List<String> cells, NumberingLayout layout, int bound) {
    var digits = cell(cells, bound);
    if (layout.classic()) {
      var area = cell(cells, layout.area());
      var series = cell(cells, layout.series());
      if (digits.isEmpty() || series.isEmpty()) {
        return -1;
      }
      digits = area + padded(series, 6 - area.length()) + padded(digits, 4);
    }
    return digits.length() == PhoneNumbers.MEXICAN_DIGITS
            && digits.chars().allMatch(c -> c >= '0' && c <= '9')
        ? Long.parseLong(digits)
        : -1;
  }

  private static String padded(String digits, int length) {
    return "0".repeat(Math.max(0, length - digits.length())) + digits;
  }

  private static int lada(long national) {
    return Ladas.codeOf((int) (national / 10_000_000));
  }

  /**
   * Both ways of charging a mobile, the caller pays (CPP) and the mobile pays (MPP), are mobile.
   */
  private static @Nullable LineKind kind(List<String> cells, NumberingLayout layout) {
    var network = cell(cells, layout.network());
    var said = network.isEmpty() ? cell(cells, layout.mode()) : network;
    return switch (said.toUpperCase(Locale.ROOT)) {
      case "FIJO" -> LineKind.FIXED;
      case "MOVIL", "MÓVIL", "CPP", "MPP" -> LineKind.MOBILE;
      default -> null;
    };
  }

  private static @Nullable LocalDate date(String text) {
    try {
      return text.isEmpty() ? null : LocalDate.parse(text, DATE);
    } catch (DateTimeException _) {
      return null; // the range is good whatever its date
    }
  }
}
