package io.centralita.validation;

import io.centralita.outside.Backoff;
import io.centralita.outside.Gate;
import io.centralita.outside.Gate.Lane;
import io.centralita.scoring.Evidence.Status;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Some numbers of a job being asked for on one platform, call after call, until each has a result
 * that is stored. A platform that answers nobody is waited for; a call that fails while others
 * succeed uses up one of the job's attempts. A call has its place among the job's until what it was
 * told is stored: a node that dies loses no more answers than its jobs have calls at once. The
 * steps follow one another, so that nothing here is guarded.
 */
final class Inquiry {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(300);

  /**
   * What the job says of its calls.
   *
   * @param attempts calls for one number, at most
   * @param calls lets so many of the job's calls go on at once, evenly between platforms
   * @param onCancel takes what is to be done when the job no longer wants it
   * @param waiting is told why nothing moves
   */
  record Job(
      int id,
      String user,
      int attempts,
      Gate calls,
      BooleanSupplier cancelled,
      Consumer<Runnable> onCancel,
      Consumer<String> waiting) {}

  /**
   * What all inquiries need.
   *
   * @param answerKept how long an answer is fresh
   */
  record Ground(
      Claims claims,
      Spending spending,
      Backoff backoff,
      Duration answerKept,
      ScheduledExecutorService scheduler,
      InstantSource clock) {}

  private final Ground ground;
  private final Job job;
  private final Desk desk;
  private final Map<Long, Integer> open = new HashMap<>(); // calls made, by number
  private final Map<Long, Found> found = new HashMap<>();
  private final CompletableFuture<Map<Long, Found>> result = new CompletableFuture<>();
  private volatile CompletableFuture<Void> passable = CompletableFuture.completedFuture(null);
  private boolean inJob; // whether this has a place among the job's calls
  private boolean atPlatform; // and among all calls to the platform

  private Inquiry(Ground ground, Job job, Desk desk, List<Long> phones) {
    this.ground = ground;
    this.job = job;
    this.desk = desk;
    phones.forEach(phone -> open.put(phone, 0));
  }

  /**
   * Asks for the numbers.
   *
   * @return what was found, by number; {@link Found#attempts} are calls of this inquiry, 0 where
   *     the answer was known. Fails with {@link CancellationException} where the job no longer
   *     wants it
   */
  static CompletionStage<Map<Long, Found>> begin(
      Ground ground, Job job, Desk desk, List<Long> phones) {
    var inquiry = new Inquiry(ground, job, desk, phones);
    job.onCancel().accept(inquiry::stopWaiting);
    inquiry.next(Duration.ZERO);
    return inquiry.result;
  }

