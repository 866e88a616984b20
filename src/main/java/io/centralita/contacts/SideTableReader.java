package io.centralita.contacts;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.centralita.phone.Ladas;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the side tables of a file: at most {@value #MOST_ROWS} rows of each. Nothing in them fails
 * an import: what cannot be taken is a reject. For one file.
 */
final class SideTableReader {
  static final int MOST_ROWS = 10_000;

  private static final int LONGEST_TEXT = 500;
  private static final int LONGEST_NUMBER = 40;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Makes a row of cells, which keep what is wrong with them. */
  private interface RowMaker {
    void make(int rowNo, Cells cells);
  }

  private final SqliteFile file;
  private final List<SideRows.Statistic> statistics = new ArrayList<>();
  private final List<SideRows.MissingLada> missingLadas = new ArrayList<>();
  private final List<SideRows.BestLada> bestLadas = new ArrayList<>();
  private final List<SideRows.Reject> rejects = new ArrayList<>();

  private SideTableReader(SqliteFile file) {
    this.file = file;
  }

  /** The side tables of a file; empty where it has none of them. */
  static Optional<SideRows> read(SqliteFile file) {
    return new SideTableReader(file).read();
  }

  private Optional<SideRows> read() {
    var found = false;
    found |=
        table("estadisticas_migracion", 1, this::statistic, "metrica", "fecha", "valor", "detalle");
    found |= table("ladas_faltantes", 1, this::missingLada, "lada", "cantidad", "ejemplo");
    found |=
        table(
            "mejores_ladas",
            2,
            this::bestLada,
            "lada",
            "icpth_2022",
            "estado",
            "ciudad",
            "municipio");
    return found
        ? Optional.of(new SideRows(statistics, missingLadas, bestLadas, rejects))
        : Optional.empty();
  }

  /**
   * Reads a table.
   *
   * @param needed the first so many columns must be there
   * @return whether the file has it
   */
  private boolean table(String wanted, int needed, RowMaker maker, String... columns) {
    var table = file.tables().stream().filter(wanted::equalsIgnoreCase).findFirst();
    if (table.isEmpty()) {
      return false;
    }
    try {
      var there = file.columns(table.get());
      var present = new ArrayList<String>();
      for (var column : columns) {
        var found = there.stream().filter(column::equalsIgnoreCase).findFirst();
        if (found.isEmpty() && present.size() < needed) {
          reject(wanted, 0, "the table has no column " + column, "{}");
          return true;
        }
        present.add(found.orElse(""));
      }
      file.first(
          table.get(),
          present,
          MOST_ROWS + 1,
          (row, fields) -> row(wanted, (int) row, new Cells(columns, fields), maker));
    } catch (ImportFileException e) {
      if (e.passing()) {
        throw e;
      }
      reject(wanted, 0, "it cannot be read to its end: " + e.getMessage(), "{}");
    }
    return true;
  }

  private void row(String table, int rowNo, Cells cells, RowMaker maker) {
    if (rowNo > MOST_ROWS) {
      reject(table, rowNo, "only the first " + MOST_ROWS + " rows are taken", cells.json());
      return;
    }
    maker.make(rowNo, cells);
    if (!cells.fault.isEmpty()) {
      reject(table, rowNo, cells.fault, cells.json());
    }
  }

  private void reject(String table, int rowNo, String reason, String fields) {
    rejects.add(new SideRows.Reject(rejects.size() + 1, table, rowNo, reason, fields));
  }

  private void statistic(int rowNo, Cells cells) {
    var row =
        new SideRows.Statistic(rowNo, cells.text(1), cells.text(0), cells.number(2), cells.text(3));
    if (cells.fault.isEmpty()) {
      statistics.add(row);
    }
  }

  private void missingLada(int rowNo, Cells cells) {
    var lada = cells.text(0);
    if (lada == null) {
      cells.fault("lada: empty");
      return;
    }
    var row = new SideRows.MissingLada(rowNo, lada, cells.whole(1), cells.text(2));
    if (cells.fault.isEmpty()) {
      missingLadas.add(row);
    }
  }

  private void bestLada(int rowNo, Cells cells) {
    var lada = cells.whole(0);
    if (lada == null || lada != lada.intValue() || Ladas.of(lada.intValue()).isEmpty()) {
      cells.fault("lada: not a LADA of Mexico");
      return;
    }
    var icpth = cells.number(1);
    if (icpth == null || icpth.signum() <= 0 || !isDouble(icpth)) {
      cells.fault("icpth_2022: expected a number above 0");
      return;
    }
    var city = cells.text(3);
    var row =
        new SideRows.BestLada(
            rowNo,
            lada.intValue(),
            cells.text(2),
            city == null ? cells.text(4) : city,
            icpth.doubleValue());
    if (cells.fault.isEmpty()) {
      bestLadas.add(row);
    }
  }

  private static boolean isDouble(BigDecimal number) {
    return number.doubleValue() > 0 && Double.isFinite(number.doubleValue());
  }

  /** A row's values by their place; the first fault that is found stands. */
  private static final class Cells {
    private final String[] columns;
    private final byte[][] fields;
    private String fault = "";

    Cells(String[] columns, byte[][] fields) {
      this.columns = columns;
      this.fields = fields;
    }

    void fault(String found) {
      fault = fault.isEmpty() ? found : fault;
    }

    @Nullable String text(int column) {
      var text = whole(fields[column]);
      if (text.length() > LONGEST_TEXT) {
        fault(columns[column] + ": longer than " + LONGEST_TEXT + " characters");
      }
      return text.isEmpty() ? null : text;
    }

    private static String whole(byte[] field) {
      return Utf8.text(Utf8.clean(field));
    }

    @Nullable BigDecimal number(int column) {
      var text = text(column);
      if (text == null) {
        return null;
      }
      if (text.length() <= LONGEST_NUMBER) {
        try {
          var number = new BigDecimal(text);
          // With an exponent a short text may be a number of a million digits.
          if (Math.abs((long) number.scale()) <= 10 * LONGEST_NUMBER) {
            return number;
          }
        } catch (NumberFormatException _) {
          // said below
        }
      }
      fault(columns[column] + ": not a number");
      return null;
    }

    @Nullable Long whole(int column) {
      var number = number(column);
      if (number == null) {
        return null;
      }
      try {
        return number.longValueExact();
      } catch (ArithmeticException _) {
        fault(columns[column] + ": not a whole number");
        return null;
      }
    }

    String json() {
      var json = JSON.createObjectNode();
      for (var i = 0; i < columns.length; i++) {
        var text = whole(fields[i]);
        if (!text.isEmpty()) {
          json.put(columns[i], text.length() > LONGEST_TEXT ? cut(text) : text);
        }
      }
      return json.toString();
    }

    /** Never between the two halves of a code point. */
    private static String cut(String text) {
      var end = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1)) ? 1 : 0;
      return text.substring(0, LONGEST_TEXT - end);
    }
  }
}
