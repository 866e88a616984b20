package io.centralita.jobs;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.centralita.actor.Cause;
import io.centralita.actor.EntityOrder;
import io.centralita.actor.Inspection;
import io.centralita.actor.LiveEntities;
import io.centralita.jobs.RunCommand.Again;
import io.centralita.jobs.RunState.Status;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several runs on a node with two slots; some of them ask a platform that is down. */
final class WaitingRunsTest {
  private static final ActorTestKit kit =
      ActorTestKit.create(
          PersistenceTestKitPlugin.getInstance()
              .config()
              .withFallback(PersistenceTestKitSnapshotPlugin.config())
              .withFallback(ConfigFactory.parseString("pekko.actor.provider = local"))
              .withFallback(ConfigFactory.load()));
  private static final PersistenceTestKit journal = PersistenceTestKit.create(kit.system());
  private static final Cause ANA = new Cause("ana", "", "r1");
  private static final String DOWN = "the platform is down";
  private static final int SLOTS = 2;
  private static final int AT_ONCE = 3;
  private static final int WINDOWS = 5;
  private static final Set<String> WAITING = Set.of("w1", "w2", "w3");

  /** Windows of runs that ask the platform wait until it is back; of others, none does. */
  private final CompletableFuture<Boolean> back = new CompletableFuture<>();

  private final ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> cancelled = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> removed = new ConcurrentLinkedQueue<>();
  private final Map<String, ActorRef<RunCommand>> runs = new HashMap<>();
  private final ConcurrentHashMap<String, Integer> failures = new ConcurrentHashMap<>();
  private final TestProbe<ClusterSharding.ShardCommand> shard = kit.createTestProbe();
  private final LiveEntities live = new LiveEntities();
  private final RunKind kind =
      new RunKind(
          EntityTypeKey.create(RunCommand.class, "TestRun"),
          this::work,
          new View(),
          Set.of("FOUND"),
          AT_ONCE,
          new RunKind.Retry(Duration.ofMillis(10), Duration.ofMillis(50)));
  private ActorRef<Pace.Message> pace;

  private CompletionStage<RunKind.Finished> work(RunKind.Window window) {
    var name = window.runId() + "/" + window.number();
    if (window.runId().startsWith("broken")) {
      failures.merge(window.runId(), 1, Integer::sum);
      return CompletableFuture.failedFuture(new IllegalStateException("no luck"));
    }
    var asks = window.runId().startsWith("w") && !back.isDone();
    if (!asks) {
      return finished(name);
    }
    window.waiting().accept(DOWN);
    var answered = back.copy();
    window
        .onCancel()
        .accept(
            () -> {
              cancelled.add(name);
              answered.completeExceptionally(new CancellationException("not wanted any more"));
            });
    return answered.thenCompose(
        _ -> {
          window.waiting().accept("");
          return finished(name);
        });
  }

  private CompletionStage<RunKind.Finished> finished(String name) {
    done.add(name);
    return completedFuture(new RunKind.Finished(Map.of("FOUND", 10L), true));
  }

  private final class View implements RunKind.View {
    @Override
    public CompletionStage<?> show(Progress progress) {
      return completedFuture(true);
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
    pace = kit.spawn(Pace.create(SLOTS));
  }

  @AfterEach
  void end() {
    runs.values().forEach(kit::stop);
    kit.stop(pace);
  }

  private StatusReply<Progress> ask(
      String id, Function<ActorRef<StatusReply<Progress>>, RunCommand> command) {
    var run =
        runs.computeIfAbsent(
            id,
            _ ->
                kit.spawn(
                    Run.create(kind, id, pace, shard.getRef(), live, InstantSource.system())));
    var probe = kit.<StatusReply<Progress>>createTestProbe();
    run.tell(command.apply(probe.getRef()));
    return probe.receiveMessage(Duration.ofSeconds(10));
  }

  private void start(String id, int lanes) {
    ask(
        id,
        to ->
            new RunCommand.Start(
                "ana", WINDOWS * lanes, lanes, 10L * WINDOWS * lanes, Again.UNSETTLED, ANA, to));
  }

  private Progress get(String id) {
    return ask(id, RunCommand.Get::new).getValue();
  }

