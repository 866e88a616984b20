package io.centralita.contacts;

import io.centralita.db.Db;
import io.centralita.http.Json;
import io.centralita.tables.CsvWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * All contacts of a selection as CSV, read while it is sent: each step reads what lies between two
 * draws, and lets the connection go. A client that reads slowly holds up the next step, and neither
 * a connection nor memory.
 */
final class ContactExport {
  static final List<String> HEADER =
      List.of(
          "phone_e164",
          "phone_national",
          "phone_original",
          "full_name",
          "address",
          "neighborhood",
          "municipality",
          "state_code",
          "state_name",
          "lada",
          "city",
          "is_mobile",
          "carrier",
          "status",
          "opt_out_at",
          "import_id",
          "last_sent_at",
          "sends",
          "total_score",
          "quality_tier");

  /** Contacts that a step aims at. */
  private static final int STEP = 5_000;

  private static final int FIRST_WIDTH = Parts.width() >>> 7;
  private static final int NARROWEST = 1 << 10;

  /** The draws that a step reads: from the first to before the last, in one part. */
  private record Range(int part, long from, long to) {
    static Range first() {
      return new Range(0, 0, FIRST_WIDTH);
    }

    /** The next one, about as wide as would have held what a step aims at. */
    Optional<Range> next(int found) {
      var width = to - from;
      var better = width * Math.clamp((double) STEP / Math.max(1, found), 0.25, 4);
      var end = (part + 1L) * Parts.width();
      if (to < end) {
        return Optional.of(new Range(part, to, Math.min(end, to + width(better))));
      }
      return part + 1 < Parts.COUNT
          ? Optional.of(new Range(part + 1, end, end + width(better)))
          : Optional.empty();
    }

    private static long width(double wanted) {
      return (long) Math.clamp(wanted, NARROWEST, Parts.width());
    }
  }

  private record Row(Contact contact, @Nullable Lead lead) {}

  private final Db db;
  private final PlaceNames placeNames;

  ContactExport(Db db, PlaceNames placeNames) {
    this.db = db;
    this.placeNames = placeNames;
  }

  /** The file, in pieces. */
  Source<ByteString, NotUsed> csv(Criteria criteria) {
    var found =
        Source.unfoldAsync(Optional.of(Range.first()), range -> step(criteria, range))
            .buffer(
                1, OverflowStrategy.backpressure()) // the next is read while this one is written
            .async()
            .addAttributes(Attributes.inputBuffer(1, 1));
    return Source.single(csv(List.of(), true))
        .concat(found.filter(some -> !some.isEmpty()).map(some -> csv(some, false)));
  }

  private CompletionStage<Optional<Pair<Optional<Range>, List<Row>>>> step(
      Criteria criteria, Optional<Range> range) {
    if (range.isEmpty()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return db.transaction(
            "contacts as a file", connection -> read(connection, criteria, range.get()))
        .thenApply(found -> Optional.of(Pair.create(range.get().next(found.size()), found)));
  }

  private List<Row> read(Connection connection, Criteria criteria, Range range)
      throws SQLException {
    Walk.preferIndexes(connection);
    var conditions =
        Conditions.onContacts(criteria, (int) range.from(), (int) (range.to() - 1))
            .add("draw >= ?", (int) range.from())
            .add("draw <= ?", (int) (range.to() - 1));
    var reader = new ContactReader(connection, placeNames, placeNames.now(connection));
    var found =
        Db.query(
            connection,
            "SELECT %s FROM %s %s"
                .formatted(
                    Contact.COLUMNS,
                    Contacts.source(Parts.table(range.part()), criteria),
                    conditions.where()),
            statement -> {
              Walk.limited(statement);
              conditions.bind(statement, 1);
            },
            reader);
    var leads = Lead.of(connection, found.stream().map(ContactReader.Found::phone).toList());
    return found.stream().map(one -> new Row(one.contact(), leads.get(one.phone()))).toList();
  }

  private static ByteString csv(List<Row> found, boolean header) {
    var bytes = new ByteArrayOutputStream(found.size() * 200 + 300);
    try (var writer = new CsvWriter(bytes, false)) {
      if (header) {
        writer.row(HEADER);
      }
      for (var one : found) {
        writer.row(cells(one.contact(), one.lead()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail to be written
    }
    return ByteString.fromArrayUnsafe(bytes.toByteArray());
  }

  private static List<String> cells(Contact contact, @Nullable Lead lead) {
    return List.of(
        contact.phoneE164(),
        contact.phoneNational(),
        text(contact.phoneOriginal()),
        text(contact.fullName()),
        text(contact.address()),
        text(contact.neighborhood()),
        text(contact.municipality()),
        text(contact.stateCode()),
        text(contact.stateName()),
        text(contact.lada()),
        text(contact.city()),
        text(contact.isMobile()),
        text(contact.carrier()),
        contact.status().name(),
        time(contact.optOutAt()),
        text(contact.importId()),
        time(contact.lastSentAt()),
        Integer.toString(contact.sends()),
        lead == null ? "" : Integer.toString(lead.totalScore()),
        lead == null ? "" : lead.qualityTier().name());
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  private static String time(@Nullable Instant time) {
    return time == null ? "" : Json.time(time);
  }
}
