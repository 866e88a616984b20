package io.centralita.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.TestPostgres;
import io.centralita.cache.Cache;
import io.centralita.db.Database;
import io.centralita.embedded.DataDir;
import io.centralita.embedded.EmbeddedRedis;
import io.centralita.lookup.Asking.Asked;
import io.centralita.outside.Backoff;
import io.centralita.outside.Gate;
import io.centralita.outside.Gate.Lane;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes that ask one portal, with one Redis and one database between them. */
final class SharedAskingTest {
  private static final Operator MOVISTAR = new Operator("Telefonica", "Movistar", "12");
  private static final Answer FOUND = new Answer.Found(MOVISTAR);
  private static final Database database = Database.open(TestPostgres.fresh());
  private static final DataDir dataDir =
      DataDir.open(Path.of("target", "test-data", "shared-asking").toAbsolutePath());
  private static final EmbeddedRedis redis = EmbeddedRedis.start(dataDir);
  private static final RedisClient client = RedisClient.create(redis.url());
  private static final RedisCommands<String, String> commands = client.connect().sync();
  private static final AtomicInteger numbers = new AtomicInteger(610_000_000);

  /** A call that the test answers. */
  private record Call(int number, CompletableFuture<Answer> answer) {}

  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
  private final List<Cache> caches = new ArrayList<>();
  private final LinkedBlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private final int number = numbers.incrementAndGet();

  private final class Node {
    final Gate gate;
    final Asking asking;
    final Cache cache;
    final NumberClaims claims;

