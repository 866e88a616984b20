package io.centralita.access;

import io.centralita.db.Db;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** The rows behind {@link Idempotency}: which request came first, and what it was answered. */
final class Claims {

  /** What is known of a request when it comes. */
  sealed interface Claim {
    /** It is the first. */
    record First(UUID claim) implements Claim {}

    /** It is a repetition of one that was answered. */
    record Answered(Reply reply) implements Claim {}

    /** It is a repetition of one that is under way. */
    record UnderWay() implements Claim {}

    /** Its key came with another request. */
    record OtherRequest() implements Claim {}
  }

  private record Row(ByteBuffer hash, int status, String body) {}

  // Takes the key where it is new, a day old, or left behind by a request whose node died. One
  // statement: two at the same instant wait for each other on the primary key.
  private static final String TAKE =
      """
      INSERT INTO idempotency_keys AS kept (key_id, idempotency_key, request_hash, claim)
      VALUES (?, ?, ?, ?)
      ON CONFLICT (key_id, idempotency_key) DO UPDATE
      SET request_hash = EXCLUDED.request_hash, claim = EXCLUDED.claim,
        status = NULL, body = NULL, created_at = now()
      WHERE kept.created_at < now() - interval '24 hours'
        OR (kept.status IS NULL AND kept.created_at < now() - interval '5 minutes'
          AND kept.request_hash = EXCLUDED.request_hash)
      """;

  private static final String READ =
      """
      SELECT request_hash, coalesce(status, 0), coalesce(body, '') FROM idempotency_keys
      WHERE key_id = ? AND idempotency_key = ?
      """;

  private static final String KEEP =
      """
      UPDATE idempotency_keys SET status = ?, body = ?
      WHERE key_id = ? AND idempotency_key = ? AND claim = ?
      """;

  private static final String FORGET =
      """
      DELETE FROM idempotency_keys
      WHERE key_id = ? AND idempotency_key = ? AND claim = ? AND status IS NULL
      """;

  // A bounded bite: what is left over goes with the next.
  private static final String SWEEP =
      """
      DELETE FROM idempotency_keys
      WHERE (key_id, idempotency_key) IN (
        SELECT key_id, idempotency_key FROM idempotency_keys
        WHERE created_at < now() - interval '24 hours'
        ORDER BY created_at LIMIT 5000)
      """;

  private final Db db;

  Claims(Db db) {
    this.db = db;
  }

  /**
   * @param hash of the request, SHA-256 in hexadecimal
   */
  CompletionStage<Claim> take(String keyId, String idempotencyKey, String hash) {
    var claim = UUID.randomUUID();
    var bytes = HexFormat.of().parseHex(hash);
    return db.transaction(
        "claim an Idempotency-Key",
        connection -> {
          var taken =
              Db.update(
                  connection,
                  TAKE,
                  statement -> {
                    bindKey(statement, 1, keyId, idempotencyKey);
                    statement.setBytes(3, bytes);
                    statement.setObject(4, claim);
                  });
          return taken > 0
              ? new Claim.First(claim)
              : read(connection, keyId, idempotencyKey)
                  .map(row -> known(row, bytes))
                  // Gone meanwhile: the first request failed, and the next try is the first.
                  .orElseGet(Claim.UnderWay::new);
        });
  }

  CompletionStage<Integer> keep(String keyId, String idempotencyKey, UUID claim, Reply reply) {
    return db.update(
        KEEP,
        statement -> {
          statement.setInt(1, reply.keptStatus());
          statement.setString(2, reply.keptBody());
          bindKey(statement, 3, keyId, idempotencyKey);
          statement.setObject(5, claim);
        });
  }

  CompletionStage<Integer> forget(String keyId, String idempotencyKey, UUID claim) {
    return db.update(
        FORGET,
        statement -> {
          bindKey(statement, 1, keyId, idempotencyKey);
          statement.setObject(3, claim);
        });
  }

  CompletionStage<Integer> sweep() {
    return db.update(SWEEP, _ -> {});
  }

  private static Claim known(Row row, byte[] hash) {
    if (!row.hash().equals(ByteBuffer.wrap(hash))) {
      return new Claim.OtherRequest();
    }
    return row.status() == 0
        ? new Claim.UnderWay()
        : new Claim.Answered(Reply.kept(row.status(), row.body()));
  }

  private static Optional<Row> read(Connection connection, String keyId, String idempotencyKey)
      throws SQLException {
    return Db.query(
            connection,
            READ,
            statement -> bindKey(statement, 1, keyId, idempotencyKey),
            Claims::row)
        .stream()
        .findFirst();
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(ByteBuffer.wrap(row.getBytes(1)), row.getInt(2), row.getString(3));
  }

  private static void bindKey(
      PreparedStatement statement, int first, String keyId, String idempotencyKey)
      throws SQLException {
    statement.setString(first, keyId);
    statement.setString(first + 1, idempotencyKey);
  }
}
