package io.centralita.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.centralita.lookup.PortalStats.Count;
import io.centralita.outside.Backoff;
import io.centralita.outside.Circuit;
import io.centralita.outside.Gate.Lane;
import io.centralita.outside.OutsideClient;
import io.centralita.outside.OutsideSettings;
import io.centralita.outside.Socks5;
import io.centralita.proxy.Exits;
import io.centralita.proxy.FixedExits;
import io.centralita.simulators.Certificate;
import io.centralita.simulators.Faults;
import io.centralita.simulators.PortalNumbering;
import io.centralita.simulators.PortalSimulator;
import io.centralita.simulators.SocksFaults;
import io.centralita.simulators.SocksSimulator;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortalSourceTest {

  private static final int LINE =
      numberWhere(a -> a instanceof PortalNumbering.Line l && !isNone(l));
  private static final Backoff QUICK = new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), 2);

  private final PortalSimulator portal = PortalSimulator.start(PortalSimulator.Options.LOOPBACK);
  private final SocksSimulator socks =
      SocksSimulator.start(
          SocksSimulator.Options.loopback("acme", "secret")
              .withNames(Map.of("portal.test", "127.0.0.1:" + portal.port())));
  private final OutsideClient outside = new OutsideClient(OutsideSettings.ORDINARY);
  private final ConcurrentLinkedQueue<Duration> throttles = new ConcurrentLinkedQueue<>();
  private final PortalSettings direct =
      PortalSettings.of(portal.webUrl(), portal.apiUrl(), true)
          .trying(3, Duration.ofSeconds(20), QUICK);
  private final PortalSettings proxied =
      PortalSettings.of(URI.create("http://portal.test"), URI.create("http://portal.test"), false)
          .trying(3, Duration.ofSeconds(20), QUICK)
          .goingRound(0);

  @AfterEach
  void close() {
    outside.close();
    socks.close();
    portal.close();
  }

  private PortalSource source(PortalSettings settings) {
    return source(settings, Exits.DIRECT);
  }

  private PortalSource source(PortalSettings settings, Exits exits) {
    return new PortalSource(
        outside, exits, settings, InstantSource.system(), new Random(1), throttles::add);
  }

  private FixedExits proxies(String password) {
    return new FixedExits(new Socks5(socks.host(), socks.port(), "user-acme", password));
  }

  private Answer ask(PortalSource source, int number) {
    return answered(source, new Question(number, "ana", () -> Lane.ORDINARY, () -> false)).join();
  }

  /** Puts the question again as long as it is to come again, and the portal answers somebody. */
  private CompletableFuture<Answer> answered(PortalSource source, Question question) {
    var result = new CompletableFuture<Answer>();
    put(source, question, result);
    return result;
  }

  private void put(PortalSource source, Question question, CompletableFuture<Answer> result) {
    source
        .ask(question)
        .whenComplete(
            (answer, failure) -> {
              if (answer != null) {
                result.complete(answer);
              } else if (failure instanceof OperatorSource.ComeAgainException again
                  && again.notBefore().isPositive()
                  && source.whyNobody().isEmpty()) {
                outside.after(again.notBefore()).thenRun(() -> put(source, question, result));
              } else {
                result.completeExceptionally(failure);
              }
            });
  }

  private String unreached(PortalSource source) {
    var thrown = assertThrows(CompletionException.class, () -> ask(source, LINE)).getCause();
    var nobody = assertInstanceOf(OperatorSource.ComeAgainException.class, thrown);
    return String.valueOf(nobody.getMessage());
  }

  private static boolean isNone(PortalNumbering.Line line) {
    return line.operator().isEmpty();
  }

  private static int numberWhere(Predicate<PortalNumbering.Answer> wanted) {
    return IntStream.range(600_000_000, 700_000_000)
        .filter(number -> wanted.test(PortalNumbering.answerFor(number)))
        .findFirst()
        .orElseThrow();
  }

  /** What the portal's truth is for us. */
  private static String truth(int number) {
    return switch (PortalNumbering.answerFor(number)) {
      case PortalNumbering.OwnLine _ -> "DIGI SPAIN TELECOM, S.L.";
      case PortalNumbering.Line line -> line.operator().orElse("none");
    };
  }

  private static String told(Answer answer) {
    return switch (answer) {
      case Answer.Found found -> found.operator().label();
      case Answer.Unknown _ -> "none";
      case Answer.Failed failed -> failed.reason();
    };
  }

  private void assertGivenUp(Faults.Kind fault, String why) {
    portal.faults(Faults.NONE.with(fault, 1));
    var source = source(direct);

    var answer = ask(source, LINE);

    var reason = assertInstanceOf(Answer.Failed.class, answer).reason();
    assertTrue(
        reason.matches("given up after 3 tries: (" + why + "), (" + why + "), (" + why + ")"),
        reason);
    assertEquals(3, portal.calls(LINE).asked());
    assertEquals(3, source.stats().snapshot().of(Count.SESSIONS_OPENED));
    assertEquals(0, source.stats().snapshot().sessions());
  }

  @Test
  void ask_thousandLinesAtOnce_givesThePortalsTruth() {
    var source = source(direct);
    var asks =
        IntStream.range(600_000_000, 600_001_000)
            .mapToObj(
                number ->
                    answered(source, new Question(number, "ana", () -> Lane.ORDINARY, () -> false)))
            .toList();

    var answers = asks.stream().map(CompletableFuture::join).toList();

    for (int i = 0; i < answers.size(); i++) {
      assertEquals(truth(600_000_000 + i), told(answers.get(i)));
    }
    assertEquals(1000, portal.stats().answered());
  }

  @Test
  void ask_oneAfterAnother_keepsOneSessionAndItsConnections() {
    var source = source(direct);

    IntStream.range(600_000_000, 600_000_050).forEach(number -> ask(source, number));

    assertEquals(1, portal.stats().logins());
    assertEquals(1, portal.stats().connections());
    assertEquals(1, source.stats().snapshot().sessions());
    source.close();
    assertEquals(0, source.stats().snapshot().sessions());
  }

  @Test
  void ask_sessionUsedUp_takesAnother() {
    var source = source(direct.withSessions(Duration.ofMinutes(9), 10));

    IntStream.range(600_000_000, 600_000_030).forEach(number -> ask(source, number));

    var opened = source.stats().snapshot().of(Count.SESSIONS_OPENED);
    assertTrue(opened >= 3 && opened <= 5, "opened " + opened); // 7 to 10 uses each
    assertEquals(1, source.stats().snapshot().sessions());
  }

  @Test
  void ask_noOperatorOfAnyName_isUnknown() {
    var number = numberWhere(a -> a instanceof PortalNumbering.Line line && isNone(line));

    var reason = assertInstanceOf(Answer.Unknown.class, ask(source(direct), number)).reason();

    assertTrue(reason.startsWith("the portal answered"), reason);
  }

  @Test
  void ask_operatorNotFound_isDigi() {
    var number = numberWhere(a -> a instanceof PortalNumbering.OwnLine);

    assertEquals(new Answer.Found(Operators.DIGI), ask(source(direct), number));
  }

  @Test
  void ask_tokenExpiresAgainAndAgain_renewsInTheSameSession() {
    portal.faults(Faults.NONE.withTokenLife(5, 0)); // 401 and 498 in turn
    var source = source(direct);

    IntStream.range(600_000_000, 600_000_050)
        .forEach(number -> assertEquals(truth(number), told(ask(source, number))));

    assertEquals(9, source.stats().snapshot().of(Count.RENEWED));
    assertEquals(1, source.stats().snapshot().of(Count.SESSIONS_OPENED));
    assertEquals(0, source.stats().snapshot().of(Count.TRIES_LOST));
    assertEquals(5, source.stats().snapshot().statuses().get(401));
    assertEquals(4, source.stats().snapshot().statuses().get(498));
  }

  @Test
  void ask_serverError_isGivenUp() {
    assertGivenUp(Faults.Kind.SERVER_ERROR, "50[023] from the portal");
  }

  @Test
  void ask_blocked_isGivenUp() {
    assertGivenUp(Faults.Kind.FORBIDDEN, "403 from the portal");
  }

  @Test
  void ask_pageInPlaceOfAnAnswer_isGivenUp() {
    assertGivenUp(Faults.Kind.HTML, "a page in place of an answer");
  }

  @Test
  void ask_truncatedJson_isGivenUp() {
    assertGivenUp(Faults.Kind.TRUNCATED, "malformed answer");
  }

  @Test
  void ask_malformedJson_isGivenUp() {
    assertGivenUp(Faults.Kind.MALFORMED, "malformed answer");
  }

  @Test
  void ask_cutAnswer_isGivenUp() {
    assertGivenUp(Faults.Kind.CUT, "connection cut");
  }

  @Test
  void ask_other404_isNoOperator() {
    assertGivenUp(Faults.Kind.NOT_FOUND_HTML, "404 from the portal");
  }

  @Test
  void ask_redirectedLookUp_isGivenUp() {
    assertGivenUp(Faults.Kind.REDIRECT, "302 from the portal");
  }

  @Test
  void ask_hangingPortal_isGivenUpInTime() {
    portal.faults(Faults.NONE.with(Faults.Kind.HANG, 1));
    var source = source(direct.trying(2, Duration.ofMillis(300), QUICK));

    assertEquals("given up after 2 tries: timeout, timeout", told(ask(source, LINE)));
    assertEquals(2, source.stats().snapshot().failures().get("TIMEOUT"));
  }

  @Test
  void ask_mixedFaults_answersAlmostAllAndNeverWrong() {
    portal.faults(
        Faults.NONE
            .with(Faults.Kind.SERVER_ERROR, 0.1)
            .with(Faults.Kind.CUT, 0.1)
            .with(Faults.Kind.HTML, 0.05)
            .with(Faults.Kind.NOT_FOUND_HTML, 0.05)
            .withTokenLife(20, 0)
            .withLoginFailures(0.05)
            .withCompress(true));
    var source =
        source(
            direct
                .trying(10, Duration.ofSeconds(20), QUICK)
                .opening(new Circuit.Settings(500, QUICK)));
    var asks =
        IntStream.range(600_000_000, 600_000_500)
            .mapToObj(
                number ->
                    answered(source, new Question(number, "ana", () -> Lane.ORDINARY, () -> false)))
            .toList();

    for (int i = 0; i < asks.size(); i++) {
      assertEquals(truth(600_000_000 + i), told(asks.get(i).join()));
    }
    assertTrue(source.stats().snapshot().of(Count.TRIES_LOST) > 50);
    assertTrue(source.stats().snapshot().sessions() <= 500);
  }

  @Test
  void ask_logInWithoutAToken_costsTheLineNoTry_untilNobodyIsAsked() {
    portal.faults(Faults.NONE.withLoginFailures(1));

    var reason = unreached(source(direct));

    assertTrue(reason.contains("log-in without a token, "), reason);
    assertEquals(0, portal.calls(LINE).asked());
    assertEquals(5, portal.stats().failedLogins());
  }

  @Test
  void ask_tooManyRequests_waitsAsToldAndAnswers() {
    portal.faults(Faults.NONE.withRequestsPerSecond(4));
    var source = source(direct);

    assertEquals(truth(LINE), told(ask(source, LINE)));
    assertEquals(truth(LINE + 1), told(ask(source, LINE + 1)));
    assertEquals(truth(LINE + 2), told(ask(source, LINE + 2)));

    assertTrue(source.stats().snapshot().of(Count.THROTTLED) > 0);
    assertEquals(0, source.stats().snapshot().of(Count.TRIES_LOST));
    assertEquals(Duration.ofSeconds(1), throttles.peek());
  }

  @Test
  void ask_tooManyRequestsForEver_isGivenUp() {
    portal.faults(Faults.NONE.withRequestsPerSecond(0.001));
    var source = source(direct.bearing(4, Duration.ofMillis(5)));

    var reason = told(ask(source, LINE));

    assertTrue(reason.endsWith("429 from the portal, 429 from the portal"), reason);
    assertEquals(7, source.stats().snapshot().of(Count.THROTTLED));
    assertEquals(3, source.stats().snapshot().of(Count.TRIES_LOST));
  }

  @Test
  void ask_cancelledBefore_asksNobody() {
    var asked =
        answered(source(direct), new Question(LINE, "ana", () -> Lane.ORDINARY, () -> true));

    assertThrows(CancellationException.class, asked::join);
    assertEquals(0, portal.stats().requests());
  }

  @Test
  void ask_cancelledBetweenTries_stops() {
    portal.faults(Faults.NONE.with(Faults.Kind.SERVER_ERROR, 1));
    var calls = new AtomicInteger();
    var source = source(direct);

    // asked before the first try, the first wait and the second try
    var asked =
        answered(
            source,
            new Question(LINE, "ana", () -> Lane.ORDINARY, () -> calls.incrementAndGet() == 2));

    assertThrows(CancellationException.class, asked::join);
    assertEquals(1, portal.calls(LINE).asked());
    assertEquals(0, source.stats().snapshot().sessions());
  }

  @Test
  void ask_listenerThatThrows_failsTheStageAndLeaksNoSession() {
    portal.faults(Faults.NONE.withRequestsPerSecond(0.001));
    PortalSource.RateListener broken =
        _ -> {
          throw new IllegalStateException("a bug");
        };
    var source =
        new PortalSource(
            outside, Exits.DIRECT, direct, InstantSource.system(), new Random(1), broken);
    var asked = answered(source, new Question(LINE, "ana", () -> Lane.ORDINARY, () -> false));

    // the burst lets one request through, the next one meets the limit and so the listener
    var thrown = assertThrows(CompletionException.class, asked::join).getCause();
    assertEquals("a bug", assertInstanceOf(IllegalStateException.class, thrown).getMessage());
    assertEquals(0, source.stats().snapshot().sessions());
  }

  @Test
  void ask_notNineDigits_isRefusedWithoutSayingTheNumber() {
    var source = source(direct);
    var refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> source.ask(new Question(60_012_345, "ana", () -> Lane.ORDINARY, () -> false)));
    assertEquals("a line has nine national digits", refused.getMessage());
  }

  @Test
  void ask_untrustedCertificate_isNeverAccepted() {
    try (var certificate = Certificate.of("127.0.0.1");
        var secure = PortalSimulator.start(PortalSimulator.Options.LOOPBACK.withTls(certificate))) {
      var settings =
          PortalSettings.of(secure.webUrl(), secure.apiUrl(), true)
              .trying(1, Duration.ofSeconds(20), QUICK);

      var reason = unreached(source(settings));

      assertTrue(reason.contains("TLS failed"), reason);
      assertEquals(0, secure.stats().requests());
    }
  }

  @Test
  void ask_throughProxies_namesASessionEachAndLeavesTheNameToTheProxy() {
    var source = source(proxied, proxies("secret"));
    var asks =
        IntStream.range(600_000_000, 600_000_200)
            .mapToObj(
                number ->
                    answered(source, new Question(number, "ana", () -> Lane.ORDINARY, () -> false)))
            .toList();

    for (int i = 0; i < asks.size(); i++) {
      assertEquals(truth(600_000_000 + i), told(asks.get(i).join()));
    }

    var stats = socks.stats();
    assertEquals(0, stats.byAddress());
    assertEquals(
        source.stats().snapshot().of(Count.SESSIONS_OPENED), stats.connectionsByUser().size());
    assertTrue(
        stats.connectionsByUser().keySet().stream()
            .allMatch(u -> u.matches("user-acme-region-es-sessid-[a-z0-9]{12}-sesstime-10")));
    assertTrue(stats.connectionsByUser().values().stream().allMatch(n -> n == 1));
  }

  @Test
  void ask_eachTry_comesThroughAnotherSession() {
    portal.faults(Faults.NONE.with(Faults.Kind.SERVER_ERROR, 1));

    ask(source(proxied, proxies("secret")), LINE);

    assertEquals(3, socks.stats().connectionsByUser().size());
    assertEquals(3, portal.calls(LINE).asked());
  }

  @Test
  void ask_proxyRefusesTheLogin_isGivenUp() {
    var reason = told(ask(source(proxied, proxies("wrong")), LINE));

    assertEquals(
        "given up after 3 tries: proxy refused the login, proxy refused the login,"
            + " proxy refused the login",
        reason);
    assertEquals(0, portal.stats().requests());
  }

  @ParameterizedTest
  @CsvSource({
    "GENERAL_FAILURE,proxy failed (failure)",
    "NETWORK_UNREACHABLE,proxy failed (network unreachable)",
    "HOST_UNREACHABLE,proxy failed (host unreachable)",
    "CONNECTION_REFUSED,proxy failed (connection refused)",
    "DROP_AFTER_HANDSHAKE,connection cut",
    "DROP_MID_STREAM,connection cut"
  })
  void ask_proxyFails_isGivenUpWithTheReason(SocksFaults.Kind fault, String why) {
    socks.faults(SocksFaults.NONE.with(fault, 1));
    var source = source(proxied.trying(1, Duration.ofSeconds(20), QUICK), proxies("secret"));

    assertEquals("given up after 1 try: " + why, told(ask(source, LINE)));
  }

  @Test
  void ask_proxyHangs_isGivenUpInTime() {
    socks.faults(SocksFaults.NONE.with(SocksFaults.Kind.HANG, 1));
    var settings = proxied.trying(1, Duration.ofMillis(200), QUICK);

    assertEquals(
        "given up after 1 try: timeout", told(ask(source(settings, proxies("secret")), LINE)));
  }

  @Test
  void ask_cancelFlagSetMeanwhile_stillAnswersWhatIsUnderWay() {
    var cancelled = new AtomicBoolean();
    portal.faults(Faults.NONE.withLatency(20, 20));
    var asked =
        answered(source(direct), new Question(LINE, "ana", () -> Lane.ORDINARY, cancelled::get));
    cancelled.set(true);

    assertEquals(truth(LINE), told(asked.join()));
  }

  @Test
  void ask_proxyFailsNowAndThen_costsTheLineNoTry() {
    socks.faults(SocksFaults.NONE.with(SocksFaults.Kind.GENERAL_FAILURE, 0.5));
    var settings =
        proxied
            .trying(1, Duration.ofSeconds(20), QUICK)
            .goingRound(20)
            .opening(new Circuit.Settings(500, QUICK));
    var source = source(settings, proxies("secret"));
    var asks =
        IntStream.range(600_000_000, 600_000_100)
            .mapToObj(
                number ->
                    answered(source, new Question(number, "ana", () -> Lane.ORDINARY, () -> false)))
            .toList();

    for (int i = 0; i < asks.size(); i++) {
      assertEquals(truth(600_000_000 + i), told(asks.get(i).join()));
    }
    assertTrue(source.stats().snapshot().of(Count.DETOURS) > 10);
    assertEquals(0, source.stats().snapshot().of(Count.TRIES_LOST));
  }

  @Test
  void ask_proxyAlwaysFails_goesRoundSoOftenAndThenLosesTries() {
    socks.faults(SocksFaults.NONE.with(SocksFaults.Kind.GENERAL_FAILURE, 1));

    var answer =
        ask(
            source(
                proxied.goingRound(4).opening(new Circuit.Settings(500, QUICK)), proxies("secret")),
            LINE);

    assertTrue(told(answer).startsWith("given up after 3 tries: proxy failed"), told(answer));
    assertEquals(7, socks.stats().connectionsByUser().size());
  }

  @Test
  void ask_noExit_saysSoAndIsNoTry() {
    var exits = new FixedExits(null).close("every proxy is open");
    var source = source(proxied, exits);
    var asked = answered(source, new Question(LINE, "ana", () -> Lane.ORDINARY, () -> false));
    var heard = new ConcurrentLinkedQueue<String>();

    var thrown = assertThrows(CompletionException.class, asked::join).getCause();

    var none = assertInstanceOf(OperatorSource.ComeAgainException.class, thrown);
    assertEquals("every proxy is open", none.getMessage());
    assertEquals(0, source.stats().snapshot().of(Count.TRIES_LOST));
    assertFalse(source.ready("ana", Lane.ORDINARY, heard::add).toCompletableFuture().isDone());
    assertEquals("every proxy is open", heard.peek());
  }

  private static CompletableFuture<Void> ready(PortalSource source, String owner, Lane lane) {
    return source.ready(owner, lane, _ -> {}).toCompletableFuture();
  }

  @Test
  void ready_noExit_passesWhereASessionIsIdle() {
    var exits = proxies("secret");
    var source = source(proxied, exits);
    ask(source, LINE);
    exits.close("lends all its sessions");

    assertTrue(ready(source, "eva", Lane.ORDINARY).isDone());
    assertEquals(truth(LINE + 1), told(ask(source, LINE + 1)));
    assertEquals(1, source.stats().snapshot().of(Count.SESSIONS_OPENED));
  }

  @Test
  void sweep_sessionThatNobodyUses_givesItsExitBack_butADirectOneKeepsNobodyOut() {
    var throughProxy = source(proxied, proxies("secret"));
    var straight = source(direct);
    ask(throughProxy, LINE);
    ask(straight, LINE);
    var now = Instant.now();

    List.of(throughProxy, straight).forEach(s -> s.sessions().sweep(now.plusSeconds(25)));
    assertEquals(1, throughProxy.stats().snapshot().sessions());

    List.of(throughProxy, straight).forEach(s -> s.sessions().sweep(now.plusSeconds(35)));
    assertEquals(0, throughProxy.stats().snapshot().sessions());
    assertEquals(1, straight.stats().snapshot().sessions());
  }

  @Test
  void sweep_sessionThatIsTooOld_isClosed() {
    var source = source(direct.withSessions(Duration.ofMinutes(9), 10));
    ask(source, LINE);

    source.sessions().sweep(Instant.now().plus(Duration.ofMinutes(10)));

    assertEquals(0, source.stats().snapshot().sessions());
  }

  @Test
  void ask_tooManyRequests_showsThatThePortalIsThere() {
    var source = source(direct.opening(new Circuit.Settings(2, QUICK)));
    ask(source, LINE);
    portal.faults(Faults.NONE.withRequestsPerSecond(0.001));

    while (source.stats().snapshot().of(Count.THROTTLED) == 0) {
      source.circuit().answered();
      source.circuit().failed("connection cut");
      source
          .ask(new Question(LINE, "ana", () -> Lane.ORDINARY, () -> false))
          .handle((_, throttled) -> throttled)
          .toCompletableFuture()
          .join();
    }
    source.circuit().failed("connection cut");

    assertFalse(source.circuit().isOpen(), "two failures, but not in a row");
  }

  @Test
  void ready_oneSession_isPassedOnToOneAfterAnother_personsFirst_ownersInTurn() {
    var exits = proxies("secret");
    var source = source(proxied, exits);
    portal.faults(Faults.NONE.withLatency(50, 50));
    var underWay =
        source
            .ask(new Question(LINE, "ana", () -> Lane.ORDINARY, () -> false))
            .toCompletableFuture();
    exits.close("lends all its sessions");
    var anas = Stream.generate(() -> ready(source, "ana", Lane.ORDINARY)).limit(2).toList();
    var evas = ready(source, "eva", Lane.ORDINARY);
    var persons = ready(source, "ana", Lane.URGENT);
    var order = List.of(persons, anas.getFirst(), evas, anas.getLast());
    assertTrue(order.stream().noneMatch(CompletableFuture::isDone));

    underWay.join();

    for (var i = 0; i < order.size(); i++) {
      assertEquals(i + 1, order.stream().filter(CompletableFuture::isDone).count());
      assertTrue(order.get(i).isDone());
      ask(source, LINE + i); // by the one who was let go on
    }
    assertEquals(1, source.stats().snapshot().of(Count.SESSIONS_OPENED));
  }

  @Test
  void ask_throttledInAnOpenSession_keepsTheSession() {
    portal.faults(Faults.NONE.withRequestsPerSecond(5));
    var source = source(direct.bearing(20, Duration.ofMillis(300)));

    for (int i = 0; i < 8; i++) {
      assertEquals(truth(LINE + i), told(ask(source, LINE + i)));
    }

    assertTrue(source.stats().snapshot().of(Count.THROTTLED) > 0);
    assertTrue(portal.stats().logins() <= 2, "logins " + portal.stats().logins());
  }

  @Test
  void ask_portalTakesNoConnection_isNoLinesFault_andTheLineIsAskedForWhenItDoes() {
    var circuit = new Circuit.Settings(3, QUICK);
    var source = source(direct.opening(circuit));
    var heard = new ConcurrentLinkedQueue<String>();
    portal.close();

    var reason = unreached(source);

    assertTrue(reason.contains("connection failed"), reason);
    assertEquals(0, source.stats().snapshot().of(Count.FAILED));
    try (var again =
        PortalSimulator.start(PortalSimulator.Options.LOOPBACK.withPort(portal.port()))) {
      var answer = new AtomicReference<Answer>();
      while (answer.get() == null) {
        source.ready("ana", Lane.ORDINARY, heard::add).toCompletableFuture().join();
        source
            .ask(new Question(LINE, "ana", () -> Lane.ORDINARY, () -> false))
            .handle(
                (answered, _) -> {
                  answer.set(answered);
                  return answered;
                })
            .toCompletableFuture()
            .join();
      }
      assertEquals(truth(LINE), told(answer.get()));
      assertEquals(1, again.stats().answered());
    }
  }
}
