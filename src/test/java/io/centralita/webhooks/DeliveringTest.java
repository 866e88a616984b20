package io.centralita.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.TestPostgres;
import io.centralita.access.Users;
import io.centralita.db.Database;
import io.centralita.db.Db;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.RawServer;
import io.centralita.secrets.Secrets;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of deliveries as time goes by, on a clock that the test moves. */
class DeliveringTest {
  private static final Webhooks.Settings SETTINGS =
      new Webhooks.Settings(
          true,
          true,
          Duration.ofSeconds(10),
          List.of(Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofHours(2)),
          Duration.ofMillis(50),
          4,
          Duration.ofSeconds(45),
          Duration.ofHours(24),
          Duration.ofDays(5),
          3,
          Duration.ofDays(30));

  private static final Secrets SECRETS = Secrets.of("thirty-two-characters-of-a-secret-key");

  private static final Database database = Database.open(TestPostgres.fresh());
  private static final OutsideClient client = Webhooks.client();

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-31T12:00:00Z"));
  private final Receiver receiver = new Receiver();
  private final Db db = database.db();
  private final Outbox outbox =
      new Outbox(
          Set.of("a.done", "x.done", "a.first", "a.second", "a.third", "a.old", "a.new"), now::get);
  private final SecretStore secrets = new SecretStore(db, SECRETS);
  private final Endpoints endpoints = new Endpoints(db, secrets, outbox, now::get);
  private final Deliveries deliveries = new Deliveries(db, now::get);
  private final Turns turns = new Turns(db, secrets, SETTINGS, now::get, new Random(1));
  private final Dispatcher dispatcher =
      new Dispatcher(turns, sender(SETTINGS, Sender.Resolver.SYSTEM), SETTINGS.atOnce());

  @AfterAll
  static void end() {
    client.close();
    database.close();
  }

  // Each test has the database as if it were its own.
  @AfterEach
  void stop() {
    receiver.close();
    sql("TRUNCATE webhook_endpoints, webhook_secrets, webhook_events, webhook_deliveries");
  }

