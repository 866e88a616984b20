package io.centralita.webhooks;

import io.centralita.db.Db;
import io.centralita.secrets.Secrets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The secrets of the endpoints, encrypted. */
final class SecretStore {
  /** Each of them makes the header of a delivery longer. */
  static final int MOST_VALID = 5;

  private static final String USE_KEY =
      "INSERT INTO secret_keys (id) VALUES (?) ON CONFLICT DO NOTHING";

  private static final String ADD =
      """
      INSERT INTO webhook_secrets (endpoint_id, number, secret, key_id, created_at)
      SELECT ?, coalesce(max(number), 0) + 1, ?, ?, ?
      FROM webhook_secrets WHERE endpoint_id = ?
      """;

  private static final String EXPIRE =
      """
      UPDATE webhook_secrets SET expires_at = least(coalesce(expires_at, 'infinity'), ?)
      WHERE endpoint_id = ?
      """;

  private static final String DROP_EXPIRED =
      "DELETE FROM webhook_secrets WHERE endpoint_id = ? AND expires_at <= ?";

  private static final String DROP = "DELETE FROM webhook_secrets WHERE endpoint_id = ?";

  private static final String VALID =
      """
      SELECT secret FROM webhook_secrets
      WHERE endpoint_id = ? AND (expires_at IS NULL OR expires_at > ?)
      ORDER BY number DESC
      """;

  private static final String OLD =
      """
      SELECT endpoint_id, number, secret FROM webhook_secrets WHERE key_id <> ?
      ORDER BY endpoint_id, number
      LIMIT 500
      FOR UPDATE
      """;

  private static final String ANEW =
      """
      UPDATE webhook_secrets SET secret = ?, key_id = ? WHERE endpoint_id = ? AND number = ?
      """;

  private record Old(long endpoint, int number, String clear) {}

  private final Db db;
  private final Secrets secrets;

  SecretStore(Db db, Secrets secrets) {
    this.db = db;
    this.secrets = secrets;
  }

  /** A new secret of an endpoint; told to its owner, and kept encrypted. */
  String add(Connection connection, long endpoint, Instant now) throws SQLException {
    Db.update(connection, USE_KEY, st -> st.setString(1, secrets.keyId()));
    var secret = Signature.newSecret();
    Db.update(
        connection,
        ADD,
        st -> {
          st.setLong(1, endpoint);
          st.setBytes(2, secrets.encrypt(secret, whose(endpoint)));
          st.setString(3, secrets.keyId());
          st.setObject(4, now.atOffset(ZoneOffset.UTC));
          st.setLong(5, endpoint);
        });
    return secret;
  }

  /** Ends those there are at some time, or earlier where they were to end earlier. */
  static void expire(Connection connection, long endpoint, Instant at, Instant now)
      throws SQLException {
    Db.update(
        connection,
        EXPIRE,
        st -> {
          st.setObject(1, at.atOffset(ZoneOffset.UTC));
          st.setLong(2, endpoint);
        });
    Db.update(
        connection,
        DROP_EXPIRED,
        st -> {
          st.setLong(1, endpoint);
          st.setObject(2, now.atOffset(ZoneOffset.UTC));
        });
  }

  static void drop(Connection connection, long endpoint) throws SQLException {
    Db.update(connection, DROP, st -> st.setLong(1, endpoint));
  }

  /** In clear, the newest first. */
  List<String> valid(Connection connection, long endpoint, Instant now) throws SQLException {
    return Db.query(
        connection,
        VALID,
        st -> {
          st.setLong(1, endpoint);
          st.setObject(2, now.atOffset(ZoneOffset.UTC));
        },
        row -> secrets.decrypt(row.getBytes(1), whose(endpoint)));
  }

  /** Encrypts with the newest key what is encrypted with an older one. */
  CompletionStage<Integer> encryptAnew() {
    return db.transaction("encrypt webhooks' secrets anew", this::encryptSome)
        .thenCompose(
            some ->
                some == 0
                    ? CompletableFuture.completedStage(0)
                    : encryptAnew().thenApply(more -> some + more));
  }

  private int encryptSome(Connection connection) throws SQLException {
    var old =
        Db.query(
            connection,
            OLD,
            st -> st.setString(1, secrets.keyId()),
            row ->
                new Old(
                    row.getLong(1),
                    row.getInt(2),
                    secrets.decrypt(row.getBytes(3), whose(row.getLong(1)))));
    for (var one : old) {
      Db.update(
          connection,
          ANEW,
          st -> {
            st.setBytes(1, secrets.encrypt(one.clear(), whose(one.endpoint())));
            st.setString(2, secrets.keyId());
            st.setLong(3, one.endpoint());
            st.setInt(4, one.number());
          });
    }
    return old.size();
  }

  private static String whose(long endpoint) {
    return "webhook endpoint " + endpoint;
  }
}
