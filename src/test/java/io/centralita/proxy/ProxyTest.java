package io.centralita.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.centralita.actor.Cause;
import io.centralita.actor.LiveEntities;
import io.centralita.proxy.ProxyCommand.Borrow;
import io.centralita.proxy.ProxyCommand.Borrowed;
import io.centralita.proxy.ProxyCommand.Configure;
import io.centralita.proxy.ProxyCommand.Disable;
import io.centralita.proxy.ProxyCommand.Enable;
import io.centralita.proxy.ProxyCommand.Get;
import io.centralita.proxy.ProxyCommand.Lent;
import io.centralita.proxy.ProxyCommand.Refused;
import io.centralita.proxy.ProxyCommand.Remove;
import io.centralita.proxy.ProxyCommand.Report;
import io.centralita.proxy.ProxyCommand.TestNow;
import io.centralita.proxy.ProxyCommand.Tested;
import io.centralita.proxy.ProxyCommand.Told;
import io.centralita.proxy.ProxyState.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A proxy with a journal in memory, its events serialized as they are in the real one. */
final class ProxyTest {
  private static final ActorTestKit kit =
      ActorTestKit.create(
          PersistenceTestKitPlugin.getInstance()
              .config()
              .withFallback(PersistenceTestKitSnapshotPlugin.config())
              .withFallback(
                  ConfigFactory.parseString(
                      """
                      pekko.actor.provider = local
                      pekko.persistence.testkit.events.serialize = on
                      """))
              .withFallback(ConfigFactory.load()));
  private static final PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
  private static final Cause ANA = new Cause("ana", "", "r1");
  private static final Instant START = Instant.parse("2026-01-06T10:32:07Z");
  private static final Configuration CONFIGURATION =
      new Configuration(1, "h", 1000, 1001, 2, null, 0, 0, 0);

  /** So long that no test waits for it. */
  private static final Rules SLOW =
      new Rules(5, Duration.ofMinutes(5), 3, 7, Duration.ofMinutes(9), Duration.ofMinutes(10));

  private static final Rules QUICK =
      new Rules(5, Duration.ofMillis(50), 3, 7, Duration.ofMinutes(9), Duration.ofMinutes(10));

  private final BlockingQueue<CompletableFuture<Tested>> calls = new LinkedBlockingQueue<>();
  private final Map<Long, ProxyStatus> rows = new ConcurrentHashMap<>();
  private final Map<String, Integer> blocked = new ConcurrentHashMap<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final LiveEntities live = new LiveEntities();
  private final TestProbe<ProxyStatus> heralds = kit.createTestProbe();
  private ProxyBoard.Statistics recalled = ProxyBoard.Statistics.NONE;
  private ActorRef<ProxyCommand> proxy;

  private final class Board implements ProxyBoard {
    @Override
    public CompletionStage<Statistics> recall(long id) {
      return CompletableFuture.completedFuture(recalled);
    }

    @Override
    public CompletionStage<?> show(ProxyStatus status) {
      rows.put(status.id(), status);
      return CompletableFuture.completedFuture(1);
    }

    @Override
    public CompletionStage<?> remove(long id) {
      rows.remove(id);
      return CompletableFuture.completedFuture(1);
    }

    @Override
    public CompletionStage<?> blocked(
        long id, Exit exit, String owner, int retries, String reason, Instant at) {
      blocked.put(exit.place() + "/" + exit.session() + " " + owner + ": " + reason, retries);
      return CompletableFuture.completedFuture(1);
    }
  }

  private CompletionStage<Tested> call(long id) {
    var call = new CompletableFuture<Tested>();
    calls.add(call);
    return call;
  }

  private ActorRef<ProxyCommand> spawn(Rules rules, InstantSource clock) {
    var ground =
        new Proxy.Ground(rules, new Board(), this::call, heralds.ref(), live, clock, new Random(1));
    TestProbe<ClusterSharding.ShardCommand> shard = kit.createTestProbe();
    return kit.spawn(Proxy.create(7, ground, shard.ref()));
  }

  @BeforeEach
  void start() {
    journal.clearAll();
    proxy = spawn(SLOW, now::get);
    tell(replyTo -> new Configure(CONFIGURATION, ANA, replyTo));
  }

  @AfterEach
  void stop() {
    kit.stop(proxy);
  }

  @AfterAll
  static void shutdown() {
    kit.shutdownTestKit();
  }

  private <T> T ask(Function<ActorRef<T>, ProxyCommand> command) {
    TestProbe<T> probe = kit.createTestProbe();
    proxy.tell(command.apply(probe.ref()));
    return probe.receiveMessage();
  }

