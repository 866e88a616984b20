package io.centralita.jobs;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.centralita.actor.Cause;
import io.centralita.actor.EntityOrder;
import io.centralita.actor.Inspection;
import io.centralita.actor.LiveEntities;
import io.centralita.db.Db;
import io.centralita.jobs.RunCommand.Again;
import io.centralita.jobs.RunState.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The long run with a journal in memory, its events serialized as they are in the real one. */
final class RunTest {
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
  private static final Map<String, Long> TEN_FOUND = Map.of("FOUND", 10L);

  /** A window under way: the test decides how it ends. */
  private record Given(RunKind.Window window, CompletableFuture<RunKind.Finished> end) {
    void finish(Map<String, Long> counts, boolean settled) {
      end.complete(new RunKind.Finished(counts, settled));
    }
  }

  private final BlockingQueue<Given> given = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedQueue<Progress> shown = new ConcurrentLinkedQueue<>();
  private volatile Supplier<CompletionStage<Boolean>> written = () -> completedFuture(true);
  private final ConcurrentLinkedQueue<String> removed = new ConcurrentLinkedQueue<>();
  private final TestProbe<ClusterSharding.ShardCommand> shard = kit.createTestProbe();
  private final RunKind kind =
      new RunKind(
          EntityTypeKey.create(RunCommand.class, "TestRun"),
          this::work,
          new View(),
          Set.of("FOUND"),
          2,
          new RunKind.Retry(Duration.ofMillis(10), Duration.ofMillis(50)));
  private final LiveEntities live = new LiveEntities();
  private ActorRef<Pace.Message> pace;
  private ActorRef<RunCommand> run;

  private CompletionStage<RunKind.Finished> work(RunKind.Window window) {
    var end = new CompletableFuture<RunKind.Finished>();
    given.add(new Given(window, end));
    return end;
  }

  private final class View implements RunKind.View {
    @Override
    public CompletionStage<?> show(Progress progress) {
      shown.add(progress);
      return written.get();
    }

    @Override
    public CompletionStage<?> remove(String id) {
      removed.add(id);
      return completedFuture(true);
    }
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void spawn() {
    journal.clearAll();
    pace = kit.spawn(Pace.create(4));
    run = spawnRun();
  }

  @AfterEach
  void end() {
    kit.stop(run);
    kit.stop(pace);
  }

  private ActorRef<RunCommand> spawnRun() {
    return kit.spawn(Run.create(kind, "1", pace, shard.getRef(), live, InstantSource.system()));
  }

  private StatusReply<Progress> ask(Function<ActorRef<StatusReply<Progress>>, RunCommand> command) {
    var probe = kit.<StatusReply<Progress>>createTestProbe();
    run.tell(command.apply(probe.getRef()));
    return probe.receiveMessage(Duration.ofSeconds(10));
  }

  private Progress start(int windows, Again again) {
    return ask(to -> new RunCommand.Start("ana", windows, windows * 10L, again, ANA, to))
        .getValue();
  }

  private Progress get() {
    return ask(RunCommand.Get::new).getValue();
  }

  private Given next() throws InterruptedException {
    return present(given.poll(10, TimeUnit.SECONDS), "no window was given out");
  }

  private static <T> T present(@Nullable T value, String message) {
    if (value == null) {
      throw new AssertionError(message);
    }
    return value;
  }

  /** Waits until the run says so; its answers come in order, so asking is waiting. */
  private Progress await(java.util.function.Predicate<Progress> condition) {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    var progress = get();
    while (!condition.test(progress)) {
      assertTrue(System.nanoTime() < deadline, () -> "never came to it: " + get());
      progress = get();
    }
    return progress;
  }

  @Test
  void start_givesOutTwoWindowsAtOnce_andTheNextWhenOneIsDone() throws Exception {
    assertEquals(Status.PROCESSING, start(3, Again.UNSETTLED).status());
    var first = next();
    var second = next();
    assertNull(given.poll());

    first.finish(TEN_FOUND, true);
    var third = next();
    second.finish(TEN_FOUND, true);
    third.finish(Map.of("FOUND", 9L, "UNKNOWN", 1L), false);

    var done = await(progress -> progress.status() == Status.COMPLETED);
    assertEquals(Map.of("FOUND", 29L, "UNKNOWN", 1L), done.counts());
    assertEquals(30, done.dealtWith());
    assertEquals(2, third.window().number());
  }

