package io.centralita.proxy;

import io.centralita.db.Db;
import io.centralita.proxy.ProxyState.Status;
import io.centralita.secrets.Secrets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the proxies as people configure them and lists read them. Credentials go in and out
 * encrypted.
 */
final class ProxyStore {

  /** What became of a proxy that was to be stored. */
  record Stored(long id, boolean isNew) {}

  /** A proxy with what it takes to go through it. */
  record Opened(ProxyRow row, Credentials credentials) {}

  private static final String UNIQUE_VIOLATION = "23505";

  private static final String COLUMNS =
      """
      p.id, p.version, p.host, p.port_min, p.port_max, p.user_names, u.name, p.sessions_at_once,
      p.calls_at_once, p.calls_per_second, p.created_at, p.revision, p.told_version, p.state,
      p.reason, p.since, p.retry_at, p.counters, p.error_score, p.sessions_lent, p.blocked_exits
      """;

  private static final String FROM =
      "SELECT " + COLUMNS + ", p.credentials FROM proxies p LEFT JOIN users u ON u.id = p.user_id ";

  // Walks by key.
  private static final String PAGE =
      FROM
          + """
            WHERE p.id < ? AND (?::text IS NULL OR p.state = ?) AND (?::text IS NULL OR u.name = ?)
            ORDER BY p.id DESC LIMIT ?
            """;

  // Every node reads this every few seconds: there are dozens of proxies, or hundreds.
  private static final String ALL = FROM + "ORDER BY p.id";

  private static final String ONE = FROM + "WHERE p.id = ?";

  private static final String ONE_TO_CHANGE = ONE + " FOR UPDATE OF p";

  private static final String USE_KEY =
      "INSERT INTO secret_keys (id) VALUES (?) ON CONFLICT DO NOTHING";

  private static final String NEXT_ID = "SELECT nextval(pg_get_serial_sequence('proxies', 'id'))";

  private static final String KNOWN = "SELECT id FROM proxies WHERE fingerprint = ANY (?)";

  private static final String INSERT =
      """
      INSERT INTO proxies (id, host, port_min, port_max, credentials, key_id, fingerprint,
        user_names, user_id, sessions_at_once, calls_at_once, calls_per_second, reason)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, (SELECT id FROM users WHERE name = ?), ?, ?, ?,
        'closed: new')
      ON CONFLICT (fingerprint) DO NOTHING
      """;

  private static final String CHANGE =
      """
      UPDATE proxies SET host = ?, port_min = ?, port_max = ?, credentials = ?, key_id = ?,
        fingerprint = ?, user_names = ?, user_id = (SELECT id FROM users WHERE name = ?),
        sessions_at_once = ?, calls_at_once = ?, calls_per_second = ?, version = version + 1
      WHERE id = ?
      """;

  private final Db db;
  private final Secrets secrets;

  ProxyStore(Db db, Secrets secrets) {
    this.db = db;
    this.secrets = secrets;
  }

  // What people configure

  /** Stores a proxy, or finds the one that it repeats. The user must exist. */
  CompletionStage<Stored> add(NewProxy proxy) {
    return db.transaction("add a proxy", connection -> add(connection, proxy));
  }

  /** Stores several, each of which may repeat one that is there; all in one transaction. */
  CompletionStage<List<Stored>> addAll(List<NewProxy> proxies) {
    return db.transaction(
        "add proxies",
        connection -> {
          var stored = new java.util.ArrayList<Stored>(proxies.size());
          for (var proxy : proxies) {
            stored.add(add(connection, proxy));
          }
          return List.copyOf(stored);
        });
  }

  private Stored add(Connection connection, NewProxy proxy) throws SQLException {
    Db.update(connection, USE_KEY, st -> st.setString(1, secrets.keyId()));
    var known = known(connection, proxy);
    if (known.isPresent()) {
      return new Stored(known.get(), false);
    }
    var id = Db.query(connection, NEXT_ID, _ -> {}, row -> row.getLong(1)).getFirst();
    var inserted =
        Db.update(
            connection,
            INSERT,
            st -> {
              st.setLong(1, id);
              bind(st, 2, id, proxy);
            });
    // Somebody else was first, between the two statements.
    return inserted == 1
        ? new Stored(id, true)
        : new Stored(known(connection, proxy).orElseThrow(), false);
  }

  private Optional<Long> known(Connection connection, NewProxy proxy) throws SQLException {
    var prints = secrets.fingerprints(proxy.identity()).toArray(byte[][]::new);
    return Db.query(
            connection,
            KNOWN,
            st -> st.setArray(1, connection.createArrayOf("bytea", prints)),
            row -> row.getLong(1))
        .stream()
        .findFirst();
  }