  private ProxyStatus tell(Function<ActorRef<StatusReply<ProxyStatus>>, ProxyCommand> command) {
    return ask(command).getValue();
  }

  private ProxyStatus get() {
    return tell(Get::new);
  }

  private Borrowed borrow() {
    return this.<Borrowed>ask(replyTo -> new Borrow("ana", replyTo));
  }

  private void report(Told... told) {
    proxy.tell(new Report(Arrays.asList(told), List.of()));
  }

  private static Told told(Outcome outcome, long calls) {
    return new Told(outcome, calls, outcome.label(), null, "");
  }

  private CompletableFuture<Tested> nextCall() throws InterruptedException {
    var call = calls.poll(5, TimeUnit.SECONDS);
    return Objects.requireNonNull(call, "no call was made");
  }

  private void until(Status status) {
    heralds.fishForMessage(
        Duration.ofSeconds(5),
        news ->
            news.status() == status
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }

  private static final String ID = "Proxy|7";

  @Test
  void configure_first_closesTheCircuitAndShowsIt() {
    assertEquals(Status.CLOSED, get().status());
    assertEquals("closed since 10:32:07: configured by ana", get().reason());
    assertEquals(Status.CLOSED, Objects.requireNonNull(rows.get(7L)).status());
    journal.expectNextPersisted(ID, new ProxyEvent.Configured(CONFIGURATION, ANA, START));
  }

  @Test
  void configure_olderOrSameVersion_storesNothing() {
    tell(replyTo -> new Configure(CONFIGURATION, ANA, replyTo));

    assertEquals(1, journal.persistedInStorage(ID).size());
  }

  @Test
  void fiveTlsErrorsInRow_openTheCircuit_withReasonAndTime() {
    report(told(Outcome.TLS_ERROR, 4));
    assertEquals(Status.CLOSED, get().status());

    report(new Told(Outcome.TLS_ERROR, 1, "", null, ""));

    var status = get();
    assertEquals(Status.OPEN, status.status());
    assertEquals("open since 10:32:07: 5 TLS errors", status.reason());
    assertEquals(START.plusSeconds(300), status.retryAt());
    assertEquals(5, status.counters().get("tls_error"));
    until(Status.OPEN);
  }

  @Test
  void errors_withASuccessBetween_neverOpen() {
    for (var i = 0; i < 10; i++) {
      report(told(Outcome.CONNECTION_ERROR, 4), told(Outcome.OK, 1));
    }

    assertEquals(Status.CLOSED, get().status());
    assertEquals(40, get().counters().get("connection_error"));
  }

  @Test
  void connectionErrorsOfAllKinds_countTogether_tlsErrorsApart() {
    report(told(Outcome.CONNECTION_ERROR, 2), told(Outcome.TLS_ERROR, 4));
    assertEquals(Status.CLOSED, get().status());

    report(told(Outcome.NO_ANSWER, 2), told(Outcome.LOGIN_REFUSED, 1), told(Outcome.DROPPED, 2));

    assertEquals("open since 10:32:07: 5 connection errors, the last: dropped", get().reason());
  }

  @Test
  void doubtfulOutcomes_neverOpen_butRaiseTheScore_whichSuccessHeals() {
    report(told(Outcome.CUT, 20), told(Outcome.TIMEOUT, 20));
    var ill = get().errorScore();
    assertEquals(Status.CLOSED, get().status());

    report(told(Outcome.OK, 50));
    var better = get().errorScore();
    report(told(Outcome.OK, 1000));

    assertTrue(ill > 90 && better < 50 && better > 0, ill + ", " + better);
    assertEquals(0, get().errorScore());
  }

  @Test
  void open_lendsNothing_andSaysUntilWhen() {
    report(told(Outcome.TLS_ERROR, 5));

    var refused = assertInstanceOf(Refused.class, borrow());

    assertEquals(START.plusSeconds(300), refused.again());
    assertTrue(refused.reason().startsWith("open since"), refused.reason());
  }

  @Test
  void open_afterAWhile_isTriedOnceAndClosed() throws InterruptedException {
    restart(QUICK);
    report(told(Outcome.TLS_ERROR, 5));

    var call = nextCall();
    until(Status.HALF_OPEN);
    assertInstanceOf(Refused.class, borrow());
    call.complete(new Tested(Outcome.OK, "200 from h", 12));

    until(Status.CLOSED);
    assertInstanceOf(Lent.class, borrow());
    assertTrue(get().reason().contains("the trial passed in 12 ms, 200 from h"), get().reason());
    assertTrue(calls.isEmpty());
  }

  @Test
  void trialThatFails_opensAgain_andIsTriedAgain() throws InterruptedException {
    restart(QUICK);
    report(told(Outcome.CONNECTION_ERROR, 5));

    nextCall().complete(new Tested(Outcome.TLS_ERROR, "TLS failed", 3));
    until(Status.HALF_OPEN);
    until(Status.OPEN);
    nextCall().complete(new Tested(Outcome.OK, "200", 3));

    until(Status.CLOSED);
    assertEquals(1, get().counters().get("ok"));
  }

  @Test
  void trialThatCannotBeMade_isMadeAgain() throws InterruptedException {
    restart(QUICK);
    report(told(Outcome.CONNECTION_ERROR, 5));

    nextCall().completeExceptionally(new IllegalStateException("no database"));
    nextCall().complete(new Tested(Outcome.OK, "200", 3));

    until(Status.CLOSED);
  }

  @Test
  void crashWhileOpen_wakesByItselfAtTheTrialsTime() throws InterruptedException {
    report(told(Outcome.TLS_ERROR, 5));
    assertEquals(Status.OPEN, get().status());
    kit.stop(proxy);
    now.set(START.plusSeconds(301));

    proxy = spawn(SLOW, now::get);

    nextCall().complete(new Tested(Outcome.OK, "200", 3));
    until(Status.CLOSED);
  }

  @Test
  void crashWhileOnTrial_triesAgain() throws InterruptedException {
    restart(QUICK);
    report(told(Outcome.TLS_ERROR, 5));
    var _ = nextCall();
    kit.stop(proxy);

    proxy = spawn(SLOW, now::get);

    nextCall().complete(new Tested(Outcome.OK, "200", 3));
    until(Status.CLOSED);
  }

  @Test
  void crash_statisticsComeBackFromTheRow() {
    kit.stop(proxy);
    recalled = new ProxyBoard.Statistics(Map.of("ok", 41L), 12.5);

    proxy = spawn(SLOW, now::get);
    report(told(Outcome.THROTTLED, 1));

    kit.createTestProbe()
        .awaitAssert(
            () -> {
              assertEquals(41L, get().counters().get("ok"));
              return true;
            });
    assertTrue(get().errorScore() > 12);
  }

  @Test
  void sessions_areBounded_returned_andForgottenWithTheirAge() {
    var first = assertInstanceOf(Lent.class, borrow());
    var second = assertInstanceOf(Lent.class, borrow());
    assertInstanceOf(Lent.class, borrow());
    assertNotEquals(first.exit().session(), second.exit().session());
    assertEquals(START.plus(Duration.ofMinutes(9)), first.until());
    assertEquals("lends all its sessions", assertInstanceOf(Refused.class, borrow()).reason());

    proxy.tell(new Report(List.of(), List.of(first.session())));
    assertInstanceOf(Lent.class, borrow());
    assertInstanceOf(Refused.class, borrow());
    now.set(START.plus(Duration.ofMinutes(9)));

    assertInstanceOf(Lent.class, borrow());
    assertEquals(1, get().sessionsLent());
  }

  @Test
  void sessions_areNoMoreThanTheLimitsKeepBusy() {
    var slow = new Configuration(2, "h", 1000, 1001, 2, null, 0, 0, 0.5);
    tell(replyTo -> new Configure(slow, ANA, replyTo));

    assertInstanceOf(Lent.class, borrow());
    assertInstanceOf(Refused.class, borrow());
    assertEquals(6, new Configuration(1, "h", 1, 1, 0, null, 0, 4, 0).busySessions());
    assertEquals(20, new Configuration(1, "h", 1, 1, 0, null, 0, 400, 10).busySessions());
  }

  @Test
  void blockedSession_isRemembered_andTheProxyGoesOn() {
    var exit = new Exit(1000, 1, "abc");
    report(new Told(Outcome.BLOCKED, 1, "403 from the portal", exit, "ana"));

    assertEquals(1, get().blockedExits());
    assertEquals(Map.of("1000/1/abc ana: 403 from the portal", 1), blocked);
    assertInstanceOf(Lent.class, borrow());
  }

  @Test
  void blockedFixedExit_rests_twiceAsLongTheNextTime() {
    var fixed = new Exit(1000, 0, "");
    report(new Told(Outcome.BLOCKED, 1, "403", fixed, "ana"));
    for (var i = 0; i < 3; i++) {
      var lent = assertInstanceOf(Lent.class, borrow());
      assertNotEquals(fixed.place(), lent.exit().place());
      proxy.tell(new Report(List.of(), List.of(lent.session())));
    }
    report(new Told(Outcome.BLOCKED, 1, "403", fixed, "ana"));

    assertEquals(2, get().blockedExits());
    assertEquals(Map.of("1000/0/ ana: 403", 2), blocked);
    var events = journal.persistedInStorage(ID);
    var last = assertInstanceOf(ProxyEvent.ExitBlocked.class, events.getLast());
    assertEquals(START.plus(Duration.ofMinutes(20)), last.restsUntil());
  }

  @Test
  void everyExitBlocked_refusesUntilTheFirstHasRested() {
    for (var port = 1000; port <= 1001; port++) {
      for (var user = 0; user < 2; user++) {
        report(new Told(Outcome.BLOCKED, 1, "403", new Exit(port, user, ""), "ana"));
      }
    }

    var refused = assertInstanceOf(Refused.class, borrow());

    assertEquals(START.plus(Duration.ofMinutes(10)), refused.again());
  }

  @Test
  void disabled_lendsNothing_untilEnabled() {
    var disabled = tell(replyTo -> new Disable(new Cause("ana", "too dear", "r2"), replyTo));
    assertEquals("disabled since 10:32:07: by ana, too dear", disabled.reason());
    assertInstanceOf(Refused.class, borrow());
    report(told(Outcome.TLS_ERROR, 9));
    assertEquals(Status.DISABLED, get().status());

    tell(replyTo -> new Enable(ANA, replyTo));

    assertInstanceOf(Lent.class, borrow());
  }

  @Test
  void enabled_afterLateErrors_isNotUndoneByOneMore() {
    report(told(Outcome.CONNECTION_ERROR, 5));
    report(told(Outcome.CONNECTION_ERROR, 4));
    tell(replyTo -> new Enable(ANA, replyTo));

    report(told(Outcome.CONNECTION_ERROR, 4));
    assertEquals(Status.CLOSED, get().status());
    report(told(Outcome.CONNECTION_ERROR, 1));

    assertEquals(Status.OPEN, get().status());
    assertEquals(14, get().counters().get("connection_error"));
  }

  @Test
  void testNow_ofAnOpenProxy_isTheTrial() throws InterruptedException {
    report(told(Outcome.TLS_ERROR, 5));
    TestProbe<StatusReply<Tested>> asker = kit.createTestProbe();
    proxy.tell(new TestNow(ANA, asker.ref()));

    nextCall().complete(new Tested(Outcome.OK, "200 from h", 3));

    assertEquals("200 from h", asker.receiveMessage().getValue().words());
    assertEquals(Status.CLOSED, get().status());
  }

  @Test
  void testNow_twiceAtOnce_isOneCall() throws InterruptedException {
    TestProbe<StatusReply<Tested>> asker = kit.createTestProbe();
    proxy.tell(new TestNow(ANA, asker.ref()));
    proxy.tell(new TestNow(ANA, asker.ref()));

    nextCall().complete(new Tested(Outcome.NO_ANSWER, "timeout", 3));

    assertFalse(asker.receiveMessage().getValue().passed());
    assertFalse(asker.receiveMessage().getValue().passed());
    assertTrue(calls.isEmpty());
    assertEquals(Status.CLOSED, get().status());
  }

  @Test
  void configurationChanged_whileOpen_isTriedAtOnce() throws InterruptedException {
    report(told(Outcome.TLS_ERROR, 5));

    var status =
        tell(
            replyTo ->
                new Configure(new Configuration(2, "h", 1, 1, 1, "ana", 0, 0, 0), ANA, replyTo));

    assertEquals(Status.HALF_OPEN, status.status());
    nextCall().complete(new Tested(Outcome.OK, "200", 3));
    until(Status.CLOSED);
  }

  @Test
  void remove_forgetsTheRow_andRefusesEverything() {
    tell(replyTo -> new Remove(ANA, replyTo));

    assertEquals(Status.REMOVED, get().status());
    assertFalse(rows.containsKey(7L));
    assertTrue(this.<StatusReply<ProxyStatus>>ask(replyTo -> new Enable(ANA, replyTo)).isError());
    assertInstanceOf(Refused.class, borrow());
  }

  private void restart(Rules rules) {
    kit.stop(proxy);
    proxy = spawn(rules, InstantSource.system());
  }
}