  @Test
  void lane_standsStill_keepsWhatItHasAndNoMore() throws Exception {
    ask(to -> new RunCommand.Start("ana", 6, 2, 60, Again.UNSETTLED, ANA, to));
    var one = next();
    var other = next();
    assertEquals(Set.of(0, 3), Set.of(one.window().number(), other.window().number()));
    var stuck = one.window().number() == 0 ? one : other;
    var moving = one.window().number() == 0 ? other : one;

    moving.finish(TEN_FOUND, true);
    var second = next();
    assertEquals(4, second.window().number());
    second.finish(TEN_FOUND, true);
    var third = next();
    assertEquals(5, third.window().number());
    third.finish(TEN_FOUND, true);

    var rest = next();
    assertEquals(1, rest.window().number());
    stuck.finish(TEN_FOUND, true);
    rest.finish(TEN_FOUND, true);
    next().finish(TEN_FOUND, true);
    assertEquals(60, await(now -> now.status() == Status.COMPLETED).dealtWith());
  }

  @Test
  void restart_goesOnWithTheWindowsThatAreNotDone_countingNoneTwice() throws Exception {
    start(3, Again.UNSETTLED);
    var first = next();
    var second = next();
    first.finish(TEN_FOUND, true);
    await(progress -> progress.dealtWith() == 10);
    kit.stop(run);

    run = spawnRun();

    // What the stopped run had under way comes too late; it is done again.
    second.finish(TEN_FOUND, true);
    var done = first.window().number(); // of the three; the first two may come in either order
    assertEquals(
        0 + 1 + 2,
        done + nextUncancelled().window().number() + nextUncancelled().window().number());
    assertEquals(10, get().dealtWith());
  }

  private Given nextUncancelled() throws InterruptedException {
    var window = next();
    while (window.window().cancelled().getAsBoolean()) {
      window = next();
    }
    return window;
  }

  @Test
  void pause_cancelsWhatIsUnderWay_andGivesOutNothingUntilResumed() throws Exception {
    start(2, Again.UNSETTLED);
    var first = next();
    var cancelled = new CompletableFuture<Boolean>();
    first.window().onCancel().accept(() -> cancelled.complete(true));
    next();

    var paused =
        ask(to -> new RunCommand.Pause(new Cause("bea", "quota", "r2"), null, to)).getValue();

    assertEquals(Status.PAUSED, paused.status());
    assertEquals("bea", present(paused.pause(), "pause").cause().by());
    assertEquals("quota", present(paused.pause(), "pause").cause().reason());
    assertTrue(cancelled.get(10, TimeUnit.SECONDS));
    assertNull(given.poll());
    ask(to -> new RunCommand.Resume(ANA, to));
    assertEquals(1, next().window().number() + next().window().number());
  }

  @Test
  void pause_survivesRestart() throws Exception {
    start(1, Again.UNSETTLED);
    next();
    ask(to -> new RunCommand.Pause(ANA, null, to));
    kit.stop(run);

    run = spawnRun();

    assertEquals(Status.PAUSED, get().status());
    assertNull(given.poll());
  }

  @Test
  void pauseWithAnEnd_goesOnByItself_alsoAfterARestart() throws Exception {
    start(1, Again.UNSETTLED);
    next();
    var until = Instant.now().plusMillis(300);
    ask(to -> new RunCommand.Pause(ANA, until, to));
    kit.stop(run);

    run = spawnRun();

    assertEquals(0, next().window().number());
    assertFalse(Instant.now().isBefore(until));
    assertEquals(Status.PROCESSING, get().status());
  }

