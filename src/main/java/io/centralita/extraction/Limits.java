package io.centralita.extraction;

import io.centralita.access.Principal;
import io.centralita.access.Scope;
import io.centralita.db.Db;
import io.centralita.http.Problem;
import io.centralita.http.ProblemException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * How much a user may extract.
 *
 * @param least contacts of one extraction
 * @param most contacts of one extraction
 * @param keys of keys that may see contacts
 * @param admin of the administrator's keys
 * @param allDay contacts in a day, of all users together
 * @param zone whose midnight ends the day of all, and of users who have none of their own
 */
public record Limits(int least, int most, Role keys, Role admin, int allDay, ZoneId zone) {

  /**
   * What the users of a role may have.
   *
   * @param hour extractions within any hour
   * @param day contacts in a day
   */
  public record Role(int hour, int day) {}

  /**
   * What a user has left.
   *
   * @param hour extractions, for now
   * @param day contacts, until the day ends
   * @param all contacts that all users have left together
   */
  record Left(int hour, long day, Instant dayEndsAt, long all) {}

  private record Hour(int count, @Nullable Instant oldest) {}

  private static final Duration HOUR = Duration.ofHours(1);

  // Two orders of a user wait for each other, so that both are counted.
  private static final String LOCK_USER =
      "SELECT pg_advisory_xact_lock(hashtext('centralita extractions of a user'), ?)";

  private static final String LOCK_ALL =
      "SELECT pg_advisory_xact_lock(hashtext('centralita extractions of all'))";

  private static final String ZONE = "SELECT time_zone FROM users WHERE id = ?";

  private static final String IN_HOUR =
      "SELECT count(*), min(created_at) FROM extractions WHERE user_id = ? AND created_at > ?";

  private static final String IN_DAY =
      """
      SELECT coalesce(sum(amount), 0) FROM extractions
      WHERE user_id = ? AND created_at >= ? AND counts
      """;

  private static final String OF_ALL =
      "SELECT coalesce(sum(amount), 0) FROM extractions WHERE created_at >= ? AND counts";

  /**
   * What is left after an order of this amount, as part of the transaction that takes it.
   *
   * @throws ProblemException (429) where there is too little; says how much, and since when more
   */
  Left take(Connection connection, Principal who, long userId, int amount, Instant now)
      throws SQLException {
    Db.query(connection, LOCK_USER, st -> st.setInt(1, (int) userId), _ -> true);
    Db.query(connection, LOCK_ALL, _ -> {}, _ -> true);
    var left = left(connection, who, userId, now);
    if (left.hour() < 1) {
      var oldest = hour(connection, userId, now).oldest();
      var next = (oldest == null ? now : oldest).plus(HOUR);
      throw refused(
          "at most %d extractions an hour: the next at %s".formatted(role(who).hour(), next),
          next,
          now);
    }
    if (amount > left.day()) {
      throw refused(
          "at most %d contacts a day: %d are left until %s"
              .formatted(role(who).day(), left.day(), left.dayEndsAt()),
          left.dayEndsAt(),
          now);
    }
    if (amount > left.all()) {
      var end = endOfDay(now, zone);
      throw refused(
          "at most %d contacts a day of all users together: %d are left until %s"
              .formatted(allDay, left.all(), end),
          end,
          now);
    }
    return new Left(left.hour() - 1, left.day() - amount, left.dayEndsAt(), left.all() - amount);
  }

  /** What is left now. */
  Left left(Connection connection, Principal who, long userId, Instant now) throws SQLException {
    var own = zone(connection, userId);
    var used =
        sum(
            connection,
            IN_DAY,
            st -> {
              st.setLong(1, userId);
              time(st, 2, startOfDay(now, own));
            });
    var all = sum(connection, OF_ALL, st -> time(st, 1, startOfDay(now, zone)));
    return new Left(
        Math.max(0, role(who).hour() - hour(connection, userId, now).count()),
        Math.max(0, role(who).day() - used),
        endOfDay(now, own),
        Math.max(0, allDay - all));
  }

  private Role role(Principal who) {
    return who.scope() == Scope.ADMIN ? admin : keys;
  }

  private static Hour hour(Connection connection, long userId, Instant now) throws SQLException {
    return Db.query(
            connection,
            IN_HOUR,
            st -> {
              st.setLong(1, userId);
              time(st, 2, now.minus(HOUR));
            },
            row -> {
              return new Hour(row.getInt(1), Db.instantOrNull(row, 2));
            })
        .getFirst();
  }

  private ZoneId zone(Connection connection, long userId) throws SQLException {
    var own =
        Db.query(
            connection,
            ZONE,
            st -> st.setLong(1, userId),
            row -> {
              @Nullable String name = row.getString(1);
              return name == null ? "" : name;
            });
    try {
      return own.isEmpty() || own.getFirst().isEmpty() ? zone : ZoneId.of(own.getFirst());
    } catch (DateTimeException _) {
      return zone; // a name that this Java's time zones do not have
    }
  }

  private static long sum(Connection connection, String sql, Db.Binder binder) throws SQLException {
    return Db.query(connection, sql, binder, row -> row.getLong(1)).getFirst();
  }

  private static void time(PreparedStatement statement, int at, Instant time) throws SQLException {
    statement.setObject(at, time.atOffset(ZoneOffset.UTC));
  }

  private static Instant startOfDay(Instant now, ZoneId zone) {
    return now.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
  }

  private static Instant endOfDay(Instant now, ZoneId zone) {
    return now.atZone(zone).toLocalDate().plusDays(1).atStartOfDay(zone).toInstant();
  }

  private static ProblemException refused(String sentence, Instant until, Instant now) {
    var wait = Math.max(1, Duration.between(now, until).plusMillis(999).toSeconds());
    return new ProblemException(
        Problem.of(429, sentence).withHeader("Retry-After", Long.toString(wait)));
  }
}
