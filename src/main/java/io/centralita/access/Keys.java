package io.centralita.access;

import io.centralita.db.Db;
import io.centralita.http.Cursor;
import io.centralita.http.Page;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The API's keys. Of a key only its hash is kept; the text is told once, when it is made. */
public final class Keys {
  private static final Logger log = LoggerFactory.getLogger(Keys.class);

  /** The key that the node's settings give. */
  public static final String ADMIN = "admin";

  static final int LONGEST_KEY = 200;

  /** A key as it may be shown. */
  public record Key(
      String id,
      String user,
      Scope scope,
      Instant createdAt,
      @Nullable Instant lastUsedAt,
      boolean revoked) {}

  /** A key that was just made, with the text that is told this once. */
  public record Created(String id, String key) {
    @Override
    public String toString() {
      return "Created[id=" + id + "]";
    }
  }

  private record Candidate(Principal principal, String hash, boolean touch) {
    boolean is(String other) {
      return MessageDigest.isEqual(
          hash.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private record Place(Instant createdAt, String id) {}

  private static final Cursor<Place> CURSOR =
      new Cursor<>(
          place -> place.createdAt() + " " + place.id(),
          text ->
              new Place(
                  Instant.parse(text.substring(0, text.indexOf(' '))),
                  text.substring(text.indexOf(' ') + 1)));

  // The administrator's key may have any form, so it is a candidate for every text.
  private static final String CANDIDATES =
      """
      SELECT k.id, u.name, k.scope, k.secret_hash,
        k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute' AS touch
      FROM api_keys k JOIN users u ON u.id = k.user_id
      WHERE k.id IN (?, 'admin') AND k.revoked_at IS NULL
      """;

  private static final String TOUCH =
      """
      UPDATE api_keys SET last_used_at = now()
      WHERE id = ? AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
      """;

  private static final String CREATE =
      "INSERT INTO api_keys (id, user_id, scope, secret_hash) VALUES (?, ?, ?, ?)";

  private static final String SET_ADMIN =
      """
      INSERT INTO api_keys (id, user_id, scope, secret_hash)
      VALUES ('admin', ?, 'admin', ?)
      ON CONFLICT (id) DO UPDATE
      SET secret_hash = EXCLUDED.secret_hash, created_at = now(), last_used_at = NULL
      WHERE api_keys.secret_hash <> EXCLUDED.secret_hash
      """;

  private static final String REVOKE =
      "UPDATE api_keys SET revoked_at = now() WHERE id = ? AND revoked_at IS NULL";

  private static final String SHOWN =
      """
      SELECT k.id, u.name, k.scope, k.created_at, k.last_used_at, k.revoked_at IS NOT NULL
      FROM api_keys k JOIN users u ON u.id = k.user_id
      """;

  private static final String FIND = SHOWN + "WHERE k.id = ?";

  private static final String LIST =
      SHOWN
          + """
          WHERE (?::text IS NULL OR u.name = ?)
            AND (?::timestamptz IS NULL OR (k.created_at, k.id) < (?::timestamptz, ?))
          ORDER BY k.created_at DESC, k.id DESC
          LIMIT ?
          """;

  private final Db db;
  private final Users users;
  private final KeyCache cache;

  public Keys(Db db, Users users, InstantSource clock) {
    this.db = db;
    this.users = users;
    this.cache = new KeyCache(clock, Duration.ofSeconds(2), 10_000);
  }

  /** Makes a key; the user is made where it is new. */
  public CompletionStage<Created> create(String user, Scope scope) {
    var id = KeyText.newId();
    var key = KeyText.newKey(id);
    return users
        .idOf(user)
        .thenCompose(
            userId ->
                db.update(
                    CREATE,
                    statement -> {
                      statement.setString(1, id);
                      statement.setLong(2, userId);
                      statement.setString(3, scope.stored());
                      statement.setBytes(4, KeyText.hash(key));
                    }))
        .thenApply(_ -> new Created(id, key));
  }

  /**
   * The midnight of this zone ends the user's days from now on; the user is made where it is new.
   */
  public CompletionStage<Integer> setTimeZone(String user, String zone) {
    return users.idOf(user).thenCompose(userId -> users.setTimeZone(userId, zone));
  }

  /**
   * Whether a text that a person chose may be the administrator's key.
   *
   * @throws IllegalArgumentException where it is too short, too long, or cannot be sent in a header
   */
  public static void requireStrong(String key) {
    KeyText.requireStrong(key);
  }

  /**
   * Makes this text the administrator's key, in the place of the one before.
   *
   * @throws IllegalArgumentException where it is shorter than 16 characters, or cannot be sent in a
   *     header
   */
  public CompletionStage<Void> setAdminKey(String key) {
    KeyText.requireStrong(key);
    return users
        .idOf(ADMIN)
        .thenCompose(
            userId ->
                db.update(
                    SET_ADMIN,
                    statement -> {
                      statement.setLong(1, userId);
                      statement.setBytes(2, KeyText.hash(key));
                    }))
        .thenAccept(_ -> cache.clear());
  }

  /** Whose key this is; empty where it is nobody's, or revoked. True of the last 2 s. */
  public CompletionStage<Optional<Principal>> verify(String key) {
    if (key.isEmpty() || key.length() > LONGEST_KEY) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    var hash = HexFormat.of().formatHex(KeyText.hash(key));
    return cache.get(hash, () -> look(KeyText.id(key).orElse(ADMIN), hash));
  }

  /** The key, where there is such a key. */
  public CompletionStage<Optional<Key>> find(String id) {
    return db.queryOne(FIND, statement -> statement.setString(1, id), Keys::key);
  }

  /**
   * The keys, the newest first.
   *
   * @param user only this user's; all where null
   * @param cursor of the page before; the first page where null
   */
  public CompletionStage<Page<Key>> list(
      @Nullable String user, @Nullable String cursor, int limit) {
    var after = cursor == null ? null : CURSOR.decode(cursor);
    return db.query(
            LIST,
            statement -> {
              var at = after == null ? null : after.createdAt().toString();
              statement.setString(1, user);
              statement.setString(2, user);
              statement.setString(3, at);
              statement.setString(4, at);
              statement.setString(5, after == null ? null : after.id());
              statement.setInt(6, limit + 1);
            },
            Keys::key)
        .thenApply(
            rows ->
                Page.of(
                    rows, limit, last -> CURSOR.encode(new Place(last.createdAt(), last.id()))));
  }

  /** Refuses the key from now on; whether it was valid before. */
  public CompletionStage<Boolean> revoke(String id) {
    return db.update(REVOKE, statement -> statement.setString(1, id))
        .thenApply(
            changed -> {
              cache.clear();
              return changed > 0;
            });
  }

  private CompletionStage<Optional<Principal>> look(String id, String hash) {
    return db.query(CANDIDATES, statement -> statement.setString(1, id), Keys::candidate)
        .thenApply(
            candidates ->
                candidates.stream()
                    .filter(candidate -> candidate.is(hash))
                    .findFirst()
                    .map(this::used));
  }

  private Principal used(Candidate candidate) {
    var principal = candidate.principal();
    if (candidate.touch()) {
      db.update(TOUCH, statement -> statement.setString(1, principal.keyId()))
          .whenComplete(
              (_, failure) -> {
                if (failure != null) {
                  log.warn("the use of key {} is not noted", principal.keyId(), failure);
                }
              });
    }
    return principal;
  }

  private static Candidate candidate(ResultSet row) throws SQLException {
    return new Candidate(
        new Principal(row.getString(1), row.getString(2), Scope.ofStored(row.getString(3))),
        HexFormat.of().formatHex(row.getBytes(4)),
        row.getBoolean(5));
  }

  private static Key key(ResultSet row) throws SQLException {
    return new Key(
        row.getString(1),
        row.getString(2),
        Scope.ofStored(row.getString(3)),
        Db.instant(row, 4),
        Db.instantOrNull(row, 5),
        row.getBoolean(6));
  }
}