  @Test
  void pauseUntilAFarDay_survivesARestart_andCanBeEndedBefore() throws Exception {
    start(1, Again.UNSETTLED);
    next();
    ask(to -> new RunCommand.Pause(ANA, Instant.parse("9999-01-01T00:00:00Z"), to));
    kit.stop(run);

    run = spawnRun();

    assertEquals(Status.PAUSED, get().status());
    assertTrue(ask(to -> new RunCommand.Resume(ANA, to)).isSuccess());
    next().finish(TEN_FOUND, true);
    await(progress -> progress.status() == Status.COMPLETED);
  }

  @Test
  void refusals_sayWhy_andChangeNothing() throws Exception {
    assertEquals(
        "it cannot be paused: it is pending",
        ask(to -> new RunCommand.Pause(ANA, null, to)).getError().getMessage());
    start(1, Again.UNSETTLED);
    next();
    assertEquals(
        "it cannot be resumed: it is processing",
        ask(to -> new RunCommand.Resume(ANA, to)).getError().getMessage());
    assertEquals(
        "the pause would end before it begins",
        ask(to -> new RunCommand.Pause(ANA, Instant.EPOCH, to)).getError().getMessage());
    ask(to -> new RunCommand.Pause(ANA, null, to));
    var revision = get().revision();

    assertEquals(
        "it is paused already",
        ask(to -> new RunCommand.Pause(ANA, null, to)).getError().getMessage());

    assertEquals(revision, get().revision());
  }

  @Test
  void start_more_extends_repeated_changesNothing() throws Exception {
    var revision = start(1, Again.UNSETTLED).revision();
    next();

    assertEquals(revision, start(1, Again.UNSETTLED).revision());
    assertEquals(20, start(2, Again.UNSETTLED).items());

    assertEquals(1, next().window().number());
  }

  @Test
  void start_completed_doesOnlyUnsettledWindowsAgain_keepingWhatWasFinal() throws Exception {
    start(2, Again.UNSETTLED);
    var windows = Map.of(0, next(), 1, next());
    windows.values().forEach(window -> assertEquals(1, window.window().round()));
    for (var window : windows.values()) {
      if (window.window().number() == 0) {
        window.finish(TEN_FOUND, true);
      } else {
        window.finish(Map.of("FOUND", 7L, "FAILED", 3L), false);
      }
    }
    await(progress -> progress.status() == Status.COMPLETED);

    var again = start(2, Again.UNSETTLED);

    assertEquals(Map.of("FOUND", 17L), again.counts());
    var retried = next();
    assertEquals(1, retried.window().number());
    assertEquals(2, retried.window().round());
    assertEquals(1, retried.window().freshRound());
    retried.finish(Map.of("FOUND", 2L, "FAILED", 1L), false);
    var done = await(progress -> progress.status() == Status.COMPLETED);
    assertEquals(Map.of("FOUND", 19L, "FAILED", 1L), done.counts());
  }

  @Test
  void start_all_doesEverythingAgain_andTakesNoAnswerOfTheRoundBefore() throws Exception {
    start(2, Again.UNSETTLED);
    var old = next();
    next();

    var again = start(2, Again.ALL);

    assertEquals(2, again.round());
    var first = next();
    var second = next();
    assertEquals(2, first.window().freshRound());
    present(first.window().since(), "answers from before do not count");
    old.finish(TEN_FOUND, true);
    first.finish(TEN_FOUND, true);
    second.finish(TEN_FOUND, true);
    assertEquals(20, await(progress -> progress.status() == Status.COMPLETED).dealtWith());
  }

  @Test
  void start_all_ofANewRun_takesNoOlderAnswers() throws Exception {
    start(1, Again.ALL);

    present(next().window().since(), "answers from before do not count");
  }

  @Test
  void start_overtakenByALaterDelivery_takesNothingAway() throws Exception {
    start(3, Again.UNSETTLED);

    var overtaken = start(2, Again.UNSETTLED);

    assertEquals(3, overtaken.windows());
    assertEquals(30, overtaken.items());
    next().finish(TEN_FOUND, true);
    next().finish(TEN_FOUND, true);
    next().finish(TEN_FOUND, true);
    assertEquals(30, await(progress -> progress.status() == Status.COMPLETED).dealtWith());
  }