    Node(String name, String redisUrl, boolean alone, OperatorSource source) {
      cache = Cache.open(redisUrl, Duration.ofSeconds(20), scheduler);
      caches.add(cache);
      gate = new Gate(new Gate.Share(1000, Double.POSITIVE_INFINITY), Runnable::run, scheduler);
      var operators = new OperatorCatalogue();
      var clock = InstantSource.system();
      var writer =
          new AnswerWriter(
              new LookupResults(database.db(), operators),
              cache,
              new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), 2),
              scheduler);
      claims = new NumberClaims(cache, operators, name, () -> alone, scheduler, clock);
      asking = new Asking(Optional.of(source), "", gate, writer, claims, scheduler, clock);
    }

    Asked ask(int wanted, Instant since) {
      return asking.ask(wanted, "ana", Lane.ORDINARY, since);
    }

    Asked ask(int wanted) {
      return ask(wanted, Instant.EPOCH);
    }
  }

  private Node node(String name) {
    return node(name, this::called);
  }

  private Node node(String name, OperatorSource source) {
    var node = new Node(name, redis.url(), false, source);
    await(() -> answers(node.cache));
    return node;
  }

  private CompletionStage<Answer> called(Question question) {
    var call = new Call(question.number(), new CompletableFuture<>());
    calls.add(call);
    return call.answer();
  }

  private static boolean answers(Cache cache) {
    var moment = new Cache.Kept("here", Instant.now().plusSeconds(1));
    return cache.putAll(Map.of("anybody", moment)).toCompletableFuture().join();
  }

  @AfterEach
  void close() {
    caches.forEach(Cache::close);
    scheduler.shutdownNow();
  }

  @AfterAll
  static void closeAll() {
    client.shutdown();
    redis.close();
    dataDir.close();
    database.close();
  }

  private Call next() throws InterruptedException {
    var call = calls.poll(10, TimeUnit.SECONDS);
    assertTrue(call != null, "nothing is asked");
    return call;
  }

  private static Finding finding(Asked asked) throws Exception {
    return asked.finding().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private String claim() {
    return String.valueOf(commands.get("claim:" + number));
  }

  private void await(BooleanSupplier condition) {
    var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "not so within 20 s");
    }
  }

  @Test
  void oneNumber_onTwoNodesAtOnce_isOneCall_andWhoWaitsTakesUpNoPlace() throws Exception {
    var first = node("first");
    var second = node("second");
    var asked = first.ask(number);
    var call = next();
    assertTrue(claim().startsWith("cfirst#"), claim());

    var other = second.ask(number);
    await(() -> second.gate.inside() == 0 && second.gate.waiting() == 0);
    assertTrue(calls.isEmpty());
    call.answer().complete(FOUND);

    assertEquals(MOVISTAR, finding(asked).operator());
    assertEquals(finding(asked), finding(other));
    assertTrue(calls.isEmpty());
    assertEquals(0, second.gate.inside());
  }

  @Test
  void answerThatIsNone_isHandedToWhoWantedItMeanwhile_andToNobodyLater() throws Exception {
    for (var answer : List.of(new Answer.Unknown("none"), new Answer.Failed("given up"))) {
      var first = node("first");
      var second = node("second");
      var asked = first.ask(number);
      var call = next();
      var meanwhile = second.ask(number);
      await(() -> second.gate.inside() == 0);
      call.answer().complete(answer);
      assertEquals(finding(asked), finding(meanwhile));
      await(() -> claim().startsWith("a"));

      var later = second.ask(number);
      next().answer().complete(new Answer.Unknown("still none"));
      assertEquals("still none", finding(later).reason());
      await(() -> !claim().startsWith("c"));
      commands.del("claim:" + number);
    }
  }

  @Test
  void numberStillInTheQueue_whenAnotherNodeHasTheAnswer_isNotAsked() throws Exception {
    var first = node("first");
    var second = node("second");
    second.gate.share(Gate.Share.NONE, Long.MAX_VALUE);
    var queued = second.ask(number);
    var asked = first.ask(number);
    next().answer().complete(new Answer.Unknown("none"));
    assertEquals("none", finding(asked).reason());
    await(() -> claim().startsWith("a"));

    second.gate.share(new Gate.Share(10, Double.POSITIVE_INFINITY), Long.MAX_VALUE);

    assertEquals("none", finding(queued).reason());
    assertTrue(calls.isEmpty());
  }

  @Test
  void cachedMeanwhile_isNotAsked_butByAReprocessing() throws Exception {
    var node = node("second");
    commands.set("phone:" + number, "Movistar");
    commands.expire("phone:" + number, Duration.ofDays(29));
    var cached = finding(node.ask(number));
    assertEquals(Source.CACHE, cached.source());
    var age = Duration.ofMillis(System.currentTimeMillis() - cached.answeredMs());
    assertEquals(1, age.plusMinutes(1).toDays(), "given a day ago: " + age);
    assertTrue(calls.isEmpty());

    var anew = node.ask(number, Instant.now().minusSeconds(5));
    next().answer().complete(FOUND);
    assertEquals(Source.SCRAPING, finding(anew).source());
  }

  @Test
  void reprocessing_onTwoNodesAtOnce_isOneCall() throws Exception {
    var first = node("first");
    var second = node("second");
    commands.set("phone:" + number, "Orange");
    var since = Instant.now();
    var asked = first.ask(number, since);
    var call = next();
    var other = second.ask(number, since);
    await(() -> second.gate.inside() == 0);
    call.answer().complete(FOUND);

    assertEquals(MOVISTAR, finding(asked).operator());
    assertEquals(MOVISTAR, finding(other).operator());
    assertTrue(calls.isEmpty());
  }

  @Test
  void nodeThatDies_itsClaimRunsOut_andTheOtherAsks() throws Exception {
    var second = node("second");
    commands.set("claim:" + number, "cdead", SetArgs.Builder.px(400));
    var asked = second.ask(number);
    await(() -> second.gate.inside() == 0);
    assertTrue(calls.isEmpty());

    next().answer().complete(FOUND);
    assertEquals(MOVISTAR, finding(asked).operator());
  }

  @Test
  void longCall_keepsItsClaim() throws Exception {
    var asked = node("first").ask(number);
    var call = next();
    commands.pexpire("claim:" + number, 2500); // as old as a renewal finds it
    await(() -> commands.pttl("claim:" + number) > 2500);

    call.answer().complete(FOUND);
    finding(asked);
    await(() -> claim().startsWith("a"));
  }

  private NumberClaims.Claimed claim(Node node) throws Exception {
    var claim = new NumberClaims.Claim(number, System.currentTimeMillis(), false);
    return node.claims.claim(claim).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private NumberClaims.Claimed.Granted granted(Node node) throws Exception {
    return assertInstanceOf(NumberClaims.Claimed.Granted.class, claim(node));
  }

  @Test
  void claimOfAnOlderQuestion_givenUp_leavesThatOfTheLaterOne() throws Exception {
    var node = node("first");
    var older = granted(node);
    var later = granted(node);

    node.claims.giveUp(older);
    node.claims.settle(older, Finding.of(new Answer.Unknown("none"), 1));
    assertEquals(NumberClaims.Claimed.Taken.TAKEN, claim(node("second")));

    node.claims.settle(later, Finding.of(new Answer.Unknown("none"), 1));
    await(() -> claim().startsWith("a"));
  }

  @Test
  void claimAfterAWhileWithout_isRenewedAsTheFirst() throws Exception {
    var renewals = new LinkedBlockingQueue<Runnable>();
    var byHand =
        new ScheduledThreadPoolExecutor(1) {
          @Override
          public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            renewals.add(command);
            return super.schedule(() -> {}, 0, unit);
          }
        };
    try (byHand) {
      var cache = node("first").cache;
      var claims =
          new NumberClaims(
              cache, new OperatorCatalogue(), "n", () -> false, byHand, InstantSource.system());
      var wish = new NumberClaims.Claim(number, System.currentTimeMillis(), false);
      for (var time = 0; time < 2; time++) {
        var claim = claims.claim(wish).toCompletableFuture().get(10, TimeUnit.SECONDS);
        commands.pexpire("claim:" + number, 2500);
        renewals.remove().run();
        await(() -> commands.pttl("claim:" + number) > 2500);
        var next = renewals.poll(10, TimeUnit.SECONDS);
        claims.giveUp((NumberClaims.Claimed.Granted) claim);
        next.run(); // nothing is held: no renewal follows
        assertTrue(renewals.isEmpty());
        await(() -> claim().equals("null"));
      }
    }
  }

  @Test
  void claimThatCannotBeRead_isNoReasonNotToAsk() throws Exception {
    var answer =
        "a%013d\u001fNO_SUCH_OUTCOME".formatted(Instant.now().plusSeconds(60).toEpochMilli());
    commands.set("claim:" + number, answer, SetArgs.Builder.px(60_000));

    var asked = node("first").ask(number);

    next().answer().complete(FOUND);
    assertEquals(MOVISTAR, finding(asked).operator());
  }

  @Test
  void callThatBreaksOff_leavesTheNumberToTheOther() throws Exception {
    var first = node("first");
    var second = node("second");
    var asked = first.ask(number);
    var call = next();
    var other = second.ask(number);
    await(() -> second.gate.inside() == 0);
    call.answer().completeExceptionally(new IllegalStateException("a bug"));
    assertThrows(CompletionException.class, () -> asked.finding().toCompletableFuture().join());

    next().answer().complete(FOUND);
    assertEquals(MOVISTAR, finding(other).operator());
  }

  @Test
  void withdraw_whileAnotherNodeAsks_endsTheWait() throws Exception {
    var second = node("second");
    commands.set("claim:" + number, "cother", SetArgs.Builder.px(60_000));
    var asked = second.ask(number);
    await(() -> second.gate.inside() == 0);

    asked.withdraw().run();

    assertThrows(
        CancellationException.class,
        () -> asked.finding().toCompletableFuture().get(10, TimeUnit.SECONDS));
    assertTrue(calls.isEmpty());
    assertEquals(0, second.gate.waiting());
  }

  @Test
  void withoutRedis_everyNodeAsksItself_andWithoutOtherNodesNothingIsClaimed() throws Exception {
    var lost = new Node("lost", "redis://127.0.0.1:1", false, this::called);
    var asked = lost.ask(number);
    next().answer().complete(FOUND);
    assertEquals(MOVISTAR, finding(asked).operator());

    var only = new Node("only", redis.url(), true, this::called);
    var other = only.ask(number);
    assertFalse(claim().startsWith("c"));
    next().answer().complete(FOUND);
    assertEquals(MOVISTAR, finding(other).operator());
  }

  @Test
  void thousandsOnBothNodes_areAskedOnceEach() {
    var asked = new AtomicInteger();
    OperatorSource source =
        _ -> {
          var answer = new CompletableFuture<Answer>();
          var found = asked.incrementAndGet() % 2 == 0;
          var _ =
              scheduler.schedule(
                  () -> answer.complete(found ? FOUND : new Answer.Unknown("none")),
                  10,
                  TimeUnit.MILLISECONDS);
          return answer;
        };
    var both = List.of(node("first", source), node("second", source));
    var base = 650_000_000;
    var findings = new ArrayList<CompletableFuture<Finding>>();
    for (var i = 0; i < 2000; i++) {
      for (var node : both) {
        findings.add(node.ask(base + i).finding().toCompletableFuture());
      }
    }

    CompletableFuture.allOf(findings.toArray(CompletableFuture<?>[]::new))
        .orTimeout(60, TimeUnit.SECONDS)
        .join();

    assertEquals(2000, asked.get());
    for (var i = 0; i < 2000; i++) {
      assertEquals(findings.get(2 * i).join().outcome(), findings.get(2 * i + 1).join().outcome());
    }
  }
}
