package io.centralita.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.TestPostgres;
import io.centralita.cache.Cache;
import io.centralita.db.Database;
import io.centralita.lookup.Asking.Asked;
import io.centralita.outside.Backoff;
import io.centralita.outside.Gate;
import io.centralita.outside.Gate.Lane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One call for a number, whoever wants it, through a gate of one. */
final class AskingTest {
  private static final Operator MOVISTAR = new Operator("Telefonica", "Movistar", "12");
  private static final Answer FOUND = new Answer.Found(MOVISTAR);
  private static final Database database = Database.open(TestPostgres.fresh());

  /** A call that the test answers. */
  private record Call(int number, Question question, CompletableFuture<Answer> answer) {}

  private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-06T12:00:00Z"));
  private final InstantSource clock = now::get;
  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  private final Cache noCache =
      Cache.open("redis://127.0.0.1:1", Duration.ofMillis(100), scheduler);
  private final Gate gate =
      new Gate(new Gate.Share(1, Double.POSITIVE_INFINITY), Runnable::run, scheduler);
  private final Asking asking = asking(this::called);

  @AfterEach
  void close() {
    scheduler.shutdownNow();
    noCache.close();
  }

  @AfterAll
  static void closeDatabase() {
    database.close();
  }

  private CompletionStage<Answer> called(Question question) {
    var call = new Call(question.number(), question, new CompletableFuture<>());
    calls.add(call);
    return call.answer();
  }