  @Test
  void failedWindow_isTriedAgain_andSaysWhatItWaitsFor() throws Exception {
    start(1, Again.UNSETTLED);

    next().end().completeExceptionally(new IllegalStateException("the database is away"));

    await(progress -> progress.waiting().contains("the database is away"));
    next().finish(TEN_FOUND, true);
    var done = await(progress -> progress.status() == Status.COMPLETED);
    assertEquals("", done.waiting());
    assertEquals(10, done.dealtWith());
  }

  @Test
  void databaseAway_isToldInWords_withoutTheStatement() throws Exception {
    var away = new PGSimpleDataSource();
    away.setURL("jdbc:postgresql://127.0.0.1:1/none");
    var failure =
        assertThrows(
            CompletionException.class,
            new Db(away, Runnable::run).update("UPDATE secrets", _ -> {}).toCompletableFuture()
                ::join);
    start(1, Again.UNSETTLED);

    next().end().completeExceptionally(failure);

    var waits = await(progress -> !progress.waiting().isEmpty());
    assertEquals("an error, tried again: the database does not answer", waits.waiting());
  }

  @Test
  void windowsThatWaitForTheFirst_doNotHideWhyThatFails() throws Exception {
    start(2, Again.UNSETTLED);
    var one = next();
    var other = next();
    var ordered = one.window().number() == 0;
    var first = ordered ? one : other;
    var second = ordered ? other : one;

    second.window().waiting().accept("the windows before it");
    first.end().completeExceptionally(new IllegalStateException("no luck"));

    await(progress -> progress.waiting().contains("no luck"));
  }

  /** The run with a pace that the test plays: it grants nothing by itself. */
  private TestProbe<Pace.Message> runWithPlayedPace() {
    kit.stop(run);
    var played = kit.<Pace.Message>createTestProbe();
    run =
        kit.spawn(
            Run.create(kind, "1", played.getRef(), shard.getRef(), live, InstantSource.system()));
    played.expectMessage(new Pace.Withdraw(run)); // it begins with nothing
    return played;
  }

  private void grant(TestProbe<Pace.Message> played) {
    played.expectMessage(new Pace.Request("ana", run));
    run.tell(RunCommand.Granted.SLOT);
  }

  @Test
  void failedWindow_givesItsSlotBack_andIsNotTriedAgainWithoutOne() throws Exception {
    var played = runWithPlayedPace();
    start(1, Again.UNSETTLED);
    grant(played);

    next().end().completeExceptionally(new IllegalStateException("no luck"));

    played.expectMessage(new Pace.Release(run));
    played.expectMessage(new Pace.Request("ana", run));
    get();
    assertNull(given.poll());
    run.tell(RunCommand.Granted.SLOT);
    next().finish(TEN_FOUND, true);
    await(progress -> progress.status() == Status.COMPLETED);
    played.expectMessage(new Pace.Release(run));
  }

  @Test
  void windowThatWaits_givesItsSlotBack_andAsksForOneWhenItMoves() throws Exception {
    var played = runWithPlayedPace();
    start(1, Again.UNSETTLED);
    grant(played);
    var window = next();

    window.window().waiting().accept("the platform is down");

    played.expectMessage(new Pace.Release(run));
    assertEquals("the platform is down", get().waiting());
    window.window().waiting().accept("");
    played.expectMessage(new Pace.Request("ana", run));
    run.tell(RunCommand.Granted.SLOT);
    window.finish(TEN_FOUND, true);
    played.expectMessage(new Pace.Release(run));
    assertEquals(10, await(progress -> progress.status() == Status.COMPLETED).dealtWith());
  }

