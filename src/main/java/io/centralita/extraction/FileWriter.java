package io.centralita.extraction;

import io.centralita.contacts.Holdings;
import io.centralita.contacts.Holdings.Held;
import io.centralita.http.Json;
import io.centralita.http.Sha256;
import io.centralita.phone.PhoneNumbers;
import io.centralita.tables.CsvWriter;
import io.centralita.tables.RowWriter;
import io.centralita.tables.XlsxWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the file of an extraction into the database, in memory that does not grow. Each number is
 * read anew as it is written, and who has opted out since the draw is left out.
 */
final class FileWriter {
  private static final int AT_ONCE = 5_000;
  private static final Locale SPANISH = Locale.forLanguageTag("es-MX");
  private static final List<String> HEADER = List.of("Number", "Content");

  /** What became of it. */
  record Written(
      int delivered,
      int leftOut,
      Map<String, Integer> byLada,
      long size,
      String sha256,
      String numbersSha256) {}

  private final Connection connection;
  private final ExtractionRow row;
  private final MessageDigest numbers = Sha256.begin();
  private final Map<String, Integer> byLada = new TreeMap<>();
  private int delivered;
  private int leftOut;

  private FileWriter(Connection connection, ExtractionRow row) {
    this.connection = connection;
    this.row = row;
  }

  /**
   * Writes it, as part of a transaction.
   *
   * @param cancelled nobody wants it any more: it is given up
   */
  static Written write(Connection connection, ExtractionRow row, BooleanSupplier cancelled)
      throws SQLException {
    var digest = Sha256.begin();
    try (var out = new ChunkOutput(connection, row.id(), digest)) {
      var writer = new FileWriter(connection, row);
      writer.write(out, cancelled);
      return new Written(
          writer.delivered,
          writer.leftOut,
          writer.byLada,
          out.size(),
          hex(digest),
          hex(writer.numbers));
    } catch (IOException e) {
      if (e.getCause() instanceof SQLException failure) {
        throw failure;
      }
      throw new SQLException("a file could not be written", e);
    }
  }

  private void write(OutputStream out, BooleanSupplier cancelled) throws IOException, SQLException {
    switch (row.format()) {
      case TXT -> {
        contacts(null, out, cancelled);
        out.close();
      }
      case CSV -> {
        try (var table = new CsvWriter(out, false)) {
          table.row(HEADER);
          contacts(table, out, cancelled);
        }
      }
      case XLSX -> {
        try (var table = new XlsxWriter(out, "Contacts")) {
          table.row(HEADER);
          contacts(table, out, cancelled);
          table.sheet("Extraction");
          about(table);
        }
      }
    }
  }

  /**
   * @param table null where the numbers themselves are the file
   */
  private void contacts(@Nullable RowWriter table, OutputStream out, BooleanSupplier cancelled)
      throws IOException, SQLException {
    var from = 0;
    while (true) {
      if (cancelled.getAsBoolean()) {
        throw new IllegalStateException("given up");
      }
      var some = Holdings.of(connection, row.id(), from, AT_ONCE);
      for (var contact : some) {
        contact(contact, table, out);
      }
      if (some.size() < AT_ONCE) {
        return;
      }
      from = some.getLast().position() + 1;
    }
  }

  private void contact(Held contact, @Nullable RowWriter table, OutputStream out)
      throws IOException {
    var number = Long.toString(contact.phone());
    if (contact.optedOut() || PhoneNumbers.read(number) != contact.phone()) {
      leftOut++;
      return;
    }
    delivered++;
    byLada.merge(Integer.toString(contact.lada()), 1, Integer::sum);
    var line = (number + '\n').getBytes(StandardCharsets.US_ASCII);
    numbers.update(line);
    if (table == null) {
      out.write(line);
    } else {
      var city = contact.city();
      table.row(List.of(number, city == null ? "" : city.toUpperCase(SPANISH)));
    }
  }

  private void about(RowWriter table) throws IOException {
    table.row(List.of("Extraction", Integer.toString(row.id())));
    table.row(List.of("Type", row.type().word()));
    table.row(List.of("Value", row.value()));
    table.row(List.of("Filter", Json.text(row.filter())));
    table.row(List.of("Ordered by", row.user()));
    table.row(List.of("Ordered at", Json.time(row.createdAt())));
    table.row(List.of("Written at", Json.time(Instant.now())));
    table.row(List.of("Ordered", Integer.toString(row.amount())));
    table.row(List.of("Delivered", Integer.toString(delivered)));
    table.row(List.of("Left out", Integer.toString(leftOut)));
    table.row(List.of("Seed of the draw", Long.toString(row.seed())));
    table.row(List.of("SHA-256 of the numbers, one a line", hex(numbers)));
    table.row(List.of("LADA", "Contacts"));
    for (var lada : byLada.entrySet()) {
      table.row(List.of(lada.getKey(), Integer.toString(lada.getValue())));
    }
  }

  /** What a digest says of what it was told so far. */
  private static String hex(MessageDigest digest) {
    try {
      return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e); // that of SHA-256 can be copied
    }
  }
}
