package io.centralita.validation;

import io.centralita.db.Db;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What calls have cost, by job and by month, over all nodes. A call is paid before it is made, so
 * that neither cap is ever passed: what a crash leaves is a call paid and not made.
 */
final class Spending {
  private static final String BY_MONTH =
      """
      INSERT INTO validation_spending AS s (platform, month, calls, micros) VALUES (?, ?, 1, ?)
      ON CONFLICT (platform, month) DO UPDATE SET calls = s.calls + 1, micros = s.micros + EXCLUDED.micros
      WHERE s.micros + EXCLUDED.micros <= ?
      """;

  private static final String BY_JOB =
      """
      UPDATE validation_jobs SET spent_micros = spent_micros + ?
      WHERE id = ? AND (max_cost_micros IS NULL OR spent_micros + ? <= max_cost_micros)
      """;

  private static final String BACK_BY_MONTH =
      "UPDATE validation_spending SET calls = calls - 1, micros = micros - ? WHERE platform = ? AND"
          + " month = ?";

  private static final String BACK_BY_JOB =
      "UPDATE validation_jobs SET spent_micros = spent_micros - ? WHERE id = ?";

  private static final String OF_MONTH =
      "SELECT platform, calls, micros FROM validation_spending WHERE month = ?";

  /** What calls to a platform have cost. */
  record Spent(long calls, long micros) {}

  private record Key(int job, Check platform) {}

  private record Refusal(String why, Instant until) {}

  private final Db db;
  private final Duration lookAgain;
  private final InstantSource clock;
  private final ConcurrentHashMap<Key, Refusal> refusals = new ConcurrentHashMap<>();

  /**
   * @param lookAgain how long a refusal is believed
   */
  Spending(Db db, Duration lookAgain, InstantSource clock) {
    this.db = db;
    this.lookAgain = lookAgain;
    this.clock = clock;
  }

  Duration lookAgain() {
    return lookAgain;
  }

  /** What each platform has cost in this calendar month of UTC. */
  CompletionStage<Map<Check, Spent>> thisMonth() {
    return db.query(
            OF_MONTH,
            st -> st.setObject(1, month()),
            row ->
                Map.entry(Codes.check(row.getShort(1)), new Spent(row.getLong(2), row.getLong(3))))
        .thenApply(
            all -> all.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /** Why a job may not pay for a call just now, as far as this node was told lately. */
  Optional<String> refusal(int job, Check platform) {
    var key = new Key(job, platform);
    var known = refusals.get(key);
    if (known == null) {
      return Optional.empty();
    }
    if (!clock.instant().isBefore(known.until())) {
      refusals.remove(key, known);
      return Optional.empty();
    }
    return Optional.of(known.why());
  }

  /** Pays for a call; gives why it may not be made, or nothing where it may. */
  CompletionStage<Optional<String>> pay(int job, Desk desk) {
    if (desk.price().isFree()) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    var month = month();
    return db.transaction("pay for a call", connection -> pay(connection, job, desk, month))
        .thenApply(
            refusal -> {
              refusal.ifPresent(
                  why ->
                      refusals.put(
                          new Key(job, desk.platform()),
                          new Refusal(why, clock.instant().plus(lookAgain))));
              return refusal;
            });
  }

  private static Optional<String> pay(Connection connection, int job, Desk desk, LocalDate month)
      throws SQLException {
    var price = desk.price();
    var ofMonth =
        price.callMicros() > price.monthMicros()
            ? 0
            : Db.update(
                connection,
                BY_MONTH,
                st -> {
                  st.setShort(1, Codes.of(desk.platform()));
                  st.setObject(2, month);
                  st.setLong(3, price.callMicros());
                  st.setLong(4, price.monthMicros());
                });
    if (ofMonth == 0) {
      return Optional.of(
          "%s has cost the %s that it may in %d-%02d: it goes on next month, or with a higher"
                  .formatted(
                      Codes.word(desk.platform()),
                      Price.amount(price.monthMicros()).toPlainString(),
                      month.getYear(),
                      month.getMonthValue())
              + " cost-per-month");
    }
    var ofJob =
        Db.update(
            connection,
            BY_JOB,
            st -> {
              st.setLong(1, price.callMicros());
              st.setInt(2, job);
              st.setLong(3, price.callMicros());
            });
    if (ofJob == 0) {
      backOfMonth(connection, desk, month);
      return Optional.of(
          "the job has cost what it may: its next call of %s would pass max_cost"
              .formatted(Codes.word(desk.platform())));
    }
    return Optional.empty();
  }

  /** Takes the payment of a call back that was not made after all. */
  CompletionStage<?> back(int job, Desk desk) {
    if (desk.price().isFree()) {
      return CompletableFuture.completedStage(true);
    }
    var month = month();
    return db.transaction(
        "take a payment back",
        connection -> {
          backOfMonth(connection, desk, month);
          return Db.update(
              connection,
              BACK_BY_JOB,
              st -> {
                st.setLong(1, desk.price().callMicros());
                st.setInt(2, job);
              });
        });
  }

  private static void backOfMonth(Connection connection, Desk desk, LocalDate month)
      throws SQLException {
    Db.update(
        connection,
        BACK_BY_MONTH,
        st -> {
          st.setLong(1, desk.price().callMicros());
          st.setShort(2, Codes.of(desk.platform()));
          st.setObject(3, month);
        });
  }

  private LocalDate month() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).withDayOfMonth(1);
  }

  /** Forgets refusals, for a cap was raised. */
  void forget(int job) {
    refusals.keySet().removeIf(key -> key.job() == job);
  }
}