  private void next(Duration pause) {
    if (open.isEmpty()) {
      result.complete(found);
    } else if (pause.isPositive()) {
      var _ = ground.scheduler().schedule(this::round, pause.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      round();
    }
  }

  private void round() {
    guarded(
        () -> {
          var unpaid = ground.spending().refusal(job.id(), desk.platform());
          if (unpaid.isPresent() && !job.cancelled().getAsBoolean()) {
            waitForMoney(unpaid.get());
            return;
          }
          if (desk.circuit().isOpen()) {
            job.waiting().accept(desk.circuit().reason());
          }
          passable = desk.circuit().passable(job.user()).toCompletableFuture();
          if (job.cancelled().getAsBoolean()) {
            stopWaiting(); // for that may have come just before
          }
          after(passable, _ -> queue());
        });
  }

  /** Who is not wanted any more does not wait for a platform that may be down for days. */
  private void stopWaiting() {
    passable.cancel(false);
  }

  private void waitForMoney(String why) {
    job.waiting().accept(why);
    next(ground.spending().lookAgain());
  }

  // The job's own place is taken first: who waits for the platform keeps no other job out of it.
  private void queue() {
    if (job.cancelled().getAsBoolean()) {
      fail(new CancellationException("the job no longer wants it"));
      return;
    }
    job.calls()
        .ticket(Codes.word(desk.platform()), Lane.ORDINARY, () -> guarded(this::queueAtPlatform))
        .enter();
  }

  private void queueAtPlatform() {
    inJob = true;
    desk.gate().ticket(job.user(), Lane.ORDINARY, () -> guarded(this::claim)).enter();
  }

  /** The platform has nothing more to do with the call. */
  private void leavePlatform(boolean well) {
    if (atPlatform) {
      atPlatform = false;
      desk.gate().leave(job.user(), well);
    }
  }

  /** The call is over, with all that came of it. */
  private void leave() {
    leavePlatform(false);
    if (inJob) {
      inJob = false;
      job.calls().leave(Codes.word(desk.platform()), true);
    }
  }

  private void claim() {
    atPlatform = true;
    if (job.cancelled().getAsBoolean()) {
      fail(new CancellationException("the job no longer wants it"));
      return;
    }
    after(
        ground.claims().claim(job.id(), desk.platform(), List.copyOf(open.keySet())),
        this::claimed);
  }

  private void claimed(Claims.Claimed claimed) {
    claimed
        .known()
        .forEach(
            (phone, known) -> {
              open.remove(phone);
              found.put(phone, known.withAttempts(0));
            });
    if (claimed.granted().isEmpty()) { // somebody else is asking
      leave();
      next(open.isEmpty() ? Duration.ZERO : LOOK_AGAIN);
    } else {
      pay(List.copyOf(claimed.granted()));
    }
  }

  private void pay(List<Long> asked) {
    after(
        ground.spending().pay(job.id(), desk),
        refusal -> {
          if (refusal.isEmpty()) {
            ask(asked);
          } else {
            leave();
            after(
                ground.claims().release(job.id(), desk.platform(), asked),
                _ -> waitForMoney(refusal.get()));
          }
        });
  }

  private void ask(List<Long> asked) {
    if (!desk.circuit().enter()) {
      leave();
      after(ground.spending().back(job.id(), desk), _ -> next(Duration.ZERO));
      return;
    }
    var since = System.nanoTime();
    desk.validator()
        .check(asked)
        .whenComplete(
            (reply, failure) -> {
              var ms = (int) ((System.nanoTime() - since) / 1_000_000);
              guarded(
                  () -> {
                    leavePlatform(reply instanceof Validator.Reply.Answered);
                    if (failure != null) {
                      desk.circuit().failed("a fault in the validator");
                      throw new IllegalStateException("a validator failed by itself", failure);
                    }
                    replied(asked, reply, ms);
                  });
            });
  }

  private void replied(List<Long> asked, Validator.Reply reply, int ms) {
    switch (reply) {
      case Validator.Reply.Answered(var verdicts) -> {
        desk.circuit().answered();
        job.waiting().accept("");
        answered(asked, verdicts, ms);
      }
      case Validator.Reply.Throttled(var pause) -> {
        desk.circuit().answered();
        desk.gate().throttled(pause);
        job.waiting()
            .accept("%s wants no more calls just now".formatted(Codes.word(desk.platform())));
        leave();
        next(Duration.ZERO);
      }
      case Validator.Reply.Broken(var why) -> {
        desk.circuit().failed(why);
        if (desk.circuit().isOpen()) {
          leave();
          next(Duration.ZERO); // which waits until somebody was answered
        } else {
          answered(asked, failed(asked, why), ms);
        }
      }
    }
  }

  private static Map<Long, Verdict> failed(List<Long> asked, String why) {
    var verdict = Verdict.of(Status.ERROR).because(why);
    var verdicts = new HashMap<Long, Verdict>();
    asked.forEach(phone -> verdicts.put(phone, verdict));
    return verdicts;
  }

  private void answered(List<Long> asked, Map<Long, Verdict> verdicts, int ms) {
    var settled = new ArrayList<Found>();
    var pause = Duration.ZERO;
    for (var phone : asked) {
      var attempts = open.getOrDefault(phone, 0) + 1;
      open.put(phone, attempts);
      var verdict = verdicts.get(phone);
      var last = attempts >= job.attempts();
      if (verdict != null && (verdict.status().saysSomething() || last)) {
        settled.add(found(phone, verdict, attempts, ms));
      } else if (last) {
        settled.add(
            found(
                phone,
                Verdict.of(Status.ERROR).because("the validator left it out"),
                attempts,
                ms));
      } else {
        var wait = ground.backoff().delay(attempts, RandomGenerator.getDefault());
        var asksFor = verdict == null ? Duration.ZERO : verdict.retryAfter();
        pause = longest(pause, longest(wait, asksFor));
      }
    }
    var after = pause;
    if (settled.isEmpty()) {
      leave();
      next(after);
      return;
    }
    after(
        ground.claims().store(job.id(), settled),
        _ -> {
          for (var one : settled) {
            open.remove(one.phone());
            found.put(one.phone(), one);
          }
          leave();
          next(after);
        });
  }

  private Found found(long phone, Verdict verdict, int attempts, int ms) {
    var now = ground.clock().instant();
    var kept = verdict.status().saysSomething() ? ground.answerKept() : Duration.ZERO;
    return new Found(
        phone,
        desk.platform(),
        verdict.status(),
        verdict.details(),
        desk.validator().method(),
        ms,
        attempts,
        now,
        now.plus(kept));
  }

  private static Duration longest(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private <T> void after(CompletionStage<T> stage, Consumer<T> then) {
    stage.whenComplete(
        (value, failure) -> {
          if (failure == null) {
            guarded(() -> then.accept(value));
          } else {
            fail(failure);
          }
        });
  }

  /** What fails here fails the inquiry: nobody waits for ever. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void fail(Throwable failure) {
    leave();
    result.completeExceptionally(failure);
  }
}
