package io.centralita.contacts;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.centralita.contacts.OptOuts.OptOut;
import io.centralita.db.Db;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What changed about contacts after they came: when, by whom, why, from what to what. */
public final class ContactHistory {

  /**
   * One change.
   *
   * @param by a user, or what else did it
   * @param importId null where no import did it
   * @param before as JSON: the fields that changed, and only those
   */
  public record Change(
      Instant at,
      String by,
      @Nullable Integer importId,
      String reason,
      @JsonRawValue String before,
      @JsonRawValue String after) {}

  /** A contact with all that happened to it, the newest first. */
  public record Full(
      @JsonUnwrapped Contact contact, @Nullable OptOut optOut, List<Change> history) {}

  private static final String LATEST =
      """
      SELECT at, by, import_id, reason, before, after
      FROM contact_changes
      WHERE phone = ?
      ORDER BY id DESC
      LIMIT 100
      """;

  private final Db db;

  public ContactHistory(Db db) {
    this.db = db;
  }

  /** The last hundred changes of the contact with this number, the newest first. */
  public CompletionStage<List<Change>> of(long phone) {
    return db.query(
        LATEST,
        statement -> statement.setLong(1, phone),
        row -> {
          var importId = row.getInt(3);
          return new Change(
              Db.instant(row, 1),
              row.getString(2),
              row.wasNull() ? null : importId,
              row.getString(4),
              row.getString(5),
              row.getString(6));
        });
  }
}
