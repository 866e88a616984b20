package io.centralita.extraction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.TestNode;
import io.centralita.access.Principal;
import io.centralita.access.Scope;
import io.centralita.http.Problem;
import io.centralita.http.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LimitsTest {
  /** 2090: no other test's extraction is in that day. Midnight in Mexico City is 06:00 in UTC. */
  private static final Instant MIDNIGHT = Instant.parse("2090-03-02T06:00:00Z");

  private static final Choice CHOICE = new Choice(Type.PREMIUM, "", List.of());

  private final String name = TestNode.newUser();
  private final long userId = userId(name);
  private Limits limits = limits(100_000);

  private static Limits limits(int allDay) {
    return new Limits(
        1,
        1000,
        new Limits.Role(3, 100),
        new Limits.Role(50, 1000),
        allDay,
        ZoneId.of("America/Mexico_City"));
  }

  private static long userId(String name) {
    TestNode.contactsUser(name);
    return TestNode.count("SELECT id FROM users WHERE name = '" + name + "'");
  }

  private static void sql(String sql) {
    TestNode.db().update(sql, _ -> {}).toCompletableFuture().join();
  }

  private CompletableFuture<Limits.Left> ordering(Scope scope, int amount, Instant now) {
    return TestNode.db()
        .transaction(
            "order",
            connection -> {
              var who = new Principal("key", name, scope);
              var left = limits.take(connection, who, userId, amount, now);
              Extractions.add(
                  connection,
                  new Extractions.Order(userId, CHOICE, amount, FileFormat.TXT, 1, false),
                  now);
              return left;
            })
        .toCompletableFuture();
  }

  private Limits.Left order(int amount, Instant now) {
    var left = ordering(Scope.CONTACTS, amount, now).join();
    sql("UPDATE extractions SET status = 'COMPLETED', revision = 1 WHERE user_id = " + userId);
    return left;
  }

  private Problem refusal(int amount, Instant now) {
    var failure =
        assertThrows(CompletionException.class, () -> ordering(Scope.CONTACTS, amount, now).join());
    return assertInstanceOf(ProblemException.class, failure.getCause()).problem();
  }

  @Test
  void take_upToTheDaysLimit_andNotOneMore() {
    var noon = MIDNIGHT.plus(Duration.ofHours(12));
    assertEquals(40, order(60, noon).day());

    var refused = refusal(41, noon.plusSeconds(1));

    assertEquals(429, refused.status());
    assertTrue(refused.detail().contains("100 contacts a day: 40 are left"), refused.detail());
    assertEquals(Map.of("Retry-After", "43199"), refused.headers());
    var last = order(40, noon.plusSeconds(2));
    assertEquals(0, last.day());
    assertEquals(1, last.hour());
    assertEquals(MIDNIGHT.plus(Duration.ofDays(1)), last.dayEndsAt());
  }

  @Test
  void take_overTheUsersMidnight_dayBeginsAnew() {
    order(100, MIDNIGHT.minusSeconds(1));
    assertEquals(429, refusal(1, MIDNIGHT.minusMillis(1)).status());

    assertEquals(0, order(100, MIDNIGHT).day());
  }

  @Test
  void take_userOfAnotherZone_dayEndsAtHisMidnight() {
    var key = "{\"user\":\"%s\",\"scope\":\"contacts\",\"time_zone\":\"%s\"}";
    assertEquals(
        400, TestNode.admin().post("/api/v1/keys", key.formatted(name, "Mars")).statusCode());
    assertEquals(
        201,
        TestNode.admin().post("/api/v1/keys", key.formatted(name, "America/Tijuana")).statusCode());
    order(100, MIDNIGHT.minusSeconds(1));

    assertEquals(429, refusal(1, MIDNIGHT.plus(Duration.ofMinutes(119))).status());
    assertEquals(0, order(100, MIDNIGHT.plus(Duration.ofHours(2))).day());
  }

  @Test
  void take_cancelledOnes_countInTheHourAndNotInTheDay() {
    order(100, MIDNIGHT);
    sql("UPDATE extractions SET counts = false WHERE user_id = " + userId);

    var left = order(100, MIDNIGHT.plusSeconds(1));

    assertEquals(0, left.day());
    assertEquals(1, left.hour());
  }

  @Test
  void take_moreThanSoManyInAnHour_isRefusedUntilTheOldestIsAnHourAgo() {
    for (var i = 0; i < 3; i++) {
      order(1, MIDNIGHT.plusSeconds(i * 60L));
    }

    var refused = refusal(1, MIDNIGHT.plusSeconds(180));

    assertTrue(refused.detail().contains("3 extractions an hour"), refused.detail());
    assertEquals(Map.of("Retry-After", "3420"), refused.headers());
    assertEquals(0, order(1, MIDNIGHT.plusSeconds(3600)).hour());
  }

  @Test
  void take_allTogether_isBounded() {
    limits = limits(150);
    var day = MIDNIGHT.plus(Duration.ofDays(30));
    order(100, day);
    var failure =
        assertThrows(
            CompletionException.class, () -> ordering(Scope.ADMIN, 51, day.plusSeconds(1)).join());

    var problem = assertInstanceOf(ProblemException.class, failure.getCause()).problem();
    assertTrue(problem.detail().contains("of all users together: 50 are left"), problem.detail());
    assertEquals(0, ordering(Scope.ADMIN, 50, day.plusSeconds(1)).join().all());
    sql("UPDATE extractions SET status = 'COMPLETED' WHERE user_id = " + userId);
  }

  @Test
  void take_manyAtOnce_areCountedExactly() {
    var orders =
        IntStream.range(0, 6)
            .mapToObj(_ -> ordering(Scope.CONTACTS, 40, MIDNIGHT.plus(Duration.ofDays(20))))
            .map(order -> order.handle((_, failure) -> failure == null))
            .toList();

    assertEquals(2, orders.stream().filter(CompletableFuture::join).count());
    sql("UPDATE extractions SET status = 'COMPLETED' WHERE user_id = " + userId);
  }
}