  @Test
  void slotForAWindowThatWaitsAgain_isGivenBack() throws Exception {
    var played = runWithPlayedPace();
    start(1, Again.UNSETTLED);
    grant(played);
    var window = next();
    window.window().waiting().accept("the platform is down");
    played.expectMessage(new Pace.Release(run));
    window.window().waiting().accept("");
    played.expectMessage(new Pace.Request("ana", run));

    window.window().waiting().accept("it is down again");
    run.tell(RunCommand.Granted.SLOT);

    played.expectMessage(new Pace.Release(run));
    window.finish(TEN_FOUND, true); // without a slot, so it has none to give back
    await(progress -> progress.status() == Status.COMPLETED);
    played.expectNoMessage();
  }

  @Test
  void windowsThatWaitForOneThatMoves_keepTheirSlots() throws Exception {
    var played = runWithPlayedPace();
    start(2, Again.UNSETTLED);
    grant(played);
    var first = next();
    grant(played);
    var second = next();

    second.window().waiting().accept("the windows before it");

    assertEquals("", get().waiting());
    played.expectNoMessage();
    first.finish(TEN_FOUND, true);
    second.window().waiting().accept("");
    second.finish(TEN_FOUND, true);
    await(progress -> progress.status() == Status.COMPLETED);
    assertEquals(1, first.window().number() + second.window().number());
  }

  @Test
  void allWindowsWait_theFirstIsKept_andTheOtherEndsBeforeItIsBegunAgain() throws Exception {
    start(2, Again.UNSETTLED);
    var one = next();
    var other = next();
    var first = one.window().number() == 0 ? one : other;
    var second = one.window().number() == 0 ? other : one;
    var givenUp = new CompletableFuture<Boolean>();
    second.window().onCancel().accept(() -> givenUp.complete(true));

    first.window().waiting().accept("the platform is down");
    second.window().waiting().accept("the platform is down");

    assertTrue(givenUp.get(10, TimeUnit.SECONDS));
    first.window().waiting().accept("");
    get();
    assertNull(given.poll()); // what the other has under way might be done twice
    second.end().completeExceptionally(new IllegalStateException("given up"));
    var again = next();
    assertEquals(1, again.window().number());
    assertFalse(first.window().cancelled().getAsBoolean());
    first.finish(TEN_FOUND, true);
    again.finish(TEN_FOUND, true);
    assertEquals(20, await(progress -> progress.status() == Status.COMPLETED).dealtWith());
  }

  @Test
  void windowGivenUp_finishesAllTheSame_andCounts() throws Exception {
    start(2, Again.UNSETTLED);
    var one = next();
    var other = next();
    var first = one.window().number() == 0 ? one : other;
    var second = one.window().number() == 0 ? other : one;
    var givenUp = new CompletableFuture<Boolean>();
    second.window().onCancel().accept(() -> givenUp.complete(true));
    first.window().waiting().accept("the platform is down");
    second.window().waiting().accept("the platform is down");
    assertTrue(givenUp.get(10, TimeUnit.SECONDS));

    second.finish(TEN_FOUND, true);

    assertEquals(10, await(progress -> progress.dealtWith() == 10).dealtWith());
    first.finish(TEN_FOUND, true);
    await(progress -> progress.status() == Status.COMPLETED);
    assertNull(given.poll());
  }

  @Test
  void laneThatWaits_leavesTheRestOfTheWidthToTheOther() throws Exception {
    ask(to -> new RunCommand.Start("ana", 6, 2, 60, Again.UNSETTLED, ANA, to));
    var one = next();
    var other = next();
    var waits = one.window().number() == 0 ? one : other;
    var moves = one.window().number() == 0 ? other : one;
    waits.window().waiting().accept("its platform is down");
    assertEquals("", get().waiting());

    moves.finish(TEN_FOUND, true);
    for (var window = 4; window < 6; window++) {
      var later = next();
      assertEquals(window, later.window().number());
      later.finish(TEN_FOUND, true);
    }

    await(progress -> progress.waiting().equals("its platform is down"));
    assertNull(given.poll()); // of the other lane, too
    waits.window().waiting().accept("");
    assertEquals(1, next().window().number());
  }