  private Sender sender(Webhooks.Settings settings, Sender.Resolver resolver) {
    return new Sender(client, resolver, Runnable::run, settings, now::get);
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private void sql(String sql) {
    done(db.update(sql, _ -> {}));
  }

  private long user(String name) {
    return done(new Users(db).idOf(name));
  }

  private long endpoint(String... events) {
    return done(endpoints.add(
            user("ana"), new Endpoints.Order(receiver.url(), List.of(events), "shop")))
        .id();
  }

  private boolean published(String user, String type) {
    var id = user(user);
    return done(db.transaction("publish", c -> outbox.publish(c, id, type, Map.of("n", 1))));
  }

  private void look() {
    done(dispatcher.once());
  }

  private void pass(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }

  private Delivery delivery(long endpoint, long position) {
    return done(deliveries.one(endpoint, position)).orElseThrow();
  }

  private Endpoint seen(long endpoint) {
    return done(endpoints.one(endpoint)).orElseThrow();
  }

  @Test
  void publish_isToldToWhoWantsItOnly() {
    var all = endpoint("*");
    var some = endpoint("a.done", "b.done");
    endpoint("c.done");

    assertTrue(published("ana", "a.done"));
    assertFalse(published("luis", "a.done"));
    assertTrue(published("ana", "x.done"));
    look();

    assertEquals(3, receiver.told().size());
    assertEquals(2, seen(all).position());
    assertEquals(1, seen(some).position());
    assertEquals(
        "{\"type\":\"a.done\",\"timestamp\":\"2026-01-31T12:00:00.000Z\",\"data\":{\"n\":1}}",
        receiver.told().getFirst().body());
  }

  @Test
  void publish_transactionRolledBack_tellsNobody() {
    var endpoint = endpoint("*");
    var ana = user("ana");

    var failure =
        assertThrows(
            CompletionException.class,
            () ->
                done(
                    db.transaction(
                        "publish and fail",
                        c -> {
                          assertTrue(outbox.publish(c, ana, "a.done", Map.of()));
                          throw new IllegalStateException("after it");
                        })));
    assertTrue(failure.getCause() instanceof IllegalStateException, failure::toString);
    look();

    assertEquals(List.of(), receiver.told());
    assertEquals(0, seen(endpoint).position());
  }

  @Test
  void delivery_fails_isTriedAgainWhenItsTimeComes_andDoesNotHoldUpLaterOnes() {
    var endpoint = endpoint("*");
    receiver.answering(500);
    published("ana", "a.first");
    published("ana", "a.second");
    look();

    assertEquals(Delivery.Status.PENDING, delivery(endpoint, 1).status());
    assertEquals(Delivery.Status.DELIVERED, delivery(endpoint, 2).status());
    look();
    assertEquals(2, receiver.told().size());

    pass(Duration.ofSeconds(6)); // with a fifth of jitter
    look();
    assertEquals(3, receiver.told().size());
    assertEquals(Delivery.Status.DELIVERED, delivery(endpoint, 1).status());
    assertEquals(2, delivery(endpoint, 1).attempts());
    assertEquals(now.get().getEpochSecond(), receiver.told().getLast().timestamp());
  }

  @Test
  void delivery_receiverSaysRetryAfter_isObeyed() {
    var endpoint = endpoint("*");
    receiver.answering(503, Map.of("Retry-After", "3600"));
    published("ana", "a.done");
    look();

    assertEquals(now.get().plusSeconds(3600), delivery(endpoint, 1).nextAttemptAt());
    pass(Duration.ofMinutes(59));
    look();
    assertEquals(1, receiver.told().size());
    pass(Duration.ofMinutes(1));
    look();
    assertEquals(Delivery.Status.DELIVERED, delivery(endpoint, 1).status());
  }

  @Test
  void delivery_receiverIsGone_switchesTheEndpointOffAtOnce() {
    var endpoint = endpoint("*");
    receiver.answering(410);
    published("ana", "a.first");
    published("ana", "a.second");
    look();

    assertEquals(1, receiver.told().size());
    assertFalse(seen(endpoint).enabled());
    assertEquals(now.get(), seen(endpoint).disabledAt());
    assertEquals("the receiver answered 410: it is gone", seen(endpoint).disabledReason());
    assertFalse(published("ana", "a.third"));

    done(endpoints.change(endpoint, new Endpoints.Change(null, null, null, true)));
    look();
    assertEquals(2, receiver.told().size());
    assertEquals(Delivery.Status.FAILED, delivery(endpoint, 1).status());
    assertEquals(Delivery.Status.DELIVERED, delivery(endpoint, 2).status());
  }

  @Test
  void delivery_failsForDays_switchesTheEndpointOff() {
    var endpoint = endpoint("*");
    receiver.answering(500).answering(500).answering(500);
    published("ana", "a.done");
    look();
    pass(Duration.ofDays(5));
    look();
    assertTrue(seen(endpoint).enabled(), "two attempts are too few");
    pass(Duration.ofHours(1));
    look();

    assertFalse(seen(endpoint).enabled());
    assertTrue(
        seen(endpoint).disabledReason().startsWith("nothing was delivered since 2026-01-31"));
  }

  @Test
  void lease_ofANodeThatDied_isTakenOver() {
    var endpoint = endpoint("*");
    published("ana", "a.done");
    done(turns.fanOut());
    var dead = done(turns.claim(4)).getFirst();
    var due = done(turns.due(dead)).getFirst();

    look();
    assertEquals(List.of(), receiver.told());
    sql("UPDATE webhook_endpoints SET lease_until = now() - interval '1 s'");
    look();

    assertEquals(Delivery.Status.DELIVERED, delivery(endpoint, 1).status());
    var late = new Attempt(now.get(), 500, Duration.ZERO, "answered 500", Duration.ZERO);
    assertFalse(done(turns.settle(dead, due, late)).stillOurs());
    assertEquals(Delivery.Status.DELIVERED, delivery(endpoint, 1).status());
  }

  @Test
  void resend_whileAnAttemptIsUnderWay_happensOnceWhateverBecomesOfThat() {
    var endpoint = endpoint("*");
    for (var status : List.of(204, 500, 410)) {
      published("ana", "a.done");
      done(turns.fanOut());
      var turn = done(turns.claim(1)).getFirst();
      var underWay = done(turns.due(turn)).getFirst();
      var before = receiver.told().size();

      assertTrue(done(deliveries.resend(endpoint, underWay.position())));
      assertTrue(done(deliveries.resend(endpoint, underWay.position())));
      var error = status == 204 ? "" : "answered " + status;
      done(
          turns.settle(
              turn, underWay, new Attempt(now.get(), status, Duration.ZERO, error, Duration.ZERO)));

      var again = delivery(endpoint, underWay.position());
      assertEquals(Delivery.Status.PENDING, again.status());
      assertEquals(0, again.attempts());
      assertEquals(status, again.lastStatus());
      done(turns.release(turn));
      done(endpoints.change(endpoint, new Endpoints.Change(null, null, null, true)));
      look();
      look();
      assertEquals(before + 1, receiver.told().size());
      assertEquals(Delivery.Status.DELIVERED, delivery(endpoint, underWay.position()).status());
    }
  }

  @Test
  void claim_bySeveralNodes_givesAnEndpointToOne() {
    endpoint("*");
    endpoint("*");
    published("ana", "a.done");
    done(turns.fanOut());

    var first = done(turns.claim(1));
    var second = done(turns.claim(4));

    assertEquals(1, first.size());
    assertEquals(1, second.size());
    assertEquals(List.of(), done(turns.claim(4)));
    done(turns.release(first.getFirst()));
    assertEquals(first.getFirst().endpoint(), done(turns.claim(4)).getFirst().endpoint());
  }

  @Test
  void send_hostAtAPrivateAddress_isNotCalled() {
    var guarded =
        new Webhooks.Settings(
            false,
            true,
            SETTINGS.timeout(),
            SETTINGS.retries(),
            SETTINGS.pollEvery(),
            1,
            SETTINGS.lease(),
            SETTINGS.secretOverlap(),
            SETTINGS.disableAfter(),
            3,
            SETTINGS.retention());
    var due = new Due(1, "msg_1", "{}", 0, 0, receiver.url(), List.of(Signature.newSecret()));

    // One public address among them does not help.
    Sender.Resolver both =
        host ->
            List.of(
                InetAddress.getByAddress(new byte[] {8, 8, 8, 8}),
                InetAddress.getLoopbackAddress());
    for (var resolver : List.of(Sender.Resolver.SYSTEM, both)) {
      var attempt = done(sender(guarded, resolver).send(due));
      assertEquals("the host is at a private address", attempt.error());
      assertFalse(done(sender(guarded, resolver).objection(receiver.url())).isEmpty());
    }
    assertEquals(List.of(), receiver.told());
  }

  @Test
  void send_longAnswer_countsByItsStatus() {
    for (var status : List.of(200, 500)) {
      try (var server =
          new RawServer(
              (_, out) -> out.write(RawServer.answer(status + " x", new byte[1 << 20])))) {
        var url = server.url() + "/";
        var due = new Due(1, "msg_1", "{}", 0, 0, url, List.of(Signature.newSecret()));

        var attempt = done(sender(SETTINGS, Sender.Resolver.SYSTEM).send(due));

        assertEquals(status, attempt.status());
        assertEquals(status == 200 ? "" : "answered 500", attempt.error());
      }
    }
  }

  @Test
  void send_nameIsResolvedOnce_andCalledWhereItWasLookedAt() {
    var url = receiver.url().replace("127.0.0.1", "rebinding.invalid");
    var due = new Due(1, "msg_1", "{}", 0, 0, url, List.of(Signature.newSecret()));
    Sender.Resolver resolver = _ -> List.of(InetAddress.getLoopbackAddress());

    var attempt = done(sender(SETTINGS, resolver).send(due));

    assertEquals("", attempt.error());
    assertEquals(1, receiver.told().size());
  }

  @Test
  void prune_takesWhatIsOlderThanTheRetention() {
    var endpoint = endpoint("*");
    var pruning = new Pruning(db, SETTINGS.retention(), now::get);
    published("ana", "a.old");
    look();
    pass(Duration.ofDays(29));
    published("ana", "a.new");
    look();
    pass(Duration.ofDays(2));

    assertEquals(1, done(pruning.all()));
    assertTrue(done(deliveries.one(endpoint, 1)).isEmpty());
    assertEquals(1, done(deliveries.replay(endpoint, 0, 10)).replayed());

    done(endpoints.remove(endpoint));
    pass(Duration.ofDays(31));
    assertEquals(1 + 1, done(pruning.all()));
  }

  @Test
  void replay_moreThanMayBe_saysWhereToGoOn() {
    var endpoint = endpoint("*");
    for (var i = 0; i < 5; i++) {
      published("ana", "a.done");
    }
    look();

    assertEquals(new Deliveries.Replayed(3, 5L), done(deliveries.replay(endpoint, 2, 3)));
    look();
    assertEquals(8, receiver.told().size());
  }

  @Test
  void secrets_encryptedWithAnOlderKey_areEncryptedAnew() {
    var endpoint = endpoint("*");
    var newer = "another-thirty-two-characters-of-a-key";
    sql("INSERT INTO secret_keys (id) VALUES ('" + Secrets.of(newer).keyId() + "')");
    var both = Secrets.of(newer + ",thirty-two-characters-of-a-secret-key");

    assertEquals(1, done(new SecretStore(db, both).encryptAnew()));

    var only = new SecretStore(db, Secrets.of(newer));
    assertEquals(1, done(db.transaction("read", c -> only.valid(c, endpoint, now.get()))).size());
  }
}
