package io.centralita.contacts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

/** A contact as an import writes it. Texts are UTF-8, and empty where there is none. */
final class ContactRow {
  static final String COLUMNS =
      "phone, draw, import_id, changed_by, municipality, city, state, lada, carrier, kind,"
          + " original, name, address, neighborhood, words, opt_out_at";

  /** The columns that {@link #read} reads: the first of a query. */
  static final String STORED =
      "phone, import_id, changed_by, municipality, city, state, lada, carrier, kind, original,"
          + " name, address, neighborhood";

  /** Bytes of a row's last field, which says that the contact has not opted out. */
  static final int OPT_OUT = 4;

  private final long phone;

  /** The import that brought it. */
  private final int importId;

  /** The import that last changed it. */
  private final int changedBy;

  private final int municipality;
  private final int city;
  private final int state;

  /** Whether the state is that of the LADA, for want of a better. */
  private final boolean stateGuessed;

  private final int lada;
  private final int carrier;

  /** 0 unknown, 1 mobile, 2 fixed. */
  private final int kind;

  private final byte[] original;
  private final byte[] name;
  private final byte[] address;
  private final byte[] neighborhood;

  ContactRow(
      long phone,
      int importId,
      int changedBy,
      int municipality,
      int city,
      int state,
      boolean stateGuessed,
      int lada,
      int carrier,
      int kind,
      byte[] original,
      byte[] name,
      byte[] address,
      byte[] neighborhood) {
    this.phone = phone;
    this.importId = importId;
    this.changedBy = changedBy;
    this.municipality = municipality;
    this.city = city;
    this.state = state;
    this.stateGuessed = stateGuessed;
    this.lada = lada;
    this.carrier = carrier;
    this.kind = kind;
    this.original = original;
    this.name = name;
    this.address = address;
    this.neighborhood = neighborhood;
  }

  int draw() {
    return Draw.of(phone);
  }

  Sort sort(boolean optedOut, boolean held) {
    return new Sort(state, municipality, city, lada, kind, carrier, optedOut, held);
  }

  void encode(CopyBuffer rows, WordBytes words) {
    rows.row(16);
    rows.int64(phone);
    rows.int32(draw());
    rows.int32(importId);
    rows.int32(changedBy);
    rows.int32(municipality);
    rows.int32(city);
    rows.int16(state);
    rows.int16(lada);
    rows.int16(carrier);
    rows.int16(kind);
    rows.text(original);
    rows.text(name);
    rows.text(address);
    rows.text(neighborhood);
    words.clear();
    words.add(name);
    words.add(address);
    words.add(neighborhood);
    rows.words(words);
    rows.none();
  }

  /** The contact whose row begins there. */
  static ContactRow decode(byte[] rows, int at, boolean stateGuessed) {
    var fields = new CopyFields(rows, at);
    var phone = fields.number();
    var _ = fields.number(); // draw
    return new ContactRow(
        phone,
        (int) fields.number(),
        (int) fields.number(),
        (int) fields.number(),
        (int) fields.number(),
        (int) fields.number(),
        stateGuessed,
        (int) fields.number(),
        (int) fields.number(),
        (int) fields.number(),
        fields.bytes(),
        fields.bytes(),
        fields.bytes(),
        fields.bytes());
  }

  /** A stored contact, of {@link #STORED}. */
  static ContactRow read(ResultSet row) throws SQLException {
    return new ContactRow(
        row.getLong(1),
        row.getInt(2),
        row.getInt(3),
        row.getInt(4),
        row.getInt(5),
        row.getInt(6),
        false,
        row.getInt(7),
        row.getInt(8),
        row.getInt(9),
        bytes(row, 10),
        bytes(row, 11),
        bytes(row, 12),
        bytes(row, 13));
  }

  private static byte[] bytes(ResultSet row, int column) throws SQLException {
    var value = row.getBytes(column);
    return value == null ? Utf8.NONE : value;
  }

  /**
   * What this stored contact becomes when an import brings the number again: what the import knows
   * replaces what is stored, and what it does not know stays. Where that changes nothing, this very
   * contact.
   */
  ContactRow mergedWith(ContactRow brought) {
    var sameState = brought.state == 0 || brought.state == state || brought.stateGuessed;
    var merged =
        new ContactRow(
            phone,
            importId,
            brought.importId,
            // A municipality lies in a state: it goes with it.
            brought.municipality == 0 && sameState ? municipality : brought.municipality,
            brought.city == 0 ? city : brought.city,
            sameState && brought.municipality == 0 ? state : brought.state,
            false,
            lada,
            brought.carrier == 0 ? carrier : brought.carrier,
            brought.kind == 0 ? kind : brought.kind,
            brought.original.length == 0 ? original : brought.original,
            brought.name.length == 0 ? name : brought.name,
            brought.address.length == 0 ? address : brought.address,
            brought.neighborhood.length == 0 ? neighborhood : brought.neighborhood);
    return merged.saysTheSameAs(this) ? this : merged;
  }

  /** Whether both say the same of the person; how the number was spelled says nothing. */
  private boolean saysTheSameAs(ContactRow other) {
    return municipality == other.municipality
        && city == other.city
        && state == other.state
        && carrier == other.carrier
        && kind == other.kind
        && Arrays.equals(name, other.name)
        && Arrays.equals(address, other.address)
        && Arrays.equals(neighborhood, other.neighborhood);
  }

  long phone() {
    return phone;
  }

  int importId() {
    return importId;
  }

  int changedBy() {
    return changedBy;
  }

  int municipality() {
    return municipality;
  }

  int lada() {
    return lada;
  }

  int city() {
    return city;
  }

  int state() {
    return state;
  }

  boolean stateGuessed() {
    return stateGuessed;
  }

  int carrier() {
    return carrier;
  }

  int kind() {
    return kind;
  }

  byte[] original() {
    return original;
  }

  byte[] name() {
    return name;
  }

  byte[] address() {
    return address;
  }

  byte[] neighborhood() {
    return neighborhood;
  }
}