  private Asking asking(OperatorSource source) {
    var results = new LookupResults(database.db(), new OperatorCatalogue());
    var writer =
        new AnswerWriter(
            results,
            noCache,
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), 2),
            scheduler);
    var claims =
        new NumberClaims(noCache, new OperatorCatalogue(), "n", () -> true, scheduler, clock);
    return new Asking(Optional.of(source), "", gate, writer, claims, scheduler, clock);
  }

  private Asked ask(int number, String owner, Lane lane) {
    return asking.ask(number, owner, lane, Instant.EPOCH);
  }

  private Asked ask(int number) {
    return ask(number, "ana", Lane.ORDINARY);
  }

  private Call next() {
    var call = calls.poll();
    assertTrue(call != null, "nothing is asked");
    return call;
  }

  private static Finding finding(Asked asked) throws Exception {
    return asked.finding().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static boolean open(Asked asked) {
    return !asked.finding().toCompletableFuture().isDone();
  }

  @Test
  void ask_whatIsBeingAsked_joins() throws Exception {
    var first = ask(600_000_001);
    var second = ask(600_000_001, "bob", Lane.ORDINARY);

    next().answer().complete(FOUND);

    assertEquals(MOVISTAR, finding(first).operator());
    assertSame(finding(first), finding(second));
    assertTrue(calls.isEmpty());
  }

  @Test
  void answer_isGivenOnceItIsDurable() throws Exception {
    var asked = ask(600_000_002);

    next().answer().complete(FOUND);
    finding(asked);

    var stored =
        database
            .db()
            .queryOne(
                "SELECT count(*) FROM lookup_results WHERE number = 600000002",
                _ -> {},
                row -> row.getLong(1))
            .toCompletableFuture()
            .join();
    assertEquals(Optional.of(1L), stored);
  }

  @Test
  void answer_isHandedOnForAMoment_toThoseForWhomItIsNewEnough() throws Exception {
    var asked = ask(600_000_003);
    next().answer().complete(FOUND);
    var finding = finding(asked);

    assertSame(finding, finding(ask(600_000_003)));
    var newer = asking.ask(600_000_003, "ana", Lane.ORDINARY, now.get().plusSeconds(1));
    assertTrue(open(newer), "it wants one that is newer");
    next().answer().complete(FOUND);
    finding(newer);

    now.updateAndGet(time -> time.plusSeconds(60));
    assertTrue(open(ask(600_000_003)));
    assertEquals(600_000_003, next().number());
  }

  @Test
  void answerThatIsNone_isNotHandedOn() throws Exception {
    var asked = ask(600_000_004);
    next().answer().complete(new Answer.Unknown("none"));

    assertEquals(Outcome.UNKNOWN, finding(asked).outcome());
    assertTrue(open(ask(600_000_004)));
    next().answer().complete(new Answer.Failed("given up"));
  }

  @Test
  void urgent_joiningAQueuedOne_hurriesIt() {
    ask(600_000_010);
    ask(600_000_011);
    ask(600_000_012);
    var hurried = ask(600_000_012, "bob", Lane.URGENT);

    next().answer().complete(new Answer.Unknown("none"));

    assertTrue(open(hurried));
    assertEquals(600_000_012, next().number());
  }

  @Test
  void withdraw_byTheLastOneWhoWaits_takesItOutOfTheQueue() {
    ask(600_000_020);
    var waiting = ask(600_000_021);
    var joined = ask(600_000_021, "bob", Lane.ORDINARY);

    waiting.withdraw().run();
    assertTrue(open(joined), "bob still wants it");
    joined.withdraw().run();

    assertThrows(CancellationException.class, () -> joined.finding().toCompletableFuture().join());
    next().answer().complete(new Answer.Unknown("none"));
    assertTrue(calls.isEmpty());
    assertEquals(0, gate.waiting());
  }

  @Test
  void withdraw_ofACallUnderWay_tellsTheSource_andTheNextAsksAnew() throws Exception {
    var asked = ask(600_000_030);
    var call = next();

    asked.withdraw().run();
    assertTrue(call.question().isCancelled());
    var again = ask(600_000_030);
    call.answer().completeExceptionally(new CancellationException("cancelled"));

    var second = next();
    assertFalse(second.question().isCancelled());
    second.answer().complete(FOUND);
    assertEquals(MOVISTAR, finding(again).operator());
  }

  @Test
  void withdraw_afterTheAnswer_changesNothing() throws Exception {
    var asked = ask(600_000_031);
    next().answer().complete(FOUND);
    finding(asked);

    asked.withdraw().run();

    assertEquals(MOVISTAR, finding(ask(600_000_031)).operator());
    assertTrue(calls.isEmpty());
  }

  @Test
  void sourceThatThrows_failsTheQuestion_andFreesItsPlace() {
    var broken =
        asking(
            _ -> {
              throw new IllegalStateException("a bug");
            });

    for (var i = 0; i < 3; i++) {
      var asked = broken.ask(600_000_040, "ana", Lane.ORDINARY, Instant.EPOCH);
      assertThrows(CompletionException.class, () -> asked.finding().toCompletableFuture().join());
    }
    assertTrue(open(ask(600_000_041)));
    assertEquals(600_000_041, next().number(), "the gate's place was given back");
  }

  @Test
  void callThatBeginsAtOnce_holdsUpNobodyWhoJoinsOrLosesInterestMeanwhile() throws Exception {
    var own = new AtomicReference<Asking>();
    var busy =
        asking(
            question -> {
              CompletableFuture.runAsync(
                      () ->
                          own.get()
                              .ask(question.number(), "bob", Lane.URGENT, Instant.EPOCH)
                              .withdraw()
                              .run())
                  .orTimeout(5, TimeUnit.SECONDS)
                  .join();
              return CompletableFuture.completedFuture(new Answer.Unknown("none"));
            });
    own.set(busy);

    var asked = busy.ask(600_000_042, "ana", Lane.ORDINARY, Instant.EPOCH);

    assertEquals(Outcome.UNKNOWN, finding(asked).outcome());
  }

  @Test
  void pause_isToldToThoseWhoListen_alsoWhileAnswersOfEarlierCallsCome() {
    var heard = new ArrayList<String>();
    asking.listen("ana", heard::add);
    ask(600_000_050);

    gate.throttled(Duration.ofSeconds(2));
    next().answer().complete(new Answer.Unknown("none"));

    assertEquals(List.of("the portal asks for a pause of 2 s"), heard); // it is not over yet
  }

  @Test
  void manyThreads_askingAndLosingInterest_leaveNothingBehind() throws Exception {
    try (var threads = Executors.newFixedThreadPool(4)) {
      var busy =
          asking(
              question ->
                  CompletableFuture.supplyAsync(
                      () -> {
                        if (question.isCancelled()) {
                          throw new CancellationException("cancelled");
                        }
                        return new Answer.Unknown("none");
                      },
                      threads));
      var workers =
          List.of(1, 2, 3, 4).stream()
              .map(seed -> CompletableFuture.runAsync(() -> askAndWithdraw(busy, seed)))
              .toList();
      for (var worker : workers) {
        worker.get(60, TimeUnit.SECONDS);
      }

      assertEquals(0, gate.waiting());
      assertEquals(
          Outcome.UNKNOWN,
          finding(busy.ask(600_000_060, "ana", Lane.ORDINARY, Instant.EPOCH)).outcome());
    }
  }

  private static void askAndWithdraw(Asking asking, int seed) {
    var random = new Random(seed);
    for (var i = 0; i < 5000; i++) {
      var lane = random.nextInt(4) == 0 ? Lane.URGENT : Lane.ORDINARY;
      var asked = asking.ask(600_000_060 + random.nextInt(5), "owner" + seed, lane, Instant.EPOCH);
      if (random.nextBoolean()) {
        asked.withdraw().run();
      } else {
        assertEquals(
            Outcome.UNKNOWN,
            asked.finding().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join().outcome());
      }
    }
  }

  /** Ana has no way out until she is given one. */
  private final class Gated implements OperatorSource {
    volatile CompletableFuture<Void> way = new CompletableFuture<>();
    Runnable meanwhile = () -> {};

    @Override
    public CompletionStage<Answer> ask(Question question) {
      return called(question);
    }

    @Override
    public CompletionStage<Void> ready(String owner, Lane lane, Consumer<String> waiting) {
      if (!owner.equals("ana")) {
        return CompletableFuture.completedFuture(null);
      }
      if (!way.isDone()) {
        waiting.accept("no proxy is usable");
        meanwhile.run();
      }
      return way.copy();
    }
  }

  @Test
  void noWay_takesNobodysPlace_isToldToItsOwner_andGoesOnByItself() throws Exception {
    var source = new Gated();
    var waiting = asking(source);
    var heard = new ArrayList<String>();
    waiting.listen("ana", heard::add);
    var ana = waiting.ask(600_000_070, "ana", Lane.ORDINARY, Instant.EPOCH);

    var eva = waiting.ask(600_000_071, "eva", Lane.ORDINARY, Instant.EPOCH);
    next().answer().complete(new Answer.Unknown("none"));

    assertEquals(Outcome.UNKNOWN, finding(eva).outcome());
    assertEquals("no proxy is usable", ana.standstill().get());
    assertEquals("", eva.standstill().get());
    source.way.complete(null);
    next().answer().complete(new Answer.Unknown("none"));
    assertEquals(Outcome.UNKNOWN, finding(ana).outcome());
    assertEquals(List.of("no proxy is usable", ""), heard);
  }

  @Test
  void noWayInMidCall_givesThePlaceBack_andAsksAgainWhenThereIsOne() throws Exception {
    var source = new Gated();
    var waiting = asking(source);
    source.way.complete(null);
    var ana = waiting.ask(600_000_072, "ana", Lane.ORDINARY, Instant.EPOCH);

    next()
        .answer()
        .completeExceptionally(
            new CompletionException(new OperatorSource.ComeAgainException("gone", Duration.ZERO)));

    next().answer().complete(new Answer.Unknown("none"));
    assertEquals(Outcome.UNKNOWN, finding(ana).outcome());
  }

  @Test
  void noWay_andNobodyInterestedAnyMore_isNeverAsked() {
    var source = new Gated();
    var waiting = asking(source);
    var ana = waiting.ask(600_000_073, "ana", Lane.ORDINARY, Instant.EPOCH);

    ana.withdraw().run();
    source.way.complete(null);

    assertThrows(CancellationException.class, () -> ana.finding().toCompletableFuture().join());
    assertTrue(calls.isEmpty());
  }

  @Test
  void noWayInMidCall_andInterestIsLostOnTheWayToTheWait_ends() {
    var source = new Gated();
    var waiting = asking(source);
    source.way.complete(null);
    var ana = waiting.ask(600_000_074, "ana", Lane.ORDINARY, Instant.EPOCH);
    source.way = new CompletableFuture<>();
    source.meanwhile = ana.withdraw();

    next()
        .answer()
        .completeExceptionally(
            new CompletionException(new OperatorSource.ComeAgainException("gone", Duration.ZERO)));

    assertThrows(CancellationException.class, () -> ana.finding().toCompletableFuture().join());
    source.way.complete(null);
    assertTrue(calls.isEmpty());
    assertEquals("", ana.standstill().get());
  }
}
