package io.centralita.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import io.centralita.outside.Gate;
import io.centralita.outside.Gate.Lane;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two real actor systems, which call one target and talk over the network. */
final class BudgetsTest {
  private static final Limit TWENTY = Limit.atOnce(20);

  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicInteger mostInside = new AtomicInteger();
  private final Member first = new Member();
  private final Member second = new Member();

  /** A member of the cluster that does nothing but call the target. */
  private final class Member {
    final CompletableFuture<Budgets> started = new CompletableFuture<>();
    final ActorSystem<Void> actors =
        ActorSystem.create(
            Behaviors.setup(
                context -> {
                  started.complete(Budgets.start(context, Runnable::run, scheduler));
                  return Behaviors.empty();
                }),
            "budgets",
            ConfigFactory.load(
                ConfigFactory.parseString("centralita.cluster.port = 0")
                    .withFallback(ConfigFactory.defaultApplication())));

    Gate gate(Limit limit) {
      return started.join().gate("portal", limit);
    }

    void call(Gate gate, int calls) {
      for (var i = 0; i < calls; i++) {
        gate.ticket(
                "ana",
                Lane.ORDINARY,
                () -> {
                  mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  var _ =
                      scheduler.schedule(
                          () -> {
                            inside.decrementAndGet();
                            gate.leave("ana", true);
                          },
                          10,
                          TimeUnit.MILLISECONDS);
                })
            .enter();
      }
    }

    void join(Member other) {
      Cluster.get(actors)
          .manager()
          .tell(Join.create(Cluster.get(other.actors).selfMember().address()));
    }
  }

  @AfterEach
  void stop() throws Exception {
    for (var system : new Member[] {first, second}) {
      system.actors.terminate();
      system.actors.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
    scheduler.shutdownNow();
  }

  private static void until(BooleanSupplier condition) {
    var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "not so within 60 s");
      LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
    }
  }

  @Test
  void twoNodes_shareOneLimit_byDemand_andOneThatLeavesGivesAllToTheOther() throws Exception {
    var gate = first.gate(TWENTY);
    assertSame(gate, first.gate(TWENTY));
    first.join(first);
    first.call(gate, 100);
    until(() -> gate.waiting() == 0 && gate.inside() == 0);
    assertEquals(20, mostInside.get(), "alone it has all of it");

    second.join(first);
    var other = second.gate(TWENTY);
    until(() -> other.share().atOnce() > 0);
    first.call(gate, 20_000);
    until(() -> gate.inside() >= 18);
    second.call(other, 20_000);
    until(() -> gate.inside() <= 10 && other.inside() >= 10);

    var seen = second.started.join().snapshot("portal").toCompletableFuture().join();
    assertEquals(2, seen.nodes().size());
    assertEquals(TWENTY, seen.limit());
    assertTrue(seen.waiting() > 1000, seen + "");

    gate.throttled(Duration.ofSeconds(2));
    until(() -> other.closedFor().isPositive());
    assertNotNull(
        second.started.join().snapshot("portal").toCompletableFuture().join().closedUntil());
    until(() -> gate.inside() + other.inside() == 0);
    until(() -> gate.inside() > 0 && other.inside() > 0);

    first.actors.terminate();
    until(() -> other.inside() == 20);
    assertEquals(20, mostInside.get());
  }
}
