package io.centralita.extraction;

import io.centralita.contacts.Holdings;
import io.centralita.db.Db;
import io.centralita.jobs.Progress;
import io.centralita.jobs.RunKind;
import io.centralita.jobs.RunState.Status;
import io.centralita.jobs.RunTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The extractions: rows that lists read and their runs write. */
final class Extractions implements RunKind.View {

  /** What an extraction is to be. */
  record Order(
      long userId, Choice choice, int amount, FileFormat format, long seed, boolean large) {}

  /** One that was ordered, and whose run was not begun. */
  record Unbegun(int id, String user, int amount) {}

  private static final String ONE = ExtractionRow.SELECT + "WHERE e.id = ?";

  private static final String BY_ID = ExtractionRow.SELECT + "WHERE e.id = ANY (?::int[])";

  private static final String BEFORE =
      ExtractionRow.SELECT
          + """
            WHERE e.id < ? AND (?::text IS NULL OR u.name = ?) AND (?::text IS NULL OR e.status = ?)
            ORDER BY e.id DESC
            LIMIT ?
            """;

  private static final String ADD =
      """
      INSERT INTO extractions
        (user_id, created_at, type, value, filter, amount, format, seed, large)
      VALUES (?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?)
      RETURNING id
      """;

  private static final RunTable TABLE = RunTable.of("extractions");

  // Whoever took the file away has the contacts: they cool down as if it was given back.
  private static final String END =
      """
      UPDATE extractions
      SET ended = true, counts = downloads > 0, status = ?, waiting = '', revision = revision + 1,
          finished_at = coalesce(finished_at, now()),
          returned_at = CASE WHEN downloads > 0 THEN coalesce(returned_at, now()) ELSE returned_at END,
          released_at = CASE WHEN downloads > 0 THEN released_at ELSE coalesce(released_at, now()) END,
          delivered_at = CASE WHEN downloads > 0 THEN delivered_at END,
          delivered = CASE WHEN downloads > 0 THEN delivered ELSE 0 END,
          left_out = CASE WHEN downloads > 0 THEN left_out ELSE 0 END,
          sha256 = CASE WHEN downloads > 0 THEN sha256 END
      WHERE id = ?
      RETURNING downloads
      """;

  private static final String DROP_FILE = "DELETE FROM extraction_files WHERE extraction_id = ?";

  private static final String RETURN =
      """
      UPDATE extractions
      SET returned_at = ?, counts = downloads > 0
      WHERE id = ? AND delivered_at > ? AND returned_at IS NULL AND NOT ended
      """;

  private static final String UNBEGUN =
      """
      SELECT e.id, u.name, e.amount
      FROM extractions e JOIN users u ON u.id = e.user_id
      WHERE e.status = 'PENDING' AND e.revision = 0 AND e.created_at < now() - interval '10 s'
      ORDER BY e.id
      LIMIT 20
      """;

  private final Db db;

  Extractions(Db db) {
    this.db = db;
  }

  /** Adds one, as part of a transaction; gives its id. */
  static int add(Connection connection, Order order, Instant now) throws SQLException {
    return Db.query(
            connection,
            ADD,
            st -> {
              st.setLong(1, order.userId());
              st.setObject(2, now.atOffset(ZoneOffset.UTC));
              st.setString(3, order.choice().type().word());
              st.setString(4, order.choice().value());
              st.setString(5, order.choice().filter());
              st.setInt(6, order.amount());
              st.setString(7, order.format().word());
              st.setLong(8, order.seed());
              st.setBoolean(9, order.large());
            },
            row -> row.getInt(1))
        .getFirst();
  }

  CompletionStage<Optional<ExtractionRow>> one(int id) {
    return db.queryOne(ONE, st -> st.setInt(1, id), ExtractionRow::read);
  }

  CompletionStage<List<ExtractionRow>> byId(List<Integer> ids) {
    return db.query(
        BY_ID,
        st -> st.setArray(1, st.getConnection().createArrayOf("int4", ids.toArray())),
        ExtractionRow::read);
  }

  /**
   * The extractions, the newest first.
   *
   * @param user only this user's; all where null
   * @param status only those; all where null
   * @param before the id before which the page begins
   */
  CompletionStage<List<ExtractionRow>> before(
      @Nullable String user, @Nullable String status, int before, int limit) {
    return db.query(
        BEFORE,
        st -> {
          st.setInt(1, before);
          st.setString(2, user);
          st.setString(3, user);
          st.setString(4, status);
          st.setString(5, status);
          st.setInt(6, limit);
        },
        ExtractionRow::read);
  }

  /** Those whose node died between the row and the run. */
  CompletionStage<List<Unbegun>> unbegun() {
    return db.query(
        UNBEGUN, _ -> {}, row -> new Unbegun(row.getInt(1), row.getString(2), row.getInt(3)));
  }

  /**
   * Gives back what was delivered.
   *
   * @param since delivered after this moment
   * @return false where it cannot be given back, or was
   */
  CompletionStage<Boolean> giveBack(int id, Instant now, Instant since) {
    return db.update(
            RETURN,
            st -> {
              st.setObject(1, now.atOffset(ZoneOffset.UTC));
              st.setInt(2, id);
              st.setObject(3, since.atOffset(ZoneOffset.UTC));
            })
        .thenApply(rows -> rows == 1);
  }

  @Override
  public CompletionStage<?> show(Progress progress) {
    var id = Integer.parseInt(progress.id());
    return progress.status() == Status.FAILED
        ? db.transaction(
            "end an extraction that failed",
            connection -> {
              var shown = TABLE.show(connection, progress);
              end(connection, id, Status.FAILED);
              return shown;
            })
        : TABLE.show(db, progress);
  }

  /** A cancelled extraction stays known, and holds nothing. */
  @Override
  public CompletionStage<?> remove(String id) {
    return db.transaction(
        "end an extraction",
        connection -> {
          end(connection, Integer.parseInt(id), Status.CANCELLED);
          return true;
        });
  }

  // The row is locked first: what still draws or writes comes before, and is undone here, or after,
  // and finds that it has ended.
  private static void end(Connection connection, int id, Status status) throws SQLException {
    var downloads =
        Db.query(
            connection,
            END,
            st -> {
              st.setString(1, status.name());
              st.setInt(2, id);
            },
            row -> row.getInt(1));
    if (downloads.contains(0)) {
      Holdings.release(connection, id);
      Db.update(connection, DROP_FILE, st -> st.setInt(1, id));
    }
  }
}
