package io.centralita.proxy;

import io.centralita.db.Db;
import io.centralita.secrets.Secrets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/**
 * Which keys the stored secrets are encrypted with. A node that lacks one of them does not start:
 * it would fail later, at the first call. What is encrypted with an older key of the node's list is
 * encrypted anew with the first.
 */
final class KeysInUse {

  /** This node's keys are not those of the database. */
  static final class WrongKeyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongKeyException(String message) {
      super(message, null, false, false);
    }
  }

  // One node at a time: two that start together must not each put in a key of its own.
  private static final String ALONE =
      "SELECT pg_advisory_xact_lock(hashtext('centralita secret keys'))";

  private static final String IN_USE = "SELECT id FROM secret_keys ORDER BY id";

  private static final String USE =
      "INSERT INTO secret_keys (id) VALUES (?) ON CONFLICT DO NOTHING";

  private static final String OLD =
      """
      SELECT id, host, port_min, port_max, credentials FROM proxies
      WHERE key_id <> ? ORDER BY id FOR UPDATE
      """;

  private static final String ANEW =
      "UPDATE proxies SET credentials = ?, fingerprint = ?, key_id = ? WHERE id = ?";

  // Webhooks encrypt theirs anew after this.
  private static final String FORGET =
      """
      DELETE FROM secret_keys
      WHERE id <> ? AND id NOT IN (SELECT key_id FROM proxies)
        AND id NOT IN (SELECT key_id FROM webhook_secrets)
      """;

  private record Old(long id, String host, int portMin, int portMax, Credentials credentials) {}

  private final Db db;
  private final Secrets secrets;

  KeysInUse(Db db, Secrets secrets) {
    this.db = db;
    this.secrets = secrets;
  }

  /**
   * Compares this node's keys with those in use, and encrypts anew what is to be.
   *
   * @return how many secrets were encrypted anew; the stage fails with {@link WrongKeyException}
   */
  CompletionStage<Integer> check() {
    return db.transaction(
        "check the secret keys",
        connection -> {
          Db.query(connection, ALONE, _ -> {}, _ -> true);
          var missing =
              new TreeSet<>(Db.query(connection, IN_USE, _ -> {}, row -> row.getString(1)));
          missing.removeAll(secrets.keyIds());
          if (!missing.isEmpty()) {
            throw new WrongKeyException(
                "the secrets in this database are encrypted with a key that this node does not"
                    + " have (in use: "
                    + String.join(", ", missing)
                    + "; here: "
                    + String.join(", ", new TreeSet<>(secrets.keyIds()))
                    + "). Nodes on one database share it: set CENTRALITA_SECRETS_KEY as on the"
                    + " other nodes, or to what secrets/secrets-key holds in the data directory of"
                    + " the first.");
          }
          Db.update(connection, USE, st -> st.setString(1, secrets.keyId()));
          var anew = encryptAnew(connection);
          Db.update(connection, FORGET, st -> st.setString(1, secrets.keyId()));
          return anew;
        });
  }

  private int encryptAnew(Connection connection) throws SQLException {
    var old =
        Db.query(
            connection,
            OLD,
            st -> st.setString(1, secrets.keyId()),
            row ->
                new Old(
                    row.getLong(1),
                    row.getString(2),
                    row.getInt(3),
                    row.getInt(4),
                    Credentials.of(
                        secrets.decrypt(
                            row.getBytes(5), ProxyStore.whose(row.getLong(1), row.getString(2))))));
    for (var proxy : old) {
      var whose = ProxyStore.whose(proxy.id(), proxy.host());
      var identity =
          new NewProxy(
                  proxy.host(),
                  proxy.portMin(),
                  proxy.portMax(),
                  proxy.credentials(),
                  null,
                  null,
                  null,
                  null)
              .identity();
      Db.update(
          connection,
          ANEW,
          st -> {
            st.setBytes(1, secrets.encrypt(proxy.credentials().text(), whose));
            st.setBytes(2, secrets.fingerprint(identity));
            st.setString(3, secrets.keyId());
            st.setLong(4, proxy.id());
          });
    }
    return old.size();
  }
}