  private Set<String> underWay(String id) {
    var probe = kit.<Inspection>createTestProbe();
    live.find("TestRun", id).orElseThrow().order(new EntityOrder.Inspect(probe.getRef()));
    return probe.receiveMessage(Duration.ofSeconds(10)).children().stream()
        .map(Inspection.Child::name)
        .collect(Collectors.toSet());
  }

  /** Answers come in order, so asking is waiting. */
  private static void await(BooleanSupplier condition, String what) {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, what);
    }
  }

  private void awaitCompleted(String id) {
    await(() -> get(id).status() == Status.COMPLETED, id + " never came to its end");
  }

  private void awaitWaiting(String id) {
    await(
        () -> get(id).waiting().equals(DOWN) && underWay(id).equals(Set.of("window 0")),
        id + " never waited with its first window alone");
  }

  private static List<String> all(String id, int windows) {
    return IntStream.range(0, windows).mapToObj(window -> id + "/" + window).toList();
  }

  private List<String> doneBy(String id) {
    return done.stream().filter(name -> name.startsWith(id + "/")).sorted().toList();
  }

  @Test
  void moreRunsWaitThanTheNodeHasSlots_anotherGoesOn() {
    WAITING.forEach(id -> start(id, 1));
    WAITING.forEach(this::awaitWaiting);

    start("other", 1);

    awaitCompleted("other");
    assertEquals(all("other", WINDOWS), doneBy("other"));
    assertEquals(WINDOWS, done.size());
  }

  @Test
  void whatRunsWaitForIsBack_everyWindowIsDoneOnce() {
    WAITING.forEach(id -> start(id, 1));
    WAITING.forEach(this::awaitWaiting);

    back.complete(true);

    for (var id : WAITING) {
      awaitCompleted(id);
      assertEquals(WINDOWS * 10, get(id).dealtWith());
      assertEquals("", get(id).waiting());
      assertEquals(all(id, WINDOWS), doneBy(id));
    }
  }

  @Test
  void runThatWaits_isPaused_andResumedWhenTheWaitIsOver() {
    start("w1", 1);
    awaitWaiting("w1");

    assertEquals(
        Status.PAUSED, ask("w1", to -> new RunCommand.Pause(ANA, null, to)).getValue().status());
    await(() -> cancelled.contains("w1/0"), "the window that waited was not cancelled");
    back.complete(true);
    assertEquals(Set.of(), underWay("w1"));
    assertEquals(List.of(), doneBy("w1"));

    ask("w1", to -> new RunCommand.Resume(ANA, to));

    awaitCompleted("w1");
    assertEquals(all("w1", WINDOWS), doneBy("w1"));
  }

  @Test
  void runThatWaits_isPausedAndResumed_andWaitsOn() {
    start("w1", 1);
    awaitWaiting("w1");
    ask("w1", to -> new RunCommand.Pause(ANA, null, to));

    ask("w1", to -> new RunCommand.Resume(ANA, to));

    awaitWaiting("w1");
    start("other", 1);
    awaitCompleted("other");
    back.complete(true);
    awaitCompleted("w1");
    assertEquals(all("w1", WINDOWS), doneBy("w1"));
  }

  @Test
  void runThatWaits_isRemoved_andTakesNothingWithIt() {
    WAITING.forEach(id -> start(id, 1));
    WAITING.forEach(this::awaitWaiting);

    assertTrue(ask("w1", to -> new RunCommand.Remove(ANA, to)).isSuccess());

    assertEquals("w1", removed.poll());
    await(() -> cancelled.contains("w1/0"), "the window that waited was not cancelled");
    back.complete(true);
    awaitCompleted("w2");
    awaitCompleted("w3");
    start("other", 1);
    awaitCompleted("other");
    assertEquals(List.of(), doneBy("w1"));
  }

  @Test
  void runsWhoseWindowsFail_leaveTheSlotsToOthersBetweenTheirTries() {
    WAITING.forEach(id -> start("broken-" + id, 1));
    WAITING.forEach(
        id ->
            await(
                () -> failures.getOrDefault("broken-" + id, 0) > 2 * AT_ONCE,
                "it was not tried again"));

    start("other", 1);

    awaitCompleted("other");
  }
}