  /**
   * Changes a proxy.
   *
   * @return empty where there is none; not new where the changed one would repeat another
   */
  CompletionStage<Optional<Stored>> change(long id, UnaryOperator<NewProxy> change) {
    return db.transaction(
        "change a proxy",
        connection -> {
          var before =
              Db.query(connection, ONE_TO_CHANGE, st -> st.setLong(1, id), this::opened).stream()
                  .findFirst();
          if (before.isEmpty()) {
            return Optional.empty();
          }
          var after = change.apply(configured(before.get()));
          var other = known(connection, after).filter(known -> known != id);
          if (other.isPresent()) {
            return Optional.of(new Stored(other.get(), false));
          }
          Db.update(connection, USE_KEY, st -> st.setString(1, secrets.keyId()));
          return Optional.of(change(connection, id, after));
        });
  }

  private Stored change(Connection connection, long id, NewProxy after) throws SQLException {
    var untouched = connection.setSavepoint();
    try {
      Db.update(
          connection,
          CHANGE,
          st -> {
            bind(st, 1, id, after);
            st.setLong(12, id);
          });
      return new Stored(id, true);
    } catch (SQLException e) {
      if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
      // Somebody else was first, between the two statements.
      connection.rollback(untouched);
      return new Stored(known(connection, after).orElseThrow(() -> e), false);
    }
  }

  static NewProxy configured(Opened opened) {
    var row = opened.row();
    var configuration = row.configuration();
    return new NewProxy(
        configuration.host(),
        configuration.portMin(),
        configuration.portMax(),
        opened.credentials(),
        configuration.user(),
        row.callsAtOnce(),
        row.callsPerSecond(),
        configuration.sessionsAtOnce() == 0 ? null : configuration.sessionsAtOnce());
  }

  /** Eleven parameters, in the order of both statements. */
  private void bind(PreparedStatement st, int first, long id, NewProxy proxy) throws SQLException {
    st.setString(first, proxy.host());
    st.setInt(first + 1, proxy.portMin());
    st.setInt(first + 2, proxy.portMax());
    st.setBytes(first + 3, secrets.encrypt(proxy.credentials().text(), whose(id, proxy.host())));
    st.setString(first + 4, secrets.keyId());
    st.setBytes(first + 5, secrets.fingerprint(proxy.identity()));
    st.setInt(first + 6, proxy.credentials().userNames().size());
    st.setString(first + 7, proxy.user());
    st.setObject(first + 8, proxy.sessionsAtOnce(), Types.INTEGER);
    st.setObject(first + 9, proxy.callsAtOnce(), Types.INTEGER);
    st.setObject(first + 10, proxy.callsPerSecond(), Types.DOUBLE);
  }

  static String whose(long id, String host) {
    return "proxy " + id + " at " + host;
  }

  // Reading

  CompletionStage<Optional<ProxyRow>> find(long id) {
    return db.queryOne(ONE, st -> st.setLong(1, id), ProxyStore::row);
  }

  /** A proxy with its credentials in clear; the stage fails where this node lacks the key. */
  CompletionStage<Optional<Opened>> open(long id) {
    return db.queryOne(ONE, st -> st.setLong(1, id), this::opened);
  }

  CompletionStage<List<ProxyRow>> all() {
    return db.query(ALL, _ -> {}, ProxyStore::row);
  }

  /**
   * A page, the newest first.
   *
   * @param status null for any
   * @param user whose; null for all
   */
  CompletionStage<List<ProxyRow>> before(
      @Nullable Status status, @Nullable String user, long before, int limit) {
    return db.query(
        PAGE,
        st -> {
          var state = status == null ? null : status.name();
          st.setLong(1, before);
          st.setString(2, state);
          st.setString(3, state);
          st.setString(4, user);
          st.setString(5, user);
          st.setInt(6, limit);
        },
        ProxyStore::row);
  }

  private Opened opened(ResultSet row) throws SQLException {
    var read = row(row);
    var clear =
        secrets.decrypt(row.getBytes("credentials"), whose(read.id(), read.configuration().host()));
    return new Opened(read, Credentials.of(clear));
  }

  private static ProxyRow row(ResultSet row) throws SQLException {
    var calls = row.getInt(9);
    Integer callsAtOnce = row.wasNull() ? null : calls;
    var rate = row.getDouble(10);
    Double callsPerSecond = row.wasNull() ? null : rate;
    return new ProxyRow(
        row.getLong(1),
        new Configuration(
            row.getInt(2),
            row.getString(3),
            row.getInt(4),
            row.getInt(5),
            row.getInt(6),
            row.getString(7),
            row.getInt(8),
            calls,
            rate),
        callsAtOnce,
        callsPerSecond,
        Db.instant(row, 11),
        row.getLong(12),
        row.getInt(13),
        Status.valueOf(row.getString(14)),
        row.getString(15),
        Db.instant(row, 16),
        Db.instantOrNull(row, 17),
        ProxyRows.counters(row.getString(18)),
        row.getDouble(19),
        row.getInt(20),
        row.getLong(21));
  }
}
