package io.centralita.validation;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What platforms said of numbers: the last of each, and what they said before. */
final class Findings {
  private static final String COLUMNS =
      "phone, platform, status, platform_details, validation_method, response_time_ms, attempts,"
          + " validated_at, expires_at";

  private static final String FRESH =
      "SELECT "
          + COLUMNS
          + " FROM platform_validations WHERE phone = ANY (?) AND platform = ? AND expires_at > ?";

  private static final String OF =
      "SELECT " + COLUMNS + " FROM platform_validations WHERE phone = ANY (?)";

  // A platform that could not be asked now has not taken back what it said before, and what it said
  // earlier does not replace what it said later.
  private static final String SAVE =
      """
      WITH given AS (
        SELECT * FROM unnest(?::bigint[], ?::smallint[], ?::smallint[], ?::bool[], ?::text[]::jsonb[], ?::text[],
                             ?::int[], ?::smallint[], ?::timestamptz[], ?::timestamptz[])
          AS g (phone, platform, status, is_active, details, method, ms, attempts, at, expires_at)
      ), before AS (
        INSERT INTO platform_validation_history
        SELECT v.* FROM given g JOIN platform_validations v USING (phone, platform)
        WHERE v.status > 3 OR (g.status <= 3 AND g.at >= v.validated_at)
        UNION ALL
        SELECT g.phone, g.platform, g.status, g.is_active, g.details, g.method, NULL, g.ms, g.attempts, g.at,
          g.expires_at
        FROM given g JOIN platform_validations v USING (phone, platform)
        WHERE NOT (v.status > 3 OR (g.status <= 3 AND g.at >= v.validated_at))
      )
      INSERT INTO platform_validations AS v
        (phone, platform, status, is_active, platform_details, validation_method, response_time_ms, attempts,
         validated_at, expires_at)
      SELECT phone, platform, status, is_active, details, method, ms, attempts, at, expires_at
      FROM given
      ON CONFLICT (phone, platform) DO UPDATE
      SET status = EXCLUDED.status, is_active = EXCLUDED.is_active,
          platform_details = EXCLUDED.platform_details, validation_method = EXCLUDED.validation_method,
          proxy_used = NULL, response_time_ms = EXCLUDED.response_time_ms, attempts = EXCLUDED.attempts,
          validated_at = EXCLUDED.validated_at, expires_at = EXCLUDED.expires_at
      WHERE v.status > 3 OR (EXCLUDED.status <= 3 AND EXCLUDED.validated_at >= v.validated_at)
      """;

  private static final Comparator<Found> ORDER =
      Comparator.comparingLong(Found::phone).thenComparingInt(one -> Codes.of(one.platform()));

  private record Key(long phone, Check platform) {}

  private Findings() {}

  /** What a platform said of these numbers and is not expired yet. */
  static List<Found> fresh(
      Connection connection, Check platform, Collection<Long> phones, Instant now)
      throws SQLException {
    return Db.query(
        connection,
        FRESH,
        st -> {
          st.setArray(1, connection.createArrayOf("int8", phones.toArray()));
          st.setShort(2, Codes.of(platform));
          st.setObject(3, now.atOffset(ZoneOffset.UTC));
        },
        Findings::read);
  }

  /** The last that every platform said of these numbers. */
  static List<Found> of(Connection connection, Collection<Long> phones) throws SQLException {
    return Db.query(
        connection,
        OF,
        st -> st.setArray(1, connection.createArrayOf("int8", phones.toArray())),
        Findings::read);
  }

  /** Stores them; of several of one number and platform the last. */
  static void save(Connection connection, List<Found> found) throws SQLException {
    var last = new LinkedHashMap<Key, Found>();
    found.forEach(one -> last.put(new Key(one.phone(), one.platform()), one));
    // Sorted, so that two who store the same numbers wait for each other and never for ever.
    var all = last.values().stream().sorted(ORDER).toList();
    Db.update(
        connection,
        SAVE,
        st -> {
          array(st, 1, "int8", all, Found::phone);
          array(st, 2, "int2", all, one -> Codes.of(one.platform()));
          array(st, 3, "int2", all, one -> Codes.of(one.status()));
          array(st, 4, "bool", all, Found::isActive);
          array(st, 5, "text", all, Found::details);
          array(st, 6, "text", all, Found::method);
          array(st, 7, "int4", all, one -> one.responseTimeMs() < 0 ? null : one.responseTimeMs());
          array(st, 8, "int2", all, Found::attempts);
          array(st, 9, "timestamptz", all, one -> one.validatedAt().toString());
          array(st, 10, "timestamptz", all, one -> one.expiresAt().toString());
        });
  }

  private static void array(
      PreparedStatement st,
      int at,
      String type,
      List<Found> rows,
      Function<Found, @Nullable Object> value)
      throws SQLException {
    st.setArray(at, st.getConnection().createArrayOf(type, rows.stream().map(value).toArray()));
  }

  private static Found read(ResultSet row) throws SQLException {
    var ms = row.getInt(6);
    var called = !row.wasNull();
    return new Found(
        row.getLong(1),
        Codes.check(row.getShort(2)),
        Codes.status(row.getShort(3)),
        row.getString(4),
        row.getString(5),
        called ? ms : -1,
        row.getInt(7),
        Db.instant(row, 8),
        Db.instant(row, 9));
  }
}