  @Test
  void failureForGood_endsTheRun_untilItIsResumed() throws Exception {
    start(1, Again.UNSETTLED);

    next().end().completeExceptionally(new RunKind.RunFailedException("no such column"));

    var failed = await(progress -> progress.status() == Status.FAILED);
    assertEquals("no such column", failed.failure());
    ask(to -> new RunCommand.Resume(ANA, to));
    next().finish(TEN_FOUND, true);
    await(progress -> progress.status() == Status.COMPLETED);
  }

  @Test
  void remove_running_stopsItsWork_andForgetsEverything() throws Exception {
    start(1, Again.UNSETTLED);
    var window = next().window();
    var cancelled = new CompletableFuture<Boolean>();
    window.onCancel().accept(() -> cancelled.complete(window.cancelled().getAsBoolean()));

    ask(to -> new RunCommand.Remove(ANA, to));

    assertEquals("1", removed.poll());
    assertTrue(cancelled.get(10, TimeUnit.SECONDS)); // the worker ends a moment after the answer
    assertTrue(ask(to -> new RunCommand.Start("ana", 1, 10, Again.UNSETTLED, ANA, to)).isError());
    assertTrue(ask(to -> new RunCommand.Remove(ANA, to)).isSuccess()); // a repetition is harmless
  }

  @Test
  void commands_areAnsweredWhenListsShowThem() {
    start(0, Again.UNSETTLED);

    assertTrue(shown.stream().anyMatch(progress -> progress.status() == Status.COMPLETED));
  }

  @Test
  void listsAndJournalAwayTogether_commandsAreAnsweredWhenBothAreBack() throws Exception {
    start(1, Again.UNSETTLED);
    next();
    written = () -> CompletableFuture.failedFuture(new IllegalStateException("away"));
    var paused = kit.<StatusReply<Progress>>createTestProbe();
    run.tell(new RunCommand.Pause(ANA, null, paused.getRef()));
    get(); // by now the lists have failed, and are to be tried again
    journal.failNextPersisted("TestRun|1");

    run.tell(new RunCommand.Resume(ANA, kit.<StatusReply<Progress>>createTestProbe().getRef()));

    assertEquals(Status.PAUSED, get().status());
    written = () -> completedFuture(true);
    var answer = paused.receiveMessage(Duration.ofSeconds(10));
    assertEquals(Status.PAUSED, answer.getValue().status());
  }

  @Test
  void waitingThatEndsWhileItIsWritten_doesNotStayInTheLists() throws Exception {
    start(1, Again.UNSETTLED);
    var window = next().window();
    var slow = new CompletableFuture<Boolean>();
    written = () -> slow;
    window.waiting().accept("the portal asks for a pause");
    await(_ -> shown.stream().anyMatch(progress -> !progress.waiting().isEmpty()));
    window.waiting().accept("");
    await(progress -> progress.waiting().isEmpty());
    shown.clear();

    slow.complete(true);

    await(_ -> !shown.isEmpty());
    assertEquals("", shown.remove().waiting());
  }

  @Test
  void workThatThrowsAtOnce_isTriedAgain_andSaysWhy() throws Exception {
    var broken =
        new RunKind(
            kind.key(),
            window -> {
              if (given.isEmpty()) {
                work(window);
                throw new IllegalStateException("thrown at once");
              }
              return work(window);
            },
            kind.view(),
            kind.finalOutcomes(),
            1,
            new RunKind.Retry(Duration.ofMillis(300), Duration.ofMillis(300)));
    kit.stop(run);
    run = kit.spawn(Run.create(broken, "1", pace, shard.getRef(), live, InstantSource.system()));

    start(1, Again.UNSETTLED);

    await(progress -> progress.waiting().contains("thrown at once"));
  }

  @Test
  void watcher_hearsOfTheProgressUntilTheEnd() throws Exception {
    var watcher = kit.<Progress>createTestProbe();
    start(1, Again.UNSETTLED);
    run.tell(new RunCommand.Watch(watcher.getRef()));
    assertEquals(0, watcher.receiveMessage().dealtWith());

    next().finish(TEN_FOUND, true);

    watcher.fishForMessage(
        Duration.ofSeconds(10),
        progress ->
            progress.status() == Status.COMPLETED
                ? org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes.complete()
                : org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes.continueAndIgnore());
  }

