package io.centralita.contacts;

import io.centralita.access.Principal;
import io.centralita.contacts.Place.Kind;
import io.centralita.db.Db;
import io.centralita.phone.PhoneNumbers;
import io.centralita.scoring.Tier;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One person of the store, as the API shows one. What is null is not known.
 *
 * @param phoneOriginal the number as it came
 * @param isMobile whether the numbering plan says so
 * @param carrier whom the number was first given to, not who serves it now
 * @param importId that brought the contact
 * @param totalScore of its lead, 0 to 100
 * @param extractedAt since when an extraction has it for itself, and its file is there
 * @param extractedBy who ordered that; null for those who may not know
 */
public record Contact(
    String phoneE164,
    String phoneNational,
    @Nullable String phoneOriginal,
    @Nullable String fullName,
    @Nullable String address,
    @Nullable String neighborhood,
    @Nullable String municipality,
    @Nullable String stateCode,
    @Nullable String stateName,
    @Nullable String lada,
    @Nullable String city,
    @Nullable Boolean isMobile,
    @Nullable String carrier,
    Status status,
    @Nullable Instant optOutAt,
    @Nullable Integer importId,
    @Nullable Instant lastSentAt,
    int sends,
    @Nullable Integer totalScore,
    @Nullable Tier qualityTier,
    @Nullable Instant extractedAt,
    @Nullable String extractedBy,
    @Nullable Integer extractionId) {

  /** What may be done with a contact. */
  public enum Status {
    /** Wants no more, for ever. */
    OPTED_OUT,
    /** A telephone that takes no messages. */
    NOT_MOBILE,
    /** A number that exists. */
    VERIFIED;

    static Status of(boolean optedOut, int kind) {
      return optedOut ? OPTED_OUT : kind == Criteria.FIXED ? NOT_MOBILE : VERIFIED;
    }
  }

  /** Of the table; {@link #of} reads them in this order. */
  static final String COLUMNS =
      "phone, draw, original, name, address, neighborhood, municipality, state, lada, city, kind,"
          + " carrier, opt_out_at, import_id, last_sent_at, sends";

  static Contact of(ResultSet row, Gazetteer names) throws SQLException {
    var phone = row.getLong(1);
    var state = row.getInt(8);
    var lada = row.getInt(9);
    var kind = row.getInt(11);
    var optOutAt = Db.instantOrNull(row, 13);
    var importId = row.getInt(14);
    return new Contact(
        PhoneNumbers.e164(phone),
        PhoneNumbers.national(phone),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        names.name(Kind.MUNICIPALITY, row.getInt(7)),
        names.stateCode(state),
        names.name(Kind.STATE, state),
        lada == 0 ? null : Integer.toString(lada),
        names.name(Kind.CITY, row.getInt(10)),
        isMobile(kind),
        names.name(Kind.CARRIER, row.getInt(12)),
        Status.of(optOutAt != null, kind),
        optOutAt,
        importId == 0 ? null : importId,
        Db.instantOrNull(row, 15),
        row.getInt(16),
        null,
        null,
        null,
        null,
        null);
  }

  /** The contact with its lead's score, and the extraction that has it. */
  Contact with(@Nullable Lead lead, @Nullable Extracted extracted, Principal who) {
    var told = extracted != null && who.mayActFor(extracted.by()) ? extracted : null;
    return new Contact(
        phoneE164,
        phoneNational,
        phoneOriginal,
        fullName,
        address,
        neighborhood,
        municipality,
        stateCode,
        stateName,
        lada,
        city,
        isMobile,
        carrier,
        status,
        optOutAt,
        importId,
        lastSentAt,
        sends,
        lead == null ? null : lead.totalScore(),
        lead == null ? null : lead.qualityTier(),
        extracted == null ? null : extracted.at(),
        told == null ? null : told.by(),
        told == null ? null : told.extractionId());
  }

  private static @Nullable Boolean isMobile(int kind) {
    return switch (kind) {
      case Criteria.MOBILE -> true;
      case Criteria.FIXED -> false;
      default -> null;
    };
  }
}