  private final Hold anas =
      new Hold("ana", new Cause("op", "maintenance", "r9"), Instant.now(), null);

  @Test
  void hold_overTheOwner_givesTheWindowsUp_andChangesNoState() throws Exception {
    start(2, Again.UNSETTLED);
    var cancelled = new CompletableFuture<Boolean>();
    next().window().onCancel().accept(() -> cancelled.complete(true));
    next();

    pace.tell(new Pace.Held(List.of(anas)));

    var held = await(progress -> progress.status() == Status.PAUSED);
    assertEquals("maintenance", present(held.pause(), "pause").cause().reason());
    assertTrue(cancelled.get(10, TimeUnit.SECONDS));
    assertEquals("PROCESSING", inspected().stateName());
    assertEquals("an operator paused it", refusal(to -> new RunCommand.Resume(ANA, to)));
    var journalled = inspected().sequenceNr();

    pace.tell(new Pace.Held(List.of()));

    assertEquals(1, nextUncancelled().window().number() + nextUncancelled().window().number());
    assertEquals(Status.PROCESSING, get().status());
    assertEquals(journalled, inspected().sequenceNr(), "nothing was journalled");
  }

  @Test
  void slotGrantedBeforeTheHold_isGivenBack_andNoWindowBegins() {
    var asked = runWithPlayedPace();
    start(1, Again.UNSETTLED);
    asked.expectMessage(new Pace.Request("ana", run));

    run.tell(new RunCommand.Held(anas.pause()));
    run.tell(RunCommand.Granted.SLOT);

    asked.expectMessage(new Pace.Withdraw(run));
    asked.expectMessage(new Pace.Release(run));
    run.tell(new RunCommand.Held(null));
    asked.expectMessage(new Pace.Request("ana", run));
    assertNull(given.poll());
  }

  @Test
  void hold_overEverybody_meetsRunsThatBeginLater() throws Exception {
    pace.tell(
        new Pace.Held(List.of(new Hold("", new Cause("op", "all", ""), Instant.now(), null))));

    start(1, Again.UNSETTLED);

    await(progress -> progress.status() == Status.PAUSED);
    assertNull(given.poll());
    pace.tell(new Pace.Held(List.of()));
    assertEquals(0, next().window().number());
  }

  @Test
  void pace_thatDoesNotKnowTheHoldsYet_grantsNothing() throws Exception {
    kit.stop(run);
    kit.stop(pace);
    pace = kit.spawn(Pace.heldAtFirst(4));
    run = spawnRun();
    start(1, Again.UNSETTLED);
    get();
    assertNull(given.poll());

    pace.tell(new Pace.Held(List.of()));

    assertEquals(0, next().window().number());
  }

  private Inspection inspected() {
    var probe = kit.<Inspection>createTestProbe();
    live.find("TestRun", "1").orElseThrow().order(new EntityOrder.Inspect(probe.getRef()));
    return probe.receiveMessage(Duration.ofSeconds(10));
  }

  private String refusal(Function<ActorRef<StatusReply<Progress>>, RunCommand> command) {
    return String.valueOf(ask(command).getError().getMessage());
  }

  @Test
  void inspection_ofAWindowThatFails_countsItsTries() throws Exception {
    start(1, Again.UNSETTLED);
    next().end().completeExceptionally(new IllegalStateException("no luck"));
    next();

    var seen = inspected();

    assertEquals(2, seen.children().getFirst().tries());
    assertEquals("an error, tried again: no luck", seen.children().getFirst().waiting());
    assertEquals(0, seen.stash());
    var vitals = live.find("TestRun", "1").orElseThrow().snapshot();
    assertTrue(present(vitals.lastFailure(), "failure").text().contains("no luck"));
  }

  @Test
  void vitals_endWithTheRun() {
    get();
    assertEquals(Map.of("TestRun", 1), live.counts());

    kit.stop(run);

    assertEquals(Map.of(), live.counts());
  }
}
